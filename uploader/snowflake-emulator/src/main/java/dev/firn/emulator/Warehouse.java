package dev.firn.emulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firn.sink.duckdb.EventsRefresh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/**
 * The databases, each a DuckDB file in one folder. What a channel has committed is kept in the comment of its table's last
 * column: DuckDB changes it in the transaction of the rows, and there is no third table.
 *
 * <p><b>Threads.</b> Any may ask for a connection or a table; {@link #commit} and {@link #channelStates} are called under the lock of
 * {@link Channels}.
 */
final class Warehouse implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[A-Z_][A-Z0-9_$]{0,254}");
    private static final String SUFFIX = ".duckdb";
    private static final String COLUMNS = """
            SELECT schema_name, table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns()
            WHERE upper(database_name) = upper(?) AND upper(schema_name) = upper(?) AND upper(table_name) = upper(?)
                AND NOT internal
            ORDER BY column_index""";

    private static final String SCHEMAS = """
            SELECT 1 FROM duckdb_schemas()
            WHERE upper(database_name) = upper(?) AND upper(schema_name) = upper(?) AND NOT internal""";
    /** What the dynamic table selects, from ddl/snowflake/ACTIVITY/EVENTS.sql. */
    private static final String COUNTED = """
            SELECT
                EVENT_ID, OCCURRED_DATE, MIN(OCCURRED_AT) AS OCCURRED_AT, MIN(TENANT_ID) AS TENANT_ID, MIN(ACTION) AS ACTION,
                MIN(ACTOR_ID) AS ACTOR_ID, MIN(OBJECT_TYPE) AS OBJECT_TYPE, MIN(OBJECT_ID) AS OBJECT_ID,
                MIN(PAYLOAD) AS PAYLOAD, MIN(_RECV_AT) AS _RECV_AT, COUNT(*) AS COPIES
            FROM %1$s.LANDING.RAW_EVENTS GROUP BY OCCURRED_DATE, EVENT_ID""";

    private static final String FORGET_CHANGED = """
            DELETE FROM %1$s.ACTIVITY.EVENTS AS E WHERE NOT EXISTS (
                SELECT 1 FROM (%2$s) C
                WHERE C.EVENT_ID = E.EVENT_ID AND C.OCCURRED_DATE = E.OCCURRED_DATE AND C.OCCURRED_AT = E.OCCURRED_AT
                    AND C.TENANT_ID = E.TENANT_ID AND C.ACTION = E.ACTION AND C.ACTOR_ID = E.ACTOR_ID
                    AND C.PAYLOAD = E.PAYLOAD AND C._RECV_AT = E._RECV_AT AND C.COPIES = E.COPIES)""";
    private static final String ADD_MISSING = """
            INSERT INTO %1$s.ACTIVITY.EVENTS (
                EVENT_ID, OCCURRED_DATE, OCCURRED_AT, TENANT_ID, ACTION, ACTOR_ID, OBJECT_TYPE, OBJECT_ID,
                ATTRIBUTES, PAYLOAD, _RECV_AT, COPIES)
            SELECT
                EVENT_ID, OCCURRED_DATE, OCCURRED_AT, TENANT_ID, ACTION, ACTOR_ID, OBJECT_TYPE, OBJECT_ID,
                CAST(json_extract(PAYLOAD, '$.attributes') AS VARIANT), PAYLOAD, _RECV_AT, COPIES
            FROM (%2$s) C
            WHERE NOT EXISTS (
                SELECT 1 FROM %1$s.ACTIVITY.EVENTS E
                WHERE E.EVENT_ID = C.EVENT_ID AND E.OCCURRED_DATE = C.OCCURRED_DATE)""";

    private final @Nullable Path directory;
    private final DuckDBConnection root;
    private final DuckDBConnection writer;
    private final Set<String> databases = new TreeSet<>();
    private final Map<Table, Map<String, ChannelState>> states = new HashMap<>();

    private Warehouse(@Nullable Path directory) throws SQLException {
        this.directory = directory;
        this.root = (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
        this.writer = root.duplicate();
    }

    /** Opens every database of a folder. */
    static Warehouse open(Path directory) {
        try {
            Files.createDirectories(directory);
            Warehouse warehouse = new Warehouse(directory);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
                for (Path file : files) {
                    String name = String.valueOf(file.getFileName());
                    warehouse.attach(name.substring(0, name.length() - SUFFIX.length()), file, "");
                }
            }
            return warehouse;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the emulator's folder: directory=" + directory, e);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "cannot open the emulator's databases, is another process using them? directory=" + directory, e);
        }
    }

    /** Shows one existing DuckDB file as a database that nobody can change. */
    static Warehouse readOnly(String database, Path file) {
        try {
            Warehouse warehouse = new Warehouse(null);
            warehouse.attach(database, file, " (READ_ONLY)");
            return warehouse;
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "cannot open the embedded warehouse to read, is another process using it? file=" + file, e);
        }
    }

    boolean isReadOnly() {
        return directory == null;
    }

    synchronized Set<String> databases() {
        return Set.copyOf(databases);
    }

    /** Makes a database if it is not there. */
    synchronized void create(String database) throws SQLException {
        Path folder = directory;
        if (folder == null) {
            throw new Refusal(403, "READ_ONLY", "this emulator serves an embedded warehouse, read-only");
        }
        if (!databases.contains(database)) {
            attach(database, folder.resolve(database + SUFFIX), "");
            try (Connection connection = connect(database)) {
                for (String sql : SqlDialect.newDatabase()) {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute(sql);
                    }
                }
            }
        }
    }

    /** Whether a database has a schema; names in any case. */
    boolean hasSchema(String database, String schema) {
        try (Connection connection = root.duplicate();
                PreparedStatement query = connection.prepareStatement(SCHEMAS)) {
            query.setString(1, database);
            query.setString(2, schema);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the catalogue: schema=" + database + '.' + schema, e);
        }
    }

    /** A connection of its own, in no database. */
    Connection connect() throws SQLException {
        return root.duplicate();
    }

    private void attach(String database, Path file, String options) throws SQLException {
        if (!NAME.matcher(database).matches()) {
            throw new IllegalArgumentException(
                    "the name of a database must be upper-case letters, digits, _ or $: value=" + database);
        }
        try (Statement statement = root.createStatement()) {
            statement.execute("ATTACH '" + file.toString().replace("'", "''") + "' AS \"" + database + '"' + options);
        }
        databases.add(database);
    }

    /** A connection of its own, in a database. */
    Connection connect(String database) throws SQLException {
        Connection connection = root.duplicate();
        try (Statement statement = connection.createStatement()) {
            statement.execute("USE \"" + database.toUpperCase(Locale.ROOT) + '"');
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** A table as it is now; names in any case. */
    Optional<Table> table(String database, String schema, String name) {
        try (Connection connection = root.duplicate();
                PreparedStatement query = connection.prepareStatement(COLUMNS)) {
            query.setString(1, database);
            query.setString(2, schema);
            query.setString(3, name);
            List<Column> columns = new ArrayList<>();
            String comment = null;
            String[] found = new String[2];
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found[0] = row.getString(1);
                    found[1] = row.getString(2);
                    columns.add(new Column(row.getString(3), row.getString(4), row.getBoolean(5)));
                    comment = row.getString(6);
                }
            }
            if (columns.isEmpty()) {
                return Optional.empty();
            }
            Table table = new Table(database.toUpperCase(Locale.ROOT), found[0], found[1], columns);
            remember(table, comment);
            return Optional.of(table);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "cannot read the catalogue: table=" + database + '.' + schema + '.' + name, e);
        }
    }

    private synchronized void remember(Table table, @Nullable String comment) {
        states.computeIfAbsent(table, unknown -> parse(comment));
    }

    private static Map<String, ChannelState> parse(@Nullable String comment) {
        Map<String, ChannelState> read = new LinkedHashMap<>();
        if (comment == null || comment.isEmpty()) {
            return read;
        }
        try {
            for (Map.Entry<String, JsonNode> channel :
                    Json.MAPPER.readTree(comment).properties()) {
                read.put(channel.getKey(), ChannelState.of(channel.getValue()));
            }
            return read;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "the comment that holds the channels is no JSON: length=" + comment.length(), e);
        }
    }

    /** What the channels of a table have committed, by key. */
    synchronized Map<String, ChannelState> channelStates(Table table) {
        return Map.copyOf(states.getOrDefault(table, Map.of()));
    }

    /** Adds rows and replaces the channels' states: both or neither. */
    void commit(Table table, List<@Nullable String[]> rows, Map<String, ChannelState> channels) {
        try {
            execute("USE \"" + table.database() + '"');
            execute("BEGIN TRANSACTION");
            try {
                if (!rows.isEmpty()) {
                    add(table, rows);
                }
                Column last = table.columns().get(table.columns().size() - 1);
                execute("COMMENT ON COLUMN " + table.quoted() + ".\"" + last.name() + "\" IS '"
                        + comment(channels).replace("'", "''") + '\'');
                execute("COMMIT");
            } catch (SQLException e) {
                rollback(e);
                throw e;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the emulator cannot commit: table=" + table + " rows=" + rows.size(), e);
        }
        synchronized (this) {
            states.put(table, Map.copyOf(channels));
        }
    }

    private void rollback(SQLException failure) {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private static String comment(Map<String, ChannelState> channels) {
        ObjectNode json = Json.object();
        channels.forEach((key, state) -> json.set(key, state.toJson()));
        return json.toString();
    }

    private void add(Table table, List<@Nullable String[]> rows) throws SQLException {
        String names = table.columns().stream()
                .map(column -> '"' + column.name() + '"')
                .collect(Collectors.joining(", "));
        execute("CREATE TEMP TABLE INCOMING (" + names.replace(",", " VARCHAR,") + " VARCHAR)");
        try (DuckDBAppender appender = writer.createAppender("temp", "main", "INCOMING")) {
            for (@Nullable String[] row : rows) {
                appender.beginRow();
                for (String value : row) {
                    appender.append(value);
                }
                appender.endRow();
            }
            // close() would swallow a failure and drop the rows.
            appender.flush();
        }
        boolean isRawEvents = table.schema().equals("LANDING") && table.name().equals("RAW_EVENTS") && hasEvents(table);
        String casts = table.columns().stream()
                .map(column -> column.cast('"' + column.name() + '"'))
                .collect(Collectors.joining(", "));
        execute("CREATE TEMP TABLE BATCH AS SELECT " + casts
                + (isRawEvents ? ", row_number() OVER (PARTITION BY EVENT_ID ORDER BY rowid) = 1 AS IS_FIRST" : "")
                + " FROM temp.INCOMING ORDER BY rowid");
        execute("INSERT INTO " + table.quoted() + " (" + names + ") SELECT " + names
                + " FROM temp.BATCH ORDER BY rowid");
        if (isRawEvents) {
            EventsRefresh.run(writer, occurredAt());
        }
        execute("DROP TABLE temp.BATCH");
        execute("DROP TABLE temp.INCOMING");
    }

    /** Stands for the dynamic table, which Snowflake would refresh within its lag. */
    private boolean hasEvents(Table table) {
        return table(table.database(), "ACTIVITY", "EVENTS").isPresent();
    }

    /**
     * What brings EVENTS to what RAW_EVENTS says, after any change of it. Costs as much as RAW_EVENTS is long: it
     * is for rows that come as SQL, which are few.
     */
    static List<String> recount(String database) {
        String name = Session.quoted(database);
        String counted = COUNTED.formatted(name);
        return List.of(FORGET_CHANGED.formatted(name, counted), ADD_MISSING.formatted(name, counted));
    }

    private LongStream occurredAt() throws SQLException {
        LongStream.Builder micros = LongStream.builder();
        try (Statement statement = writer.createStatement();
                ResultSet row = statement.executeQuery("SELECT epoch_us(OCCURRED_AT) FROM temp.BATCH")) {
            while (row.next()) {
                micros.add(row.getLong(1));
            }
        }
        return micros.build();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = writer.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        try (root;
                writer) {
            // Both, in this order: DuckDB writes what is left when its last connection goes.
        } catch (SQLException e) {
            throw new IllegalStateException("cannot close the emulator's databases", e);
        }
    }
}
