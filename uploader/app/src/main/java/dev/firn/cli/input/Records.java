package dev.firn.cli.input;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The records of one input, one after the other, as the bytes that stand there without the line end.
 *
 * <p>A flyweight: what the methods give is valid until the next call of {@link #next}. Not thread-safe.
 */
public abstract sealed class Records implements Closeable permits LineReader, CsvReader {
    /** The longest record that is held in memory. */
    public static final int MAX_RECORD_BYTES = 64 << 20;

    private final ByteInput input;
    private final RecordBuffer buffer;
    private long number;

    Records(InputStream in, int limitBytes, @Nullable Path spoolDirectory) {
        this.input = new ByteInput(in);
        this.buffer = new RecordBuffer(limitBytes, spoolDirectory);
    }

    /** Goes to the next record; false at the end of the input. */
    public final boolean next() throws IOException {
        if (!read()) {
            return false;
        }
        number++;
        return true;
    }

    /** Reads a record without counting it; false at the end of the input. */
    final boolean read() throws IOException {
        buffer.reset();
        if (!input.available()) {
            return false;
        }
        begin();
        while (input.available()) {
            byte[] chunk = input.chunk();
            int from = input.at();
            int to = endOfRecord(chunk, from, input.end());
            buffer.append(chunk, from, to - from);
            if (to < input.end()) {
                input.advanceTo(to + 1);
                buffer.finish(true);
                return true;
            }
            input.advanceTo(to);
        }
        buffer.finish(false);
        return true;
    }

    /** A record begins. */
    abstract void begin();

    /** Where in {@code chunk[from, end)} the LF stands that ends the record; {@code end} if it does not. */
    abstract int endOfRecord(byte[] chunk, int from, int end);

    /** Line or data row of the current record, from 1. */
    public final long number() {
        return number;
    }

    /** Holds the current record from index 0; empty for an oversized one. */
    public final byte[] bytes() {
        return buffer.bytes();
    }

    /** How many of {@link #bytes} belong to the record. */
    public final int length() {
        return buffer.length();
    }

    /** The current record, if it is too long for memory. */
    public final Optional<OversizedRecord> oversized() {
        return buffer.oversized();
    }

    /** Whether the input has given bytes that were not looked at yet: if not, the next record may have to be waited for. */
    public final boolean hasBuffered() {
        return input.hasBuffered();
    }

    @Override
    public final void close() throws IOException {
        buffer.close();
        input.close();
    }
}
