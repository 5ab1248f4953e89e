package dev.firn.cli.input;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lines of an NDJSON input: ended by LF or CRLF, the last one also by the end of the input; a byte order mark at the
 * start is skipped. A blank line is a record, for the parser to refuse.
 */
public final class LineReader implements Records {
    private final ByteInput input;
    private final RecordBuffer buffer;
    private long number;

    /**
     * @param limitBytes     the longest line that is held in memory
     * @param spoolDirectory where a longer one is kept, or null if its bytes are of no interest
     */
    public LineReader(InputStream in, int limitBytes, @Nullable Path spoolDirectory) {
        this.input = new ByteInput(in);
        this.buffer = new RecordBuffer(limitBytes, spoolDirectory);
    }

    @Override
    public boolean next() throws IOException {
        buffer.reset();
        if (!input.available()) {
            return false;
        }
        number++;
        while (input.available()) {
            byte[] chunk = input.chunk();
            int from = input.at();
            int to = from;
            while (to < input.end() && chunk[to] != '\n') {
                to++;
            }
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

    @Override
    public long number() {
        return number;
    }

    @Override
    public byte[] bytes() {
        return buffer.bytes();
    }

    @Override
    public int length() {
        return buffer.length();
    }

    @Override
    public Optional<OversizedRecord> oversized() {
        return buffer.oversized();
    }

    @Override
    public boolean hasBuffered() {
        return input.hasBuffered();
    }

    @Override
    public void close() throws IOException {
        buffer.close();
        input.close();
    }
}
