package dev.firn.cli.input;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The bytes of one record while it is read: in memory up to a limit, an {@link OversizedRecord} beyond it. */
final class RecordBuffer implements Closeable {
    private static final int FIRST_CAPACITY = 8_192;
    /** What a long record leaves behind for the next ones. */
    private static final int KEPT_CAPACITY = 1 << 20;

    private static final byte[] NOTHING = new byte[0];

    private final int limit;
    private final @Nullable Path spoolDirectory;
    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int length;
    private @Nullable OversizedRecord oversized;

    RecordBuffer(int limit, @Nullable Path spoolDirectory) {
        this.limit = limit;
        this.spoolDirectory = spoolDirectory;
    }

    void reset() throws IOException {
        close();
        length = 0;
        if (bytes.length > KEPT_CAPACITY) {
            bytes = new byte[FIRST_CAPACITY];
        }
    }

    void append(byte[] source, int offset, int count) throws IOException {
        if (oversized == null) {
            // One more than the limit: the last byte may be half of the line end.
            if ((long) length + count <= limit + 1L) {
                ensure(length + count);
                System.arraycopy(source, offset, bytes, length, count);
                length += count;
                return;
            }
            spool();
        }
        if (oversized != null) {
            oversized.append(source, offset, count);
        }
    }

    /** @param lineEnd whether a line feed ended the record, so that a carriage return before it is no part of it */
    void finish(boolean lineEnd) throws IOException {
        if (oversized == null && lineEnd && length > 0 && bytes[length - 1] == '\r') {
            length--;
        }
        if (oversized == null && length > limit) {
            spool();
        }
        if (oversized != null) {
            oversized.finish(lineEnd);
        }
    }

    private void spool() throws IOException {
        OversizedRecord record = new OversizedRecord(spoolDirectory);
        oversized = record;
        record.append(bytes, 0, length);
        length = 0;
        bytes = new byte[FIRST_CAPACITY];
    }

    private void ensure(int needed) {
        if (needed > bytes.length) {
            int doubled = (int) Math.min(2L * bytes.length, limit + 1L);
            bytes = Arrays.copyOf(bytes, Math.max(needed, doubled));
        }
    }

    byte[] bytes() {
        return oversized == null ? bytes : NOTHING;
    }

    int length() {
        return length;
    }

    Optional<OversizedRecord> oversized() {
        return Optional.ofNullable(oversized);
    }

    @Override
    public void close() throws IOException {
        if (oversized != null) {
            oversized.close();
            oversized = null;
        }
    }
}
