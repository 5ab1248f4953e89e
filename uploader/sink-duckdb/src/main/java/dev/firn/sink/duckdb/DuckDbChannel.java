package dev.firn.sink.duckdb;

import dev.firn.upload.ChannelName;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Appends a batch to {@code RAW_EVENTS} and brings {@code EVENTS} up to date in one transaction, so that neither is ever
 * ahead of the other and no position is kept anywhere: a producer's token is the greatest sequence of its rows.
 *
 * <p>The batch goes through a temporary table that exists within the transaction only.
 */
final class DuckDbChannel implements SinkChannel {
    private static final String CREATE_BATCH = """
            CREATE TEMP TABLE BATCH (
                EVENT_ID VARCHAR, OCCURRED_AT TIMESTAMP, TENANT_ID VARCHAR, ACTION VARCHAR, ACTOR_ID VARCHAR,
                OBJECT_TYPE VARCHAR, OBJECT_ID VARCHAR, PAYLOAD VARCHAR,
                _SOURCE_LANE VARCHAR, _RECV_AT TIMESTAMP, _PRODUCER_ID VARCHAR, _SEQ BIGINT,
                IS_FIRST BOOLEAN)""";
    private static final String APPEND_RAW = """
            INSERT INTO LANDING.RAW_EVENTS (
                EVENT_ID, OCCURRED_DATE, OCCURRED_AT, TENANT_ID, ACTION, ACTOR_ID, OBJECT_TYPE, OBJECT_ID, PAYLOAD,
                _SOURCE_LANE, _RECV_AT, _PRODUCER_ID, _SEQ)
            SELECT
                EVENT_ID, OCCURRED_AT::DATE, OCCURRED_AT, TENANT_ID, ACTION, ACTOR_ID, OBJECT_TYPE, OBJECT_ID, PAYLOAD,
                _SOURCE_LANE, _RECV_AT, _PRODUCER_ID, _SEQ
            FROM temp.BATCH""";
    private static final String COMMITTED =
            "SELECT COALESCE(MAX(_SEQ), 0) FROM LANDING.RAW_EVENTS WHERE _PRODUCER_ID = ?";

    private final ChannelName name;
    private final DuckDbWarehouse warehouse;
    private final DuckDBConnection connection;
    private long committed;

    DuckDbChannel(ChannelName name, DuckDbWarehouse warehouse) throws SQLException {
        this.name = name;
        this.warehouse = warehouse;
        this.connection = warehouse.duplicate();
        this.committed = name.kind() == ChannelName.Kind.PRODUCER ? storedToken() : NOTHING;
    }

    private long storedToken() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(COMMITTED)) {
            query.setString(1, name.id());
            try (ResultSet result = query.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    @Override
    public long committedToken() {
        return committed;
    }

    @Override
    public void append(List<SinkRow> rows, long offsetToken) {
        if (rows.isEmpty() || offsetToken <= committed) {
            throw new IllegalArgumentException("a batch needs rows and a greater token: channel=" + name + " rows="
                    + rows.size() + " token=" + offsetToken + " committed=" + committed);
        }
        try {
            // The appender is no statement: without this one, what it flushes would be committed by itself.
            execute("BEGIN TRANSACTION");
            execute(CREATE_BATCH);
            fillBatch(rows);
            execute(APPEND_RAW);
            EventsRefresh.run(connection, rows.stream().mapToLong(SinkRow::occurredAtMicros));
            execute("DROP TABLE temp.BATCH");
            execute("COMMIT");
        } catch (SQLException e) {
            SinkException failure = failure(
                    "append failed: channel=" + name + " rows=" + rows.size() + " token=" + offsetToken + " committed="
                            + committed,
                    e);
            rollback(failure);
            throw failure;
        }
        committed = offsetToken;
        restrictFiles();
    }

    /** What was appended is committed, whatever comes of this. */
    private void restrictFiles() {
        try {
            warehouse.restrictFiles();
        } catch (IOException e) {
            throw new SinkException(
                    SinkException.Remedy.REOPEN,
                    "warehouse not made readable by its owner only, the batch is committed: channel=" + name + " token="
                            + committed,
                    e);
        }
    }

    private void fillBatch(List<SinkRow> rows) throws SQLException {
        Set<String> seen = new HashSet<>(2 * rows.size());
        try (DuckDBAppender appender = connection.createAppender("temp", "main", "BATCH")) {
            for (SinkRow row : rows) {
                appender.beginRow()
                        .append(row.eventId())
                        .appendEpochMicros(row.occurredAtMicros())
                        .append(row.tenantId())
                        .append(row.action())
                        .append(row.actorId())
                        .append(row.objectType())
                        .append(row.objectId())
                        .append(new String(row.payload(), StandardCharsets.UTF_8))
                        .append(row.sourceLane())
                        .appendEpochMicros(row.receivedAtMicros())
                        .append(row.producerId())
                        .append(row.sequence())
                        .append(seen.add(row.eventId()))
                        .endRow();
            }
            // close() would swallow a failure and drop the rows.
            appender.flush();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void rollback(SinkException failure) {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            failure.addSuppressed(failure("rollback failed: channel=" + name, e));
        }
    }

    /** DuckDB quotes the content that it cannot convert, so of such a failure only its kind is passed on. */
    static SinkException failure(String attempt, SQLException e) {
        String message = String.valueOf(e.getMessage());
        int colon = message.indexOf(':');
        String kind = colon < 0 ? "" : message.substring(0, colon);
        return switch (kind) {
            case "Conversion Error", "Invalid Input Error", "Out of Range Error", "Constraint Error" ->
                new SinkException(SinkException.Remedy.DEAD_LETTER, attempt + " refused=" + kind, null);
            case "IO Error" ->
                new SinkException(SinkException.Remedy.REOPEN, attempt + " error=" + firstLine(message), null);
            default -> new SinkException(SinkException.Remedy.REOPEN, attempt + " error=" + kind, null);
        };
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure("cannot close a channel: channel=" + name, e);
        }
    }
}
