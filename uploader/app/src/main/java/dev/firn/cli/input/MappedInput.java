package dev.firn.cli.input;

import dev.firn.event.Event;
import dev.firn.event.InvalidEventException;
import dev.firn.event.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One input with the mapping that makes events of its records. Not thread-safe. */
public final class MappedInput implements Closeable {
    private final Mapping mapping;
    private final Records records;
    private final Map<String, Integer> header;

    private MappedInput(Mapping mapping, Records records, Map<String, Integer> header) {
        this.mapping = mapping;
        this.records = records;
        this.header = header;
    }

    /**
     * Reads the header of CSV and compares it with the mapping.
     *
     * @param limitBytes     the longest record that is held in memory
     * @param spoolDirectory where a longer one is kept
     * @throws InputException if the header cannot be used, or lacks a column that the mapping names
     */
    public static MappedInput open(Mapping mapping, InputStream in, int limitBytes, @Nullable Path spoolDirectory)
            throws IOException {
        if (mapping.format() == Mapping.Format.NDJSON) {
            return new MappedInput(mapping, new LineReader(in, limitBytes, spoolDirectory), Map.of());
        }
        CsvReader rows = new CsvReader(in, limitBytes, spoolDirectory);
        mapping.checkHeader(rows.header());
        return new MappedInput(mapping, rows, rows.header());
    }

    public Records records() {
        return records;
    }

    /**
     * The events of the current record, which must not be oversized.
     *
     * @return none if the mapping skips it
     * @throws InvalidEventException if it does not fit
     */
    public List<Event> events() {
        return mapping.events(row());
    }

    private Row row() {
        if (mapping.format() == Mapping.Format.NDJSON) {
            return Row.ofJson(records.number(), JsonRows.line(records.bytes(), records.length()));
        }
        if (records.length() == 0 && header.size() > 1) {
            throw new InvalidEventException(Reason.BLANK_LINE, "", "the row is blank");
        }
        List<String> cells = CsvCells.of(records.bytes(), records.length());
        if (cells.size() != header.size()) {
            throw Values.unmapped(
                    "",
                    "the row has another number of cells than the header: cells=" + cells.size() + " header="
                            + header.size());
        }
        return Row.ofCsv(records.number(), header, cells);
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
