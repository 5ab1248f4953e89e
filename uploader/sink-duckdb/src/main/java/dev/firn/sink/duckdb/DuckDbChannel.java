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
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Appends a batch to {@code RAW_EVENTS} and brings {@code EVENTS} up to date in one transaction, so that neither is ever
 * ahead of the other and no position is kept anywhere: a producer's token is the greatest sequence of its rows.
 *
 * <p>The batch goes through a temporary table that exists within the transaction only. Events that are known already
 * are looked for within the batch's own ranges of {@code OCCURRED_AT}, which is exact, since equal IDs mean equal times;
 * so the cost follows the batch, not the table.
 */
final class DuckDbChannel implements SinkChannel {
    private static final int MOST_TIME_RANGES = 8;

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
    /**
     * What is known of the batch's events after it: counted in RAW_EVENTS rather than added up, so that EVENTS is what
     * RAW_EVENTS says at any moment, also after a repair of either. ROW_ID is that of an event which EVENTS has already.
     */
    private static final String CREATE_TOTALS = """
            CREATE TEMP TABLE TOTALS AS
            SELECT R.EVENT_ID, COUNT(*) AS COPIES, MIN(R._RECV_AT) AS FIRST_RECV_AT, ANY_VALUE(E.ROW_ID) AS ROW_ID
            FROM (%s) R
            JOIN temp.BATCH B ON B.EVENT_ID = R.EVENT_ID AND B.IS_FIRST
            LEFT JOIN (%s) E ON E.EVENT_ID = R.EVENT_ID
            GROUP BY R.EVENT_ID""";

    private static final String RAW_IN_RANGE = """
            SELECT EVENT_ID, _RECV_AT FROM LANDING.RAW_EVENTS
            WHERE OCCURRED_AT BETWEEN make_timestamp(%d) AND make_timestamp(%d)""";
    private static final String EVENTS_IN_RANGE = """
            SELECT EVENT_ID, rowid AS ROW_ID FROM ACTIVITY.EVENTS
            WHERE OCCURRED_AT BETWEEN make_timestamp(%d) AND make_timestamp(%d)""";
    private static final String COUNT_COPIES = """
            UPDATE ACTIVITY.EVENTS SET COPIES = T.COPIES, _RECV_AT = T.FIRST_RECV_AT
            FROM temp.TOTALS T WHERE EVENTS.rowid = T.ROW_ID""";
    /** Copies of one content ID are equal but for receipt: the first of the batch stands for all. */
    private static final String ADD_EVENTS = """
            INSERT INTO ACTIVITY.EVENTS (
                EVENT_ID, OCCURRED_DATE, OCCURRED_AT, TENANT_ID, ACTION, ACTOR_ID, OBJECT_TYPE, OBJECT_ID,
                ATTRIBUTES, PAYLOAD, _RECV_AT, COPIES)
            SELECT
                B.EVENT_ID, B.OCCURRED_AT::DATE, B.OCCURRED_AT, B.TENANT_ID, B.ACTION, B.ACTOR_ID, B.OBJECT_TYPE, B.OBJECT_ID,
                CAST(json_extract(B.PAYLOAD, '$.attributes') AS VARIANT), B.PAYLOAD, T.FIRST_RECV_AT, T.COPIES
            FROM temp.BATCH B JOIN temp.TOTALS T ON T.EVENT_ID = B.EVENT_ID
            WHERE B.IS_FIRST AND T.ROW_ID IS NULL""";

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
            List<TimeRanges.Range> times =
                    TimeRanges.cover(rows.stream().mapToLong(SinkRow::occurredAtMicros), MOST_TIME_RANGES);
            execute(CREATE_TOTALS.formatted(inRanges(RAW_IN_RANGE, times), inRanges(EVENTS_IN_RANGE, times)));
            if (hasKnownEvents()) {
                execute(COUNT_COPIES);
            }
            execute(ADD_EVENTS);
            execute("DROP TABLE temp.TOTALS");
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

    private static String inRanges(String select, List<TimeRanges.Range> times) {
        return times.stream()
                .map(range -> String.format(Locale.ROOT, select, range.first(), range.last()))
                .collect(Collectors.joining(" UNION ALL "));
    }

    private boolean hasKnownEvents() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet first =
                        statement.executeQuery("SELECT 1 FROM temp.TOTALS WHERE ROW_ID IS NOT NULL LIMIT 1")) {
            return first.next();
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
