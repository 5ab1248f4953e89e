package dev.firn.upload;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Where an uploader reads rows from: one producer's journal. Not thread-safe. */
public interface RecordSource extends AutoCloseable {
    /** Rows that {@link #scan} holds at a time. */
    int SCAN_ROWS = 1_000;

    /** After so many polls in a row that found nothing, {@link #scan} takes the journal for ended. */
    int MOST_EMPTY_POLLS = 3;

    String producerId();

    /** The first sequence that is still there; 1 if nothing was trimmed yet. */
    long firstSequence();

    /** The last sequence that can be read now, 0 if there is none. */
    long lastSequence();

    /** What the journal lost and knows of, whether before, between or behind the rows that are there. Grows with a repair. */
    MissingSequences missing();

    /** The next row to be read is the one with this sequence; if that is missing, the first one behind it. */
    void seek(long sequence);

    /**
     * Adds the next rows to a list, verified, in order and without a gap, but for what is {@linkplain #missing missing}.
     *
     * @return how many, 0 if there is none at the moment
     */
    int poll(List<SinkRow> rows, int limit);

    /**
     * Reads all rows of a range, which leaves out what is {@linkplain #missing missing}.
     *
     * @param from first sequence
     * @param to   last one, included; nothing is read if it is before {@code from}
     * @throws IllegalStateException if the range ends before {@code to}
     */
    default void scan(long from, long to, Consumer<SinkRow> consumer) {
        if (to < from) {
            return;
        }
        seek(from);
        List<SinkRow> rows = new ArrayList<>();
        long next = from;
        int empty = 0;
        // A poll may find nothing once although there is more, while a writer begins a file.
        while (next <= to && empty < MOST_EMPTY_POLLS) {
            int read = poll(rows, (int) Math.min(SCAN_ROWS, to - next + 1));
            for (SinkRow row : rows) {
                next = row.sequence() + 1;
                if (row.sequence() <= to) {
                    consumer.accept(row);
                }
            }
            rows.clear();
            empty = read == 0 ? empty + 1 : 0;
        }
        if (!missing().cover(next, to)) {
            throw new IllegalStateException(
                    "the journal ended early: producer=" + producerId() + " expected=" + to + " read=" + (next - 1));
        }
    }

    /** Returns when everything that was polled is on disk, so that no power cut can give its sequences to other events. */
    void force();

    @Override
    void close();
}
