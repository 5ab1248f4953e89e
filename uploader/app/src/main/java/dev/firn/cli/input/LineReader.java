package dev.firn.cli.input;

import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The lines of an NDJSON input: ended by LF or CRLF, the last one also by the end of the input; a byte order mark at the
 * start is skipped. A blank line is a record, for the parser to refuse.
 */
public final class LineReader extends Records {
    /**
     * @param limitBytes     the longest line that is held in memory
     * @param spoolDirectory where a longer one is kept, or null if its bytes are of no interest
     */
    public LineReader(InputStream in, int limitBytes, @Nullable Path spoolDirectory) {
        super(in, limitBytes, spoolDirectory);
    }

    @Override
    void begin() {
        // A line is like the next one.
    }

    @Override
    int endOfRecord(byte[] chunk, int from, int end) {
        int at = from;
        while (at < end && chunk[at] != '\n') {
            at++;
        }
        return at;
    }
}
