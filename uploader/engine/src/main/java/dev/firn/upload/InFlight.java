package dev.firn.upload;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Batches that were handed over and are not known to be committed, in order. Not thread-safe. */
final class InFlight {
    private final Deque<Batch> batches = new ArrayDeque<>();
    private long rows;
    private long bytes;

    boolean isEmpty() {
        return batches.isEmpty();
    }

    int batches() {
        return batches.size();
    }

    long rows() {
        return rows;
    }

    /** Of payload. */
    long bytes() {
        return bytes;
    }

    void add(Batch batch) {
        batches.add(batch);
        count(batch, 1);
    }

    private void count(Batch batch, int times) {
        rows += (long) times * batch.rows().size();
        bytes += times * batch.bytes();
    }

    /** Takes out the rows up to a sequence, those of a part of a batch too. */
    List<Batch> takeUpTo(long sequence) {
        List<Batch> taken = new ArrayList<>();
        for (Batch first = batches.peek();
                first != null && first.rows().get(0).sequence() <= sequence;
                first = batches.peek()) {
            batches.remove();
            Batch arrived = first.upTo(sequence);
            if (arrived != first) {
                batches.addFirst(first.after(sequence));
            }
            count(arrived, -1);
            taken.add(arrived);
        }
        return taken;
    }

    /** Forgets the rows behind a sequence. */
    void keepUpTo(long sequence) {
        List<Batch> kept = takeUpTo(sequence);
        batches.clear();
        rows = 0;
        bytes = 0;
        kept.forEach(this::add);
    }
}
