package dev.firn.embedded;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Nanoseconds that pass when a test says so. */
final class ManualClock implements LongSupplier {
    private long nowNs;

    void advance(Duration duration) {
        nowNs += duration.toNanos();
    }

    @Override
    public long getAsLong() {
        return nowNs;
    }
}
