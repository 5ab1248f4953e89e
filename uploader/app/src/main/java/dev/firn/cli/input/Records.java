package dev.firn.cli.input;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * The records of one input, one after the other, as the bytes that stand there without the line end.
 *
 * <p>A flyweight: what the methods give is valid until the next call of {@link #next}. Not thread-safe.
 */
public sealed interface Records extends Closeable permits LineReader, CsvReader {
    /** The longest record that is held in memory. */
    int MAX_RECORD_BYTES = 64 << 20;

    /** Goes to the next record; false at the end of the input. */
    boolean next() throws IOException;

    /** Line or data row of the current record, from 1. */
    long number();

    /** Holds the current record from index 0; empty for an oversized one. */
    byte[] bytes();

    /** How many of {@link #bytes} belong to the record. */
    int length();

    /** The current record, if it is too long for memory. */
    Optional<OversizedRecord> oversized();

    /** Whether the input has given bytes that were not looked at yet: if not, the next record may have to be waited for. */
    boolean hasBuffered();
}
