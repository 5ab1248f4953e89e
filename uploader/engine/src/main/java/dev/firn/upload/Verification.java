package dev.firn.upload;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Proves that nothing was lost or changed between the journals, {@code RAW_EVENTS} and {@code EVENTS}, or says what was.
 * Changes nothing. What is not yet uploaded is pending, not wrong.
 *
 * <p>Reads every record of a journal once, and the tables once for each check: some seconds for a million events.
 */
public final class Verification {
    private static final int WINDOW = 100_000;
    private static final String ROWS_OF_PRODUCER =
            "SELECT _SEQ, EVENT_ID, ACTION FROM LANDING.RAW_EVENTS WHERE _PRODUCER_ID = ? AND _SEQ BETWEEN ? AND ?";

    private final Connection warehouse;

    /** @param warehouse a connection to the warehouse, of whatever engine */
    public Verification(Connection warehouse) {
        this.warehouse = requireNonNull(warehouse, "warehouse");
    }

    /**
     * What one check found.
     *
     * @param name    what was checked
     * @param checked how many records or rows
     * @param problem what is wrong, or null
     */
    public record Check(String name, long checked, @Nullable String problem) {
        public boolean isGood() {
            return problem == null;
        }
    }

    /**
     * What became of one journal.
     *
     * @param first     the first sequence that it still has
     * @param last      the last one
     * @param committed the last one in the warehouse
     * @param checks    hashes and sequences of its records, and each record against its row
     */
    public record JournalResult(String producerId, long first, long last, long committed, List<Check> checks) {
        public long pending() {
            return last - committed;
        }
    }

    /**
     * Compares a journal with the rows of its producer.
     *
     * @param progress is told how many records were read by now
     * @throws RuntimeException of the source, if a record is damaged: its message says where
     */
    public JournalResult journal(RecordSource source, LongConsumer progress) throws SQLException {
        String producer = source.producerId();
        long first = source.firstSequence();
        long last = source.lastSequence();
        long committed =
                number("SELECT COALESCE(MAX(_SEQ), 0) FROM LANDING.RAW_EVENTS WHERE _PRODUCER_ID = ?", producer);
        SequenceSet missing = new SequenceSet(1);
        SequenceSet different = new SequenceSet(1);
        for (long from = first; from <= last; from += WINDOW) {
            long to = Math.min(last, from + WINDOW - 1);
            String[] journaled = eventIds(source, from, to);
            compare(producer, from, Math.min(to, committed), journaled, missing, different);
            progress.accept(to - first + 1);
        }
        long read = Math.max(0, last - first + 1);
        long sent = Math.max(0, Math.min(last, committed) - first + 1);
        List<Check> checks = new ArrayList<>();
        checks.add(new Check("journal: hash and sequence of each record", read, null));
        checks.add(new Check(
                "journal -> RAW_EVENTS: each committed sequence is there", sent, problem("missing", missing)));
        checks.add(new Check(
                "journal -> RAW_EVENTS: each row has its record's content ID", sent, problem("different", different)));
        if (committed > last) {
            checks.add(new Check(
                    "journal -> RAW_EVENTS: the warehouse is not ahead",
                    sent,
                    "RAW_EVENTS has sequence " + committed + ", the journal ends at " + last));
        }
        return new JournalResult(producer, first, last, committed, checks);
    }

    private static String[] eventIds(RecordSource source, long from, long to) {
        String[] ids = new String[Math.toIntExact(to - from + 1)];
        source.scan(from, to, row -> ids[Math.toIntExact(row.sequence() - from)] = row.eventId());
        return ids;
    }

    private void compare(
            String producer, long from, long to, String[] journaled, SequenceSet missing, SequenceSet different)
            throws SQLException {
        boolean[] seen = new boolean[journaled.length];
        try (PreparedStatement query = warehouse.prepareStatement(ROWS_OF_PRODUCER)) {
            query.setString(1, producer);
            query.setLong(2, from);
            query.setLong(3, to);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    int at = Math.toIntExact(row.getLong(1) - from);
                    seen[at] = true;
                    // A record that the warehouse refused is there as its dead letter.
                    if (!row.getString(2).equals(journaled[at])
                            && !row.getString(3).equals("quality.dead_lettered")) {
                        different.add(from + at);
                    }
                }
            }
        }
        for (long sequence = from; sequence <= to; sequence++) {
            if (!seen[Math.toIntExact(sequence - from)]) {
                missing.add(sequence);
            }
        }
    }

    /** Compares the tables with each other and with the rules; independent of any journal. */
    public List<Check> warehouse() throws SQLException {
        long raw = number("SELECT COUNT(*) FROM LANDING.RAW_EVENTS");
        long events = number("SELECT COUNT(*) FROM ACTIVITY.EVENTS");
        return Arrays.asList(
                new Check(
                        "content ID is the hash of the payload (MCP.EVENT_ID_AUDIT)",
                        raw + events,
                        none("SELECT COUNT(*) FROM MCP.EVENT_ID_AUDIT", "events whose payload or ID was changed")),
                new Check(
                        "RAW_EVENTS -> EVENTS: each event once, with its copies",
                        raw,
                        none("""
                                SELECT COUNT(*)
                                FROM (SELECT EVENT_ID, COUNT(*) AS COPIES FROM LANDING.RAW_EVENTS GROUP BY EVENT_ID) R
                                FULL OUTER JOIN
                                    (SELECT EVENT_ID, SUM(COPIES) AS COPIES, COUNT(*) AS NUMBER_OF_ROWS
                                     FROM ACTIVITY.EVENTS GROUP BY EVENT_ID) E
                                ON E.EVENT_ID = R.EVENT_ID
                                WHERE R.EVENT_ID IS NULL OR E.EVENT_ID IS NULL OR R.COPIES <> E.COPIES
                                    OR E.NUMBER_OF_ROWS <> 1""", "events that are missing on one side, stored twice, or counted wrong")),
                new Check("no gap in any producer's sequence (MCP.INGEST_GAPS)", raw, gaps()),
                new Check(
                        "two tables, no third (MCP.TABLE_COMPLIANCE_CHECK)",
                        2,
                        none(
                                "SELECT COUNT(*) FROM MCP.TABLE_COMPLIANCE_CHECK WHERE RESULT = 'VIOLATION'",
                                "tables too many or too few")));
    }

    private @Nullable String gaps() throws SQLException {
        String sql =
                "SELECT PRODUCER_ID, FIRST_MISSING, LAST_MISSING FROM MCP.INGEST_GAPS ORDER BY PRODUCER_ID, FIRST_MISSING";
        List<String> gaps = new ArrayList<>();
        int count = 0;
        try (Statement statement = warehouse.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                count++;
                if (gaps.size() < 5) {
                    gaps.add(
                            new SequenceSet.Range(row.getLong(2), row.getLong(3)) + " of producer " + row.getString(1));
                }
            }
        }
        return count == 0 ? null : count + " gaps: " + String.join(", ", gaps) + (count > gaps.size() ? ", ..." : "");
    }

    private @Nullable String none(String countSql, String what) throws SQLException {
        long count = number(countSql);
        return count == 0 ? null : count + " " + what;
    }

    private long number(String sql, String... parameters) throws SQLException {
        try (PreparedStatement query = warehouse.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static @Nullable String problem(String what, SequenceSet sequences) {
        if (sequences.size() == 0) {
            return null;
        }
        List<SequenceSet.Range> ranges = sequences.ranges();
        StringBuilder shown = new StringBuilder(sequences.size() + " " + what + ": ");
        for (int i = 0; i < Math.min(5, ranges.size()); i++) {
            shown.append(i == 0 ? "" : ", ").append(ranges.get(i));
        }
        return shown.append(ranges.size() > 5 ? ", ..." : "").toString();
    }
}
