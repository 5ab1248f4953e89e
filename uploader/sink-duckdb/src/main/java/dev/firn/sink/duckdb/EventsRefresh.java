package dev.firn.sink.duckdb;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Brings {@code ACTIVITY.EVENTS} up to date with rows that were just added to {@code LANDING.RAW_EVENTS}, in the transaction
 * that added them.
 *
 * <p>Events that are known already are looked for within the batch's own ranges of {@code OCCURRED_AT}, which is exact, since
 * equal IDs mean equal times; so the cost follows the batch, not the table.
 */
public final class EventsRefresh {
    private static final int MOST_TIME_RANGES = 8;

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

    private EventsRefresh() {}

    /**
     * Refreshes from {@code temp.BATCH}: the columns of {@code RAW_EVENTS}, and {@code IS_FIRST}, true for one row of each
     * event. Leaves the transaction to the caller.
     *
     * @param occurredAtMicros of every row of the batch
     */
    public static void run(Connection connection, LongStream occurredAtMicros) throws SQLException {
        List<TimeRanges.Range> times = TimeRanges.cover(occurredAtMicros, MOST_TIME_RANGES);
        execute(connection, CREATE_TOTALS.formatted(inRanges(RAW_IN_RANGE, times), inRanges(EVENTS_IN_RANGE, times)));
        if (hasKnownEvents(connection)) {
            execute(connection, COUNT_COPIES);
        }
        execute(connection, ADD_EVENTS);
        execute(connection, "DROP TABLE temp.TOTALS");
    }

    private static String inRanges(String select, List<TimeRanges.Range> times) {
        return times.stream()
                .map(range -> String.format(Locale.ROOT, select, range.first(), range.last()))
                .collect(Collectors.joining(" UNION ALL "));
    }

    private static boolean hasKnownEvents(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet first =
                        statement.executeQuery("SELECT 1 FROM temp.TOTALS WHERE ROW_ID IS NOT NULL LIMIT 1")) {
            return first.next();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
