package dev.firn.upload;

import static java.util.Objects.requireNonNull;

import dev.firn.event.DeadLetter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Proves that nothing was lost or changed between the journals, {@code RAW_EVENTS} and {@code EVENTS}, or says what was.
 * Changes nothing. What is not yet uploaded is pending, not wrong.
 *
 * <p>Reads every record of a journal once, and the tables once for each check: some seconds for a million events.
 */
public final class Verification {
    private static final int WINDOW = 20_000;
    private static final int SHOWN_RANGES = 5;
    private static final String ROWS_OF_PRODUCER = """
            SELECT _SEQ, EVENT_ID, ACTION, OBJECT_ID, _SOURCE_LANE, _RECV_AT
            FROM LANDING.RAW_EVENTS WHERE _PRODUCER_ID = ? AND _SEQ BETWEEN ? AND ?""";
    private static final String LAST_SEQUENCE =
            "SELECT COALESCE(MAX(_SEQ), 0) FROM LANDING.RAW_EVENTS WHERE _PRODUCER_ID = ?";
    private static final String PRODUCERS = """
            SELECT COALESCE(_PRODUCER_ID, ''), COUNT(*) FROM LANDING.RAW_EVENTS GROUP BY 1 ORDER BY 1""";

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

    /** What a row must say to be that of its record: the rest is compared with the payload, which the ID stands for. */
    private record Receipt(String eventId, String lane, long receivedAtMicros) {}

    /**
     * Compares a journal with the rows of its producer.
     *
     * @param known    the last sequence that an uploader wrote down as committed, 0 if there is none
     * @param progress is told how many records were read by now
     * @throws RuntimeException of the source, if a record is damaged: its message says where
     */
    public JournalResult journal(RecordSource source, long known, LongConsumer progress) throws SQLException {
        String producer = source.producerId();
        long first = source.firstSequence();
        long last = source.lastSequence();
        long committed = lastSequence(producer);
        SequenceSet missing = new SequenceSet(1);
        SequenceSet different = new SequenceSet(1);
        for (long from = first; from <= last; from += WINDOW) {
            long to = Math.min(last, from + WINDOW - 1);
            Receipt[] journaled = receipts(source, from, to);
            compare(producer, from, Math.min(to, committed), journaled, missing, different);
            progress.accept(to - first + 1);
        }
        long read = Math.max(0, last - first + 1);
        long sent = Math.max(0, Math.min(last, committed) - first + 1);
        List<Check> checks = new ArrayList<>();
        checks.add(new Check("journal: hash and sequence of each record", read, null));
        checks.add(
                new Check("journal -> RAW_EVENTS: each committed record is there", sent, problem("missing", missing)));
        checks.add(new Check(
                "journal -> RAW_EVENTS: each row is that of its record", sent, problem("different", different)));
        checks.add(new Check("journal -> RAW_EVENTS: what was committed still is", sent, ends(known, committed, last)));
        return new JournalResult(producer, first, last, committed, checks);
    }

    private static @Nullable String ends(long known, long committed, long last) {
        if (known > committed) {
            return "RAW_EVENTS ends at sequence " + committed + ", but " + known + " was committed: "
                    + new SequenceSet.Range(committed + 1, known) + " lost; an upload sends them again";
        }
        return committed > last ? "RAW_EVENTS has sequence " + committed + ", the journal ends at " + last : null;
    }

    private static Receipt[] receipts(RecordSource source, long from, long to) {
        Receipt[] receipts = new Receipt[Math.toIntExact(to - from + 1)];
        source.scan(
                from,
                to,
                row -> receipts[Math.toIntExact(row.sequence() - from)] =
                        new Receipt(row.eventId(), row.sourceLane(), row.receivedAtMicros()));
        return receipts;
    }

    private void compare(
            String producer, long from, long to, Receipt[] journaled, SequenceSet missing, SequenceSet different)
            throws SQLException {
        boolean[] seen = new boolean[journaled.length];
        try (PreparedStatement query = warehouse.prepareStatement(ROWS_OF_PRODUCER)) {
            query.setString(1, producer);
            query.setLong(2, from);
            query.setLong(3, to);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    int at = Math.toIntExact(row.getLong("_SEQ") - from);
                    seen[at] = true;
                    if (!isRowOf(journaled[at], row)) {
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

    private static boolean isRowOf(Receipt journaled, ResultSet row) throws SQLException {
        String lane = row.getString("_SOURCE_LANE");
        boolean sameReceipt = lane.equals(Replay.LANE)
                || lane.equals(journaled.lane()) && micros(row, "_RECV_AT") == journaled.receivedAtMicros();
        boolean sameEvent = row.getString("EVENT_ID").equals(journaled.eventId());
        // A record that the warehouse refused is there as its dead letter, whose object is the hash of its bytes.
        boolean deadLetter = row.getString("ACTION").equals(DeadLetter.ACTION)
                && journaled.eventId().equals(row.getString("OBJECT_ID"));
        return sameReceipt && (sameEvent || deadLetter);
    }

    private static long micros(ResultSet row, String column) throws SQLException {
        Instant instant = row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    /** Compares the tables with each other and with the rules; independent of any journal. */
    public List<Check> warehouse() throws SQLException {
        return new WarehouseChecks(warehouse).run();
    }

    /** How many rows of {@code RAW_EVENTS} each producer has; those without a producer under the empty string. */
    public Map<String, Long> producers() throws SQLException {
        Map<String, Long> producers = new LinkedHashMap<>();
        try (Statement statement = warehouse.createStatement();
                ResultSet row = statement.executeQuery(PRODUCERS)) {
            while (row.next()) {
                producers.put(row.getString(1), row.getLong(2));
            }
        }
        return producers;
    }

    private long lastSequence(String producer) throws SQLException {
        try (PreparedStatement query = warehouse.prepareStatement(LAST_SEQUENCE)) {
            query.setString(1, producer);
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
        for (int i = 0; i < Math.min(SHOWN_RANGES, ranges.size()); i++) {
            shown.append(i == 0 ? "" : ", ").append(ranges.get(i));
        }
        return shown.append(ranges.size() > SHOWN_RANGES ? ", ..." : "").toString();
    }
}
