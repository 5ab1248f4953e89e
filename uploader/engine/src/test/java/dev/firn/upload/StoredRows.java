package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.upload.SinkContract.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads back what a sink stored, from a DuckDB with Firn's tables. */
public final class StoredRows {
    private static final String RAW =
            "SELECT EVENT_ID, epoch_us(OCCURRED_AT), TENANT_ID, ACTION, ACTOR_ID, OBJECT_TYPE, OBJECT_ID, PAYLOAD,"
                    + " _SOURCE_LANE, epoch_us(_RECV_AT), _PRODUCER_ID, _SEQ FROM LANDING.RAW_EVENTS ORDER BY rowid";
    private static final String EVENTS = "SELECT EVENT_ID, PAYLOAD, epoch_us(_RECV_AT), COPIES FROM ACTIVITY.EVENTS";

    private StoredRows() {}

    /** All rows, in the order in which they were committed. */
    public static List<SinkRow> raw(Connection connection) throws SQLException {
        List<SinkRow> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(RAW)) {
            while (row.next()) {
                rows.add(new SinkRow(
                        row.getString(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getString(8).getBytes(StandardCharsets.UTF_8),
                        row.getString(9),
                        row.getLong(10),
                        row.getString(11),
                        row.getLong(12)));
            }
        }
        return rows;
    }

    /** By event ID; each is there once. */
    public static Map<String, StoredEvent> events(Connection connection) throws SQLException {
        Map<String, StoredEvent> events = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(EVENTS)) {
            while (row.next()) {
                StoredEvent before = events.put(
                        row.getString(1),
                        new StoredEvent(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)));
                assertThat(before).isNull();
            }
        }
        return events;
    }
}
