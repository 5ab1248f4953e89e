package dev.firn.ingest;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Microseconds since 1970-01-01T00:00Z from the cheapest clock that is fine enough: the nanosecond counter, set by the system's clock now
 * and then. {@link java.time.Instant#now} would allocate, {@link System#currentTimeMillis} stops at milliseconds.
 *
 * <p>Any thread; {@link #adjust} from one. It follows the system's clock with up to the time between two adjustments, back too.
 */
final class EpochClock implements LongSupplier {
    private volatile long offsetMicros;

    EpochClock() {
        adjust();
    }

    @Override
    public long getAsLong() {
        return System.nanoTime() / 1_000 + offsetMicros;
    }

    /** To be called about once a second. */
    void adjust() {
        long counter = System.nanoTime() / 1_000;
        Instant now = Instant.now();
        offsetMicros = TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000 - counter;
    }
}
