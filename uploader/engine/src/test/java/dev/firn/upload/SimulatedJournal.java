package dev.firn.upload;

import java.util.List;
import java.util.SplittableRandom;

/**
 * A journal in memory, on a disk that keeps after a power cut what was forced and forgets the rest: the sequences are then given to
 * other events.
 */
final class SimulatedJournal {
    static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";
    static final int MOST_RECORDS = 60;
    private static final int LIVES = 3;
    /** Rows of each life of the disk, made once: hashing takes longer than a schedule. */
    private static final SinkRow[][] ROWS = new SinkRow[LIVES][MOST_RECORDS + 1];

    static {
        for (int life = 0; life < LIVES; life++) {
            for (int sequence = 1; sequence <= MOST_RECORDS; sequence++) {
                ROWS[life][sequence] = Rows.row(Rows.event("life " + life + " event " + sequence), PRODUCER, sequence);
            }
        }
    }

    private final SinkRow[] rows = new SinkRow[MOST_RECORDS + 1];
    private final MissingSequences missing;
    private final SplittableRandom random;
    private int life;
    private int first = 1;
    private int last;
    private int durable;

    /** @param missing what is lost from the beginning */
    SimulatedJournal(MissingSequences missing, SplittableRandom random) {
        this.missing = missing;
        this.random = random;
    }

    int last() {
        return last;
    }

    boolean isLost(long sequence) {
        return missing.count(sequence, sequence) > 0;
    }

    /** How many were written and are not lost. */
    int present() {
        return last - (int) missing.count(1, last);
    }

    SinkRow row(int sequence) {
        return rows[sequence];
    }

    /** Writes further records, of which each may be on disk at once. */
    void write(int count) {
        for (int i = 0; i < count && last < MOST_RECORDS; i++) {
            last++;
            rows[last] = ROWS[life][last];
        }
        if (random.nextBoolean()) {
            durable = last;
        }
    }

    boolean canLosePower() {
        return life < LIVES - 1;
    }

    /** What was written and not forced is gone. */
    void losePower() {
        life++;
        last = durable;
    }

    /** Deletes what a kept position says is committed. */
    void trimUpTo(long committed) {
        first = Math.max(first, Math.toIntExact(Math.min(committed, last)) + 1);
    }

    RecordSource open() {
        return new Source();
    }

    private final class Source implements RecordSource {
        private int next = 1;
        private int polledTo;
        private boolean foundNothing;

        @Override
        public String producerId() {
            return PRODUCER;
        }

        @Override
        public long firstSequence() {
            int present = first;
            while (isLost(present)) {
                present++;
            }
            return present;
        }

        @Override
        public long lastSequence() {
            int present = last;
            while (isLost(present)) {
                present--;
            }
            return present;
        }

        @Override
        public MissingSequences missing() {
            return missing;
        }

        /** As strict as a real one. */
        @Override
        public void seek(long sequence) {
            int present = Math.toIntExact(sequence);
            while (isLost(present)) {
                present++;
            }
            if (present < first || sequence > Math.max(last, missing.last()) + 1) {
                throw new IllegalArgumentException("sequence must be in the journal or the next one: sequence="
                        + sequence + " first=" + first + " last=" + last);
            }
            next = present;
        }

        @Override
        public int poll(List<SinkRow> into, int limit) {
            foundNothing = !foundNothing && random.nextInt(8) == 0;
            if (foundNothing) {
                return 0;
            }
            int read = 0;
            while (read < limit && next <= last) {
                if (!isLost(next)) {
                    into.add(rows[next]);
                    polledTo = Math.max(polledTo, next);
                    read++;
                }
                next++;
            }
            return read;
        }

        @Override
        public void force() {
            durable = Math.max(durable, polledTo);
        }

        @Override
        public void close() {}
    }
}
