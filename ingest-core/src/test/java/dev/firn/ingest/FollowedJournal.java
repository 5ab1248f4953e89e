package dev.firn.ingest;

import dev.firn.journal.JournalReader;
import dev.firn.journal.JournalRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal, also while its writers come and go, whose events say {@code RUN.PRODUCER.COUNT} of themselves, as {@link IngestChild}
 * does. The reader verifies each hash and that no sequence is missing; this, that of each producer in each run the journal holds the first so
 * many events, in order, each once.
 */
final class FollowedJournal implements AutoCloseable {
    private static final byte[] MARK = ("\"" + IngestChild.ATTRIBUTE + "\":\"").getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_AT_ONCE = 10_000;

    private final Path directory;
    private final long[][] counts;
    private final List<String> others = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();

    private @Nullable JournalReader reader;
    private long last;
    private long lastBeforeRun;
    /** What the records of a run say of themselves; empty without a run. */
    private long[] contentsOfRun = {};

    /** Sequences that the reader passed over since a repair found them lost; any other gap is an exception of its. */
    record Gap(long first, long last) {}

    /** @param runs the greatest number of a run */
    FollowedJournal(Path directory, int runs) {
        this.directory = directory;
        this.counts = new long[runs + 1][IngestChild.PRODUCERS];
    }

    /** What comes now is remembered until the next call. */
    void beginRun() {
        lastBeforeRun = last;
        contentsOfRun = new long[1 << 16];
    }

    int poll() {
        if (reader == null) {
            if (!JournalReader.isJournal(directory)) {
                return 0;
            }
            reader = JournalReader.open(directory);
        }
        return reader.poll(this::take, MAX_AT_ONCE);
    }

    void readToTheEnd() {
        for (int empty = 0; empty < 3; ) {
            empty = poll() == 0 ? empty + 1 : 0;
        }
    }

    /** The last sequence that was read. */
    long last() {
        return last;
    }

    /** How many events it has, by run and producer. */
    long[][] counts() {
        return counts;
    }

    /** Canonical forms of events of nobody's, such as Firn's own. */
    List<String> others() {
        return others;
    }

    List<Gap> gaps() {
        return gaps;
    }

    /** What the record with this sequence, one of this run, says of itself. */
    long content(long sequence) {
        return contentsOfRun[Math.toIntExact(sequence - lastBeforeRun - 1)];
    }

    private void take(JournalRecord record) {
        // Not by assertions: one for each record would cost more than the reading.
        if (record.sequence() <= last) {
            throw new AssertionError("sequence: last=" + last + " found=" + record.sequence());
        }
        if (record.sequence() > last + 1) {
            gaps.add(new Gap(last + 1, record.sequence() - 1));
        }
        last = record.sequence();
        int from = contentOffset(record);
        if (from < 0) {
            others.add(new String(record.canonical(), StandardCharsets.UTF_8));
            return;
        }
        long content = contentAt(record.buffer(), from);
        int run = (int) (content >>> 44);
        int producer = (int) (content >>> 40) & 15;
        long count = content & (1L << 40) - 1;
        if (count != counts[run][producer]) {
            throw new AssertionError("sequence " + last + ": run=" + run + " producer=" + producer + " expected="
                    + counts[run][producer] + " found=" + count);
        }
        counts[run][producer]++;
        remember(content);
    }

    private void remember(long content) {
        if (contentsOfRun.length == 0) {
            return;
        }
        int index = Math.toIntExact(last - lastBeforeRun - 1);
        if (index >= contentsOfRun.length) {
            contentsOfRun = Arrays.copyOf(contentsOfRun, 2 * index);
        }
        contentsOfRun[index] = content;
    }

    private static int contentOffset(JournalRecord record) {
        int end = record.canonicalOffset() + record.canonicalLength() - MARK.length;
        for (int at = record.canonicalOffset(); at < end; at++) {
            if (Arrays.equals(record.buffer(), at, at + MARK.length, MARK, 0, MARK.length)) {
                return at + MARK.length;
            }
        }
        return -1;
    }

    /** RUN.PRODUCER.COUNT as a number. */
    static long pack(String content) {
        return contentAt((content + '"').getBytes(StandardCharsets.US_ASCII), 0);
    }

    private static long contentAt(byte[] bytes, int from) {
        long[] parts = new long[3];
        int part = 0;
        for (int i = from; bytes[i] != '"'; i++) {
            if (bytes[i] == '.') {
                part++;
            } else {
                parts[part] = 10 * parts[part] + bytes[i] - '0';
            }
        }
        return parts[0] << 44 | parts[1] << 40 | parts[2];
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
