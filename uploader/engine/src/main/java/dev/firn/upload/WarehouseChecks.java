package dev.firn.upload;

import dev.firn.upload.Verification.Check;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares the two tables with each other and with the rules, by SQL of its own: the views in the warehouse are under
 * test too, so they are not asked.
 */
final class WarehouseChecks {
    private static final int SHOWN_GAPS = 5;
    private static final String RAW = "LANDING.RAW_EVENTS";
    private static final String EVENTS = "ACTIVITY.EVENTS";

    private static final String WRONG_HASH = "SELECT COUNT(*) FROM %s WHERE SHA2(PAYLOAD, 256) <> EVENT_ID";
    /** Rows with a column that is not what the payload says. */
    private static final String WRONG_COLUMNS = """
            SELECT COUNT(*) FROM (SELECT *, TRY_PARSE_JSON(PAYLOAD) AS P FROM %s) T
            WHERE
                COALESCE(P['tenant_id']::VARCHAR, '') <> TENANT_ID
                OR COALESCE(P['action']::VARCHAR, '') <> ACTION
                OR COALESCE(P['actor_id']::VARCHAR, '') <> ACTOR_ID
                OR COALESCE(P['object_type']::VARCHAR, '') <> COALESCE(OBJECT_TYPE, '')
                OR COALESCE(P['object_id']::VARCHAR, '') <> COALESCE(OBJECT_ID, '')
                OR REPLACE(REPLACE(P['occurred_at']::VARCHAR, 'T', ' '), 'Z', '')::TIMESTAMP_NTZ <> OCCURRED_AT
                OR OCCURRED_DATE <> OCCURRED_AT::DATE""";

    private static final String WRONG_ATTRIBUTES = """
            SELECT COUNT(*) FROM ACTIVITY.EVENTS
            WHERE COALESCE(TO_JSON(ATTRIBUTES)::VARCHAR, '') <> COALESCE(TO_JSON(TRY_PARSE_JSON(PAYLOAD)['attributes'])::VARCHAR, '')""";
    /** Events that are not in EVENTS what RAW_EVENTS says: once, with their copies and their first receipt. */
    private static final String WRONG_EVENTS = """
            SELECT COUNT(*)
            FROM (
                SELECT EVENT_ID, COUNT(*) AS COPIES, MIN(_RECV_AT) AS FIRST_RECV_AT, COUNT(DISTINCT PAYLOAD) AS PAYLOADS
                FROM LANDING.RAW_EVENTS GROUP BY EVENT_ID) R
            FULL OUTER JOIN (
                SELECT EVENT_ID, SUM(COPIES) AS COPIES, MIN(_RECV_AT) AS FIRST_RECV_AT, COUNT(*) AS NUMBER_OF_ROWS
                FROM ACTIVITY.EVENTS GROUP BY EVENT_ID) E
            ON E.EVENT_ID = R.EVENT_ID
            WHERE
                R.EVENT_ID IS NULL OR E.EVENT_ID IS NULL OR E.NUMBER_OF_ROWS <> 1 OR R.PAYLOADS <> 1
                OR R.COPIES <> E.COPIES OR R.FIRST_RECV_AT <> E.FIRST_RECV_AT""";

    private static final String GAPS = """
            SELECT PRODUCER_ID, PREVIOUS_SEQ + 1 AS FIRST_MISSING, SEQ - 1 AS LAST_MISSING
            FROM (
                SELECT PRODUCER_ID, SEQ, LAG(SEQ, 1, 0) OVER (PARTITION BY PRODUCER_ID ORDER BY SEQ) AS PREVIOUS_SEQ
                FROM (SELECT DISTINCT _PRODUCER_ID AS PRODUCER_ID, _SEQ AS SEQ FROM LANDING.RAW_EVENTS WHERE _SEQ >= 1) S) T
            WHERE SEQ > PREVIOUS_SEQ + 1
            ORDER BY PRODUCER_ID, FIRST_MISSING""";
    private static final String OTHER_TABLES = """
            SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES
            WHERE
                TABLE_TYPE <> 'VIEW' AND UPPER(TABLE_SCHEMA) <> 'INFORMATION_SCHEMA'
                AND UPPER(TABLE_SCHEMA) || '.' || UPPER(TABLE_NAME) NOT IN ('LANDING.RAW_EVENTS', 'ACTIVITY.EVENTS')""";

    private final Connection warehouse;
    private final Map<String, MissingSequences> lost;

    /** @param lost by producer: sequences that are no gap */
    WarehouseChecks(Connection warehouse, Map<String, MissingSequences> lost) {
        this.warehouse = warehouse;
        this.lost = lost;
    }

    List<Check> run() throws SQLException {
        long raw = number("SELECT COUNT(*) FROM " + RAW);
        long events = number("SELECT COUNT(*) FROM " + EVENTS);
        List<Check> checks = new ArrayList<>();
        checks.add(check(
                "the content ID is the hash of the payload",
                raw + events,
                number(WRONG_HASH.formatted(RAW)) + number(WRONG_HASH.formatted(EVENTS)),
                "rows whose payload or ID was changed"));
        checks.add(check(
                "the columns say what the payload says",
                raw + events,
                number(WRONG_COLUMNS.formatted(RAW)) + number(WRONG_COLUMNS.formatted(EVENTS)),
                "rows with a changed column"));
        checks.add(check(
                "the attributes are those of the payload",
                events,
                number(WRONG_ATTRIBUTES),
                "events with changed attributes"));
        checks.add(check(
                "RAW_EVENTS -> EVENTS: each event once, with its copies and first receipt",
                raw,
                number(WRONG_EVENTS),
                "events that are missing on one side, stored twice, or counted wrong"));
        checks.add(new Check("no gap in any producer's sequence", raw, gaps()));
        checks.add(check("two tables, no third", 2, number(OTHER_TABLES), "tables too many"));
        return checks;
    }

    private static Check check(String name, long checked, long wrong, String what) {
        return new Check(name, checked, wrong == 0 ? null : wrong + " " + what);
    }

    private @Nullable String gaps() throws SQLException {
        List<String> shown = new ArrayList<>();
        int count = 0;
        try (Statement statement = warehouse.createStatement();
                ResultSet row = statement.executeQuery(GAPS)) {
            while (row.next()) {
                String producer = row.getString(1);
                MissingSequences known = lost.getOrDefault(producer, MissingSequences.NONE);
                for (SequenceSet.Range gap : known.presentIn(new SequenceSet.Range(row.getLong(2), row.getLong(3)))) {
                    count++;
                    if (shown.size() < SHOWN_GAPS) {
                        shown.add(gap + " of producer " + producer);
                    }
                }
            }
        }
        String more = count > shown.size() ? ", ..." : "";
        return count == 0 ? null : count + (count == 1 ? " gap: " : " gaps: ") + String.join(", ", shown) + more;
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = warehouse.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
