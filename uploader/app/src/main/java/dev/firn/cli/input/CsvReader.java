package dev.firn.cli.input;

import dev.firn.event.InvalidEventException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data rows of a CSV input (RFC 4180): split at the LF or CRLF that stand outside of quotes; a byte order mark at
 * the start is skipped; the first record is the header. A row is given as its bytes and taken apart by
 * {@link CsvCells} only then, so that a row that breaks the rules can be kept as it was, and the rest goes on.
 */
public final class CsvReader extends Records {
    private enum State {
        CELL_START,
        UNQUOTED,
        QUOTED,
        QUOTE_IN_QUOTED
    }

    private final Map<String, Integer> header;
    private State state = State.CELL_START;

    /**
     * Reads the header.
     *
     * @param limitBytes     the longest record that is held in memory
     * @param spoolDirectory where a longer one is kept
     * @throws InputException if there is no header, or a name in it is missing or stands twice
     */
    public CsvReader(InputStream in, int limitBytes, @Nullable Path spoolDirectory) throws IOException {
        super(in, limitBytes, spoolDirectory);
        this.header = readHeader();
    }

    /** The columns by name, in the order of the file. */
    Map<String, Integer> header() {
        return header;
    }

    private Map<String, Integer> readHeader() throws IOException {
        if (!read()) {
            throw new InputException("the CSV file is empty: it must begin with a header row");
        }
        if (oversized().isPresent()) {
            throw new InputException("the CSV header is too long: is a quote left open in it?");
        }
        List<String> names;
        try {
            names = CsvCells.of(bytes(), length());
        } catch (InvalidEventException e) {
            throw new InputException("the CSV header cannot be read: " + e.getMessage());
        }
        // A name is not shown: where the header was forgotten, it is content.
        Map<String, Integer> columns = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).isEmpty()) {
                throw new InputException("the CSV header has no name for a column: column=" + (i + 1));
            }
            Integer earlier = columns.putIfAbsent(names.get(i), i);
            if (earlier != null) {
                throw new InputException("the CSV header has the same name for two columns: columns=" + (earlier + 1)
                        + " and " + (i + 1));
            }
        }
        return columns;
    }

    @Override
    void begin() {
        state = State.CELL_START;
    }

    @Override
    int endOfRecord(byte[] chunk, int from, int end) {
        int at = from;
        while (at < end && !(chunk[at] == '\n' && state != State.QUOTED)) {
            state = after(state, chunk[at]);
            at++;
        }
        return at;
    }

    private static State after(State state, byte b) {
        return switch (state) {
            case CELL_START -> b == '"' ? State.QUOTED : b == ',' ? State.CELL_START : State.UNQUOTED;
            case UNQUOTED -> b == ',' ? State.CELL_START : State.UNQUOTED;
            case QUOTED -> b == '"' ? State.QUOTE_IN_QUOTED : State.QUOTED;
            case QUOTE_IN_QUOTED -> b == '"' ? State.QUOTED : b == ',' ? State.CELL_START : State.UNQUOTED;
        };
    }
}
