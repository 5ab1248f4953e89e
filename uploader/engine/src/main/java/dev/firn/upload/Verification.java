package dev.firn.upload;

import static java.util.Objects.requireNonNull;

import dev.firn.event.DeadLetter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Proves that nothing was lost or changed between the journals, {@code RAW_EVENTS} and {@code EVENTS}, or says what was.
 * Changes nothing. What is not yet uploaded is pending, not wrong; what a journal lost and knows of is a loss with a name.
 *
 * <p>Reads every record of a journal once, and the tables once for each check: some seconds for a million events.
 */
public final class Verification {
    private static final int WINDOW = 20_000;
    private static final int SHOWN_RANGES = 5;
    private static final String ROWS_OF_PRODUCER = """
            SELECT
                _SEQ, EVENT_ID, ACTION, OBJECT_ID, _SOURCE_LANE,
                DATEDIFF('microsecond', '1970-01-01'::TIMESTAMP_NTZ, _RECV_AT) AS RECV_AT_MICROS
            FROM LANDING.RAW_EVENTS WHERE _PRODUCER_ID = ? AND _SEQ BETWEEN ? AND ?""";
    private static final String SEQUENCES_OF_PRODUCER =
            "SELECT DISTINCT _SEQ FROM LANDING.RAW_EVENTS WHERE _PRODUCER_ID = ? AND _SEQ BETWEEN ? AND ?";
    /** The events that tell of lost sequences; one that tells of a part of a range does, too. */
    private static final String EVENTS_OF_LOSS = """
            SELECT DISTINCT EVENT_ID
            FROM (
                SELECT EVENT_ID, TRY_PARSE_JSON(PAYLOAD)['attributes'] AS A
                FROM LANDING.RAW_EVENTS WHERE ACTION = 'pipeline.journal_damaged' AND OBJECT_ID = ?) T
            WHERE A['first_sequence']::BIGINT <= ? AND A['last_sequence']::BIGINT >= ?
            ORDER BY EVENT_ID""";

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
     * @param pending   how many of its records are not yet committed
     * @param checks    hashes and sequences of its records, and each record against its row
     * @param losses    what it lost and knows of
     */
    public record JournalResult(
            String producerId,
            long first,
            long last,
            long committed,
            long pending,
            List<Check> checks,
            List<KnownLoss> losses) {}

    /**
     * A range of sequences that a journal lost and knows of.
     *
     * @param missing what of it the warehouse does not have either: nothing, if all of it was committed before
     * @param events  the IDs of the {@code pipeline.journal_damaged} events in the warehouse that tell of it
     */
    public record KnownLoss(SequenceSet.Range range, List<SequenceSet.Range> missing, List<String> events) {
        /** Whether events are gone for good: they were durable, and neither the journal nor the warehouse has them. */
        public boolean isLoss() {
            return !missing.isEmpty();
        }

        /** Both kinds for people to read. */
        @Override
        public String toString() {
            String told = events.isEmpty()
                    ? "no pipeline.journal_damaged in the warehouse tells of it yet"
                    : "told by pipeline.journal_damaged " + String.join(", ", events);
            String what = isLoss()
                    ? new MissingSequences(missing).count() + " lost for good: "
                            + SequenceSet.Range.shown(missing, SHOWN_RANGES)
                    : "lost by the journal only, RAW_EVENTS has all of it: " + range;
            return what + "; " + told;
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
        MissingSequences lost = source.missing();
        long committed = lastSequence(producer);
        SequenceSet missing = new SequenceSet(1);
        SequenceSet different = new SequenceSet(1);
        for (long from = first; from <= last; from += WINDOW) {
            long to = Math.min(last, from + WINDOW - 1);
            @Nullable Receipt[] journaled = receipts(source, from, to);
            compare(producer, from, Math.min(to, committed), journaled, missing, different);
            progress.accept(to - first + 1);
        }
        long sentTo = Math.min(last, committed);
        long sent = Math.max(0, sentTo - first + 1) - lost.count(first, sentTo);
        long read = Math.max(0, last - first + 1) - lost.count(first, last);
        List<Check> checks = new ArrayList<>();
        checks.add(new Check("journal: hash and sequence of each record", read, null));
        checks.add(
                new Check("journal -> RAW_EVENTS: each committed record is there", sent, problem("missing", missing)));
        checks.add(new Check(
                "journal -> RAW_EVENTS: each row is that of its record", sent, problem("different", different)));
        checks.add(new Check(
                "journal -> RAW_EVENTS: what was committed still is", sent, ends(known, committed, last, lost)));
        long pending = Math.max(0, last - committed) - lost.count(committed + 1, last);
        return new JournalResult(producer, first, last, committed, pending, checks, losses(producer, lost));
    }

    private static @Nullable String ends(long known, long committed, long last, MissingSequences lost) {
        if (known > committed && !lost.cover(committed + 1, known)) {
            return "RAW_EVENTS ends at sequence " + committed + ", but " + known + " was committed: "
                    + new SequenceSet.Range(committed + 1, known) + " lost; an upload sends them again";
        }
        return committed > last && !lost.cover(last + 1, committed)
                ? "RAW_EVENTS has sequence " + committed + ", the journal ends at " + last
                : null;
    }

    private List<KnownLoss> losses(String producer, MissingSequences lost) throws SQLException {
        List<KnownLoss> losses = new ArrayList<>();
        for (SequenceSet.Range range : lost.ranges()) {
            SequenceSet missing = new SequenceSet(range.from());
            missing.addAll(range);
            losses.add(new KnownLoss(
                    range, missing.without(stored(producer, range)).ranges(), eventsOf(producer, range)));
        }
        return losses;
    }

    private SequenceSet stored(String producer, SequenceSet.Range range) throws SQLException {
        SequenceSet stored = new SequenceSet(range.from());
        try (PreparedStatement query = warehouse.prepareStatement(SEQUENCES_OF_PRODUCER)) {
            query.setString(1, producer);
            query.setLong(2, range.from());
            query.setLong(3, range.to());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    stored.add(row.getLong(1));
                }
            }
        }
        return stored;
    }

    private List<String> eventsOf(String producer, SequenceSet.Range range) throws SQLException {
        List<String> events = new ArrayList<>();
        try (PreparedStatement query = warehouse.prepareStatement(EVENTS_OF_LOSS)) {
            query.setString(1, producer);
            query.setLong(2, range.to());
            query.setLong(3, range.from());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    events.add(row.getString(1));
                }
            }
        }
        return events;
    }

    /** Null where the journal has no record. */
    private static @Nullable Receipt[] receipts(RecordSource source, long from, long to) {
        @Nullable Receipt[] receipts = new Receipt[Math.toIntExact(to - from + 1)];
        source.scan(
                from,
                to,
                row -> receipts[Math.toIntExact(row.sequence() - from)] =
                        new Receipt(row.eventId(), row.sourceLane(), row.receivedAtMicros()));
        return receipts;
    }

    private void compare(
            String producer,
            long from,
            long to,
            @Nullable Receipt[] journaled,
            SequenceSet missing,
            SequenceSet different)
            throws SQLException {
        boolean[] seen = new boolean[journaled.length];
        try (PreparedStatement query = warehouse.prepareStatement(ROWS_OF_PRODUCER)) {
            query.setString(1, producer);
            query.setLong(2, from);
            query.setLong(3, to);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    int at = Math.toIntExact(row.getLong("_SEQ") - from);
                    Receipt record = journaled[at];
                    seen[at] = true;
                    if (record != null && !isRowOf(record, row)) {
                        different.add(from + at);
                    }
                }
            }
        }
        for (int at = 0; at <= to - from; at++) {
            if (journaled[at] != null && !seen[at]) {
                missing.add(from + at);
            }
        }
    }

    private static boolean isRowOf(Receipt journaled, ResultSet row) throws SQLException {
        String lane = row.getString("_SOURCE_LANE");
        boolean sameReceipt = lane.equals(Replay.LANE)
                || lane.equals(journaled.lane()) && row.getLong("RECV_AT_MICROS") == journaled.receivedAtMicros();
        boolean sameEvent = row.getString("EVENT_ID").equals(journaled.eventId());
        // A record that the warehouse refused is there as its dead letter, whose object is the hash of its bytes.
        boolean deadLetter = row.getString("ACTION").equals(DeadLetter.ACTION)
                && journaled.eventId().equals(row.getString("OBJECT_ID"));
        return sameReceipt && (sameEvent || deadLetter);
    }

    /** Compares the tables with each other and with the rules; independent of any journal, so that a gap is a gap. */
    public List<Check> warehouse() throws SQLException {
        return warehouse(Map.of());
    }

    /**
     * As {@link #warehouse()}, but a gap that journals explain is none.
     *
     * @param lost what journals lost and know of, by producer: {@link #journal} reports it
     */
    public List<Check> warehouse(Map<String, MissingSequences> lost) throws SQLException {
        return new WarehouseChecks(warehouse, lost).run();
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
        return sequences.size() + " " + what + ": " + SequenceSet.Range.shown(sequences.ranges(), SHOWN_RANGES);
    }
}
