package dev.firn.upload;

import java.util.List;

/**
 * What was handed to a channel at once.
 *
 * @param token the last sequence
 * @param rows  in order, several with the same sequence if it is that of a long dead letter
 */
record Batch(long token, List<SinkRow> rows) {
    static Batch of(List<SinkRow> rows) {
        return new Batch(rows.get(rows.size() - 1).sequence(), rows);
    }

    long bytes() {
        long bytes = 0;
        for (SinkRow row : rows) {
            bytes += row.payload().length;
        }
        return bytes;
    }

    /** The rows up to a sequence; none perhaps. */
    Batch upTo(long sequence) {
        return token <= sequence ? this : new Batch(sequence, rows.subList(0, rowsUpTo(sequence)));
    }

    /** The other ones. */
    Batch after(long sequence) {
        return new Batch(token, rows.subList(rowsUpTo(sequence), rows.size()));
    }

    private int rowsUpTo(long sequence) {
        int count = 0;
        while (count < rows.size() && rows.get(count).sequence() <= sequence) {
            count++;
        }
        return count;
    }
}
