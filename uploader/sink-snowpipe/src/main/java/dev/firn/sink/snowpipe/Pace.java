package dev.firn.sink.snowpipe;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Keeps a channel below a rate, by waiting before more is handed over than a second's worth ahead. Not thread-safe. */
final class Pace {
    private static final double SECOND_NS = 1e9;

    private final double nsPerByte;
    private final LongSupplier nanoClock;
    private final LongConsumer sleeper;
    private long paidUntilNs;

    /** @param sleeper waits for so many nanoseconds */
    Pace(int bytesPerSecond, LongSupplier nanoClock, LongConsumer sleeper) {
        this.nsPerByte = SECOND_NS / bytesPerSecond;
        this.nanoClock = nanoClock;
        this.sleeper = sleeper;
        this.paidUntilNs = nanoClock.getAsLong();
    }

    void spend(long bytes) {
        long now = nanoClock.getAsLong();
        long ahead = paidUntilNs - now;
        if (ahead > SECOND_NS) {
            sleeper.accept(ahead - (long) SECOND_NS);
        }
        paidUntilNs = Math.max(paidUntilNs, now) + (long) (bytes * nsPerByte);
    }
}
