package dev.firn.upload;

import java.util.ArrayList;
import java.util.List;

/** A journal in memory that knows how much of it was forced to disk. */
final class FakeSource implements RecordSource {
    private final List<SinkRow> rows = new ArrayList<>();
    private final String producerId;
    private long first = 1;
    private long next = 1;
    private long damaged;
    long polledTo;
    long forcedTo;

    FakeSource(String producerId, int rows) {
        this.producerId = producerId;
        add(rows);
    }

    void add(int count) {
        for (int i = 0; i < count; i++) {
            rows.add(Rows.row(producerId, rows.size() + 1L));
        }
    }

    void add(SinkRow row) {
        rows.add(row);
    }

    void trimBefore(long sequence) {
        first = sequence;
    }

    void damage(long sequence) {
        damaged = sequence;
    }

    @Override
    public String producerId() {
        return producerId;
    }

    @Override
    public long firstSequence() {
        return first;
    }

    @Override
    public long lastSequence() {
        return rows.size();
    }

    @Override
    public void seek(long sequence) {
        next = sequence;
    }

    @Override
    public int poll(List<SinkRow> into, int limit) {
        if (next == damaged) {
            throw new IllegalStateException("damaged: sequence=" + damaged);
        }
        int read = 0;
        while (read < limit && next <= rows.size() && next != damaged) {
            into.add(rows.get((int) next++ - 1));
            read++;
        }
        polledTo = next - 1;
        return read;
    }

    @Override
    public void force() {
        forcedTo = polledTo;
    }

    @Override
    public void close() {}
}
