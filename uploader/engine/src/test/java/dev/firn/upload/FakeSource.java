package dev.firn.upload;

import java.util.ArrayList;
import java.util.List;

/** A journal in memory that knows how much of it was forced to disk, and what of it is lost. */
public final class FakeSource implements RecordSource {
    private final List<SinkRow> rows = new ArrayList<>();
    private final List<SequenceSet.Range> lost = new ArrayList<>();
    private final String producerId;
    private long first = 1;
    private long next = 1;
    private long damaged;
    long polledTo;
    long forcedTo;

    public FakeSource(String producerId, int rows) {
        this.producerId = producerId;
        add(rows);
    }

    void add(int count) {
        for (int i = 0; i < count; i++) {
            rows.add(Rows.row(producerId, rows.size() + 1L));
        }
    }

    public void add(SinkRow row) {
        rows.add(row);
    }

    void trimBefore(long sequence) {
        first = sequence;
    }

    /** In the order of the sequences. */
    public void lose(long from, long to) {
        lost.add(new SequenceSet.Range(from, to));
    }

    private boolean isLost(long sequence) {
        return missing().count(sequence, sequence) == 1;
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
        long there = first;
        while (isLost(there)) {
            there++;
        }
        return there;
    }

    @Override
    public long lastSequence() {
        long last = rows.size();
        while (isLost(last)) {
            last--;
        }
        return last;
    }

    @Override
    public MissingSequences missing() {
        return new MissingSequences(lost);
    }

    @Override
    public void seek(long sequence) {
        next = sequence;
    }

    @Override
    public int poll(List<SinkRow> into, int limit) {
        int read = 0;
        while (read < limit && next <= rows.size() && next != damaged) {
            if (!isLost(next)) {
                into.add(rows.get((int) next - 1));
                polledTo = Math.max(polledTo, next);
                read++;
            }
            next++;
        }
        if (read == 0 && next == damaged) {
            throw new IllegalStateException("damaged: sequence=" + damaged);
        }
        return read;
    }

    @Override
    public void force() {
        forcedTo = polledTo;
    }

    @Override
    public void close() {}
}
