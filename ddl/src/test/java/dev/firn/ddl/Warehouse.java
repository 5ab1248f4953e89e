package dev.firn.ddl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * An embedded warehouse with everything installed and a clock that stands still, filled from compact event lines:
 *
 * <pre>{"id": "added", "tenant": "A", "action": "user.added", "actor": "admin", "object": "user/ann", "at": "2026-01-01T00:00:00Z",
 *  "attributes": {…}}</pre>
 *
 * {@code id} labels the event: results show {@code @added} for its EVENT_ID. {@code actor} is {@code admin} and {@code attributes} empty
 * unless given. {@code producer}, {@code seq} and {@code received} (a time) are the receipt; {@code copies} repeats it, {@code
 * event_id} and {@code raw_payload} falsify the row. A line {@code {"now": "…"}} sets the clock.
 */
final class Warehouse implements AutoCloseable {
    static final String NOW = "2026-06-15T12:00:00Z";
    private static final DateTimeFormatter CANONICAL_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private final Connection connection;
    private final Map<String, String> labels = new HashMap<>();

    private Warehouse(Connection connection) {
        this.connection = connection;
    }

    static Warehouse open() throws SQLException {
        DuckDBConnection connection =
                DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
        new Ddl().install(connection);
        Warehouse warehouse = new Warehouse(connection);
        warehouse.now(NOW);
        return warehouse;
    }

    Connection connection() {
        return connection;
    }

    void clear() throws SQLException {
        labels.clear();
        execute("DELETE FROM LANDING.RAW_EVENTS");
        execute("DELETE FROM ACTIVITY.EVENTS");
        now(NOW);
    }

    void now(String moment) throws SQLException {
        execute("CREATE OR REPLACE MACRO SYSDATE() AS TIMESTAMP '" + timeOf(moment) + "'");
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    void load(List<String> lines) throws SQLException, JsonProcessingException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO LANDING.RAW_EVENTS VALUES (?, ?::TIMESTAMP::DATE, ?::TIMESTAMP, ?, ?, ?, ?, ?, ?, 'APPLICATION', ?::TIMESTAMP, ?, ?)")) {
            for (String line : lines) {
                JsonNode event = JSON.readTree(line);
                if (event.has("now")) {
                    now(event.get("now").asText());
                } else {
                    add(insert, event);
                }
            }
            insert.executeBatch();
        }
        execute("""
                INSERT INTO ACTIVITY.EVENTS
                SELECT EVENT_ID, OCCURRED_DATE, MIN(OCCURRED_AT), MIN(TENANT_ID), MIN(ACTION), MIN(ACTOR_ID), MIN(OBJECT_TYPE), MIN(OBJECT_ID),
                    CAST(CAST(MIN(PAYLOAD) AS JSON)->'attributes' AS VARIANT), MIN(PAYLOAD), MIN(_RECV_AT), COUNT(*)
                FROM LANDING.RAW_EVENTS
                GROUP BY OCCURRED_DATE, EVENT_ID
                """);
    }

    private void add(PreparedStatement insert, JsonNode event) throws SQLException, JsonProcessingException {
        Map<String, Object> canonical = canonical(event);
        String payload =
                event.has("raw_payload") ? event.get("raw_payload").asText() : JSON.writeValueAsString(canonical);
        String id = event.has("event_id") ? event.get("event_id").asText() : sha256(payload);
        if (event.has("id")) {
            labels.put(id, "@" + event.get("id").asText());
        }
        String time = timeOf(String.valueOf(canonical.get("occurred_at")));
        String received = event.has("received") ? timeOf(event.get("received").asText()) : time;
        int copies = event.has("copies") ? event.get("copies").asInt() : 1;
        for (int copy = 0; copy < copies; copy++) {
            List<@Nullable Object> row = new ArrayList<>(List.of(id, time, time));
            row.add(canonical.get("tenant_id"));
            row.add(canonical.get("action"));
            row.add(canonical.get("actor_id"));
            row.add(canonical.get("object_type"));
            row.add(canonical.get("object_id"));
            row.add(payload);
            row.add(received);
            row.add(text(event, "producer"));
            row.add(event.has("seq") ? event.get("seq").asLong() : null);
            for (int i = 0; i < row.size(); i++) {
                insert.setObject(i + 1, row.get(i));
            }
            insert.addBatch();
        }
    }

    /** The event ID that a line will have. */
    static String idOf(String line) throws JsonProcessingException {
        return sha256(JSON.writeValueAsString(canonical(JSON.readTree(line))));
    }

    private static Map<String, Object> canonical(JsonNode event) throws JsonProcessingException {
        String at = canonicalTime(event.get("at").asText());
        String object = text(event, "object");
        Map<String, Object> canonical = new TreeMap<>();
        canonical.put("action", event.get("action").asText());
        canonical.put("actor_id", event.has("actor") ? event.get("actor").asText() : "admin");
        canonical.put(
                "attributes",
                event.has("attributes") ? JSON.treeToValue(event.get("attributes"), TreeMap.class) : Map.of());
        if (object != null) {
            canonical.put("object_type", object.substring(0, object.indexOf('/')));
            canonical.put("object_id", object.substring(object.indexOf('/') + 1));
        }
        canonical.put("occurred_at", at);
        canonical.put("tenant_id", event.get("tenant").asText());
        canonical.put("v", 3);
        return canonical;
    }

    /** The rows as text, NULL as the empty string, event IDs as the labels of their events; sorted. */
    List<List<String>> rows(String sql) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    String value = result.getObject(i) instanceof BigDecimal number
                            ? number.toPlainString()
                            : result.getString(i);
                    row.add(value == null ? "" : labels.getOrDefault(value, value));
                }
                rows.add(row);
            }
        }
        rows.sort((a, b) -> String.join("\t", a).compareTo(String.join("\t", b)));
        return rows;
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String canonicalTime(String time) {
        return CANONICAL_TIME.format(LocalDateTime.ofInstant(Instant.parse(time), ZoneOffset.UTC));
    }

    /** A time as DuckDB reads it. */
    private static String timeOf(String time) {
        return canonicalTime(time).replace('T', ' ').replace("Z", "");
    }

    private static @Nullable String text(JsonNode event, String field) {
        return event.has(field) ? event.get(field).asText() : null;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
