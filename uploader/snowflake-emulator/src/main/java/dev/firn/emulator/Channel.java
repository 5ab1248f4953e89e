package dev.firn.emulator;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** An open channel. Guarded by {@link Channels}. */
final class Channel {
    static final String FINE = "SUCCESS";

    private final String key;
    private final Table table;
    private final Deque<Batch> acknowledged = new ArrayDeque<>();
    private ChannelState committed;
    private long owner;
    private long taken;
    private String statusCode = FINE;

    Channel(String key, Table table, ChannelState committed, long owner) {
        this.key = key;
        this.table = table;
        this.committed = committed;
        this.owner = owner;
        this.taken = committed.rowSequencer();
    }

    /** A new owner: what the one before was told and is not committed is gone. Returns how many rows that are. */
    long takeOver() {
        owner++;
        long discarded =
                acknowledged.stream().mapToLong(batch -> batch.rows().size()).sum();
        acknowledged.clear();
        taken = committed.rowSequencer();
        statusCode = FINE;
        return discarded;
    }

    /** Begins anew behind a token. */
    void restart(ChannelState state) {
        committed = state;
        taken = state.rowSequencer();
    }

    /** What is told of its state, until it is opened again. */
    String statusCode() {
        return statusCode;
    }

    void mark(String code) {
        statusCode = code;
    }

    String key() {
        return key;
    }

    Table table() {
        return table;
    }

    ChannelState committed() {
        return committed;
    }

    /** Counts the openings; a client that shows another number has lost the channel. */
    long owner() {
        return owner;
    }

    /** Number of the last batch that was acknowledged. */
    long taken() {
        return taken;
    }

    boolean hasUncommitted() {
        return !acknowledged.isEmpty();
    }

    void acknowledge(Batch batch) {
        taken = batch.rowSequencer();
        acknowledged.add(batch);
    }

    @Nullable
    Batch firstUncommitted() {
        return acknowledged.peek();
    }

    void committed(ChannelState state) {
        acknowledged.remove();
        committed = state;
    }
}
