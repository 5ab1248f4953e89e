package dev.firn.snowflake;

import dev.firn.upload.SinkRow;
import java.util.List;

/**
 * A part of a batch that is handed to a library at once.
 *
 * @param rows  at least one, in order
 * @param token the offset token that goes with them
 * @param bytes of their payload
 */
public record RowPiece(List<SinkRow> rows, long token, long bytes) {
    /** What one request carries at most, and what Snowflake's page recommends for a batch. */
    private static final long MOST_BYTES = 4_000_000;

    /**
     * The piece that begins with a row.
     *
     * @param from        index of the row
     * @param offsetToken of the whole batch: that of its last piece
     */
    public static RowPiece of(List<SinkRow> batch, int from, long offsetToken) {
        int end = from;
        long bytes = 0;
        // The rows of one sequence, as those of a long dead letter, stay together: there is one token for them.
        while (end < batch.size()
                && (bytes < MOST_BYTES
                        || batch.get(end).sequence() == batch.get(end - 1).sequence())) {
            bytes += batch.get(end).payload().length;
            end++;
        }
        long token = end == batch.size() ? offsetToken : batch.get(end - 1).sequence();
        return new RowPiece(batch.subList(from, end), token, bytes);
    }
}
