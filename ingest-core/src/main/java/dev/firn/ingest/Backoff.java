package dev.firn.ingest;

import java.util.concurrent.locks.LockSupport;

/**
 * Parks for longer the longer there is nothing to do, from 50 µs, about the shortest that a system parks, to 4 ms: near enough while work
 * comes in, and less than one per cent of a core while none does. One thread.
 */
final class Backoff {
    private static final long SHORTEST_NS = 50_000;
    private static final long LONGEST_NS = 4_000_000;

    private long nextNs = SHORTEST_NS;

    void reset() {
        nextNs = SHORTEST_NS;
    }

    void park() {
        park(LONGEST_NS);
    }

    void park(long atMostNs) {
        LockSupport.parkNanos(this, Math.min(nextNs, atMostNs));
        nextNs = Math.min(2 * nextNs, LONGEST_NS);
    }
}
