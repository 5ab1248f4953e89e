package dev.firn.upload;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How long to wait before the next attempt: twice as long each time up to a limit, and up to a fifth less. An uploader asks and goes
 * on with other journals, on whatever clock it was given; the policies of Failsafe wait themselves and read the system's clock,
 * so nothing that is built on them can be run again from a seed.
 */
final class BackOff {
    private static final double JITTER = 0.2;
    private static final int MOST_DOUBLINGS = 20;

    private final long firstNs;
    private final long mostNs;
    private final SplittableRandom random;

    BackOff(Duration first, Duration most, long seed) {
        this.firstNs = first.toNanos();
        this.mostNs = most.toNanos();
        this.random = new SplittableRandom(seed);
    }

    /** @param attempt that failed, from 1 */
    long nextNs(int attempt) {
        long wholeNs = Math.min(firstNs << Math.min(attempt - 1, MOST_DOUBLINGS), mostNs);
        return (long) (wholeNs * (1 - JITTER * random.nextDouble()));
    }
}
