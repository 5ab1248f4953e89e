package dev.firn.upload;

import java.util.ArrayList;
import java.util.List;

/** Keeps the position in memory, and remembers all that were written. */
public final class MemoryPosition implements KeptPosition {
    private final List<Long> written = new ArrayList<>();
    private long kept;

    @Override
    public long read() {
        return kept;
    }

    @Override
    public void write(long sequence) {
        kept = sequence;
        written.add(sequence);
    }

    List<Long> written() {
        return written;
    }
}
