package dev.firn.benchmarks.latency;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * An open loop: events are due at moments that are fixed in advance, in bursts that are evenly spaced, whatever became of the ones before. A call that takes
 * longer than the space between two events makes the next ones late; the response time counts from when an event was due, so their waiting
 * is in it and not omitted with the stall that caused it. The service time is that of the call alone. One thread, which spins until an event
 * is due.
 */
final class Schedule {
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;
    private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final int eventsPerSecond;
    private final int burst;
    private final LongSupplier nanoClock;
    private final Histogram service = new Histogram(LONGEST_NS, DIGITS);
    private final Histogram response = new Histogram(LONGEST_NS, DIGITS);

    /** @param burst how many events are due at the same moment */
    Schedule(int eventsPerSecond, int burst, LongSupplier nanoClock) {
        this.eventsPerSecond = eventsPerSecond;
        this.burst = burst;
        this.nanoClock = nanoClock;
    }

    /** @param prepared how many events there are; they are taken round and round */
    void run(Target target, int prepared, int events) throws Exception {
        long start = nanoClock.getAsLong() + LEAD_NS;
        int index = 0;
        for (long i = 0; i < events; i++) {
            long due = start + i / burst * burst * TimeUnit.SECONDS.toNanos(1) / eventsPerSecond;
            long begun = nanoClock.getAsLong();
            while (begun < due) {
                Thread.onSpinWait();
                begun = nanoClock.getAsLong();
            }
            target.accept(index);
            long ended = nanoClock.getAsLong();
            service.recordValue(Math.min(ended - begun, LONGEST_NS));
            response.recordValue(Math.min(ended - due, LONGEST_NS));
            if (++index == prepared) {
                index = 0;
            }
        }
    }

    /** Of the calls alone, in nanoseconds. */
    Histogram service() {
        return service;
    }

    /** From when events were due, in nanoseconds. */
    Histogram response() {
        return response;
    }
}
