package dev.firn.journal;

import net.openhft.chronicle.core.time.TimeProvider;

/**
 * The time by which files are chosen: the newest time of receipt so far. It never goes back, also not behind the newest file of an earlier
 * run: after a clock was set back the queue would otherwise append to an older file that is already ended, out of order.
 *
 * <p>Used by the writer's thread.
 */
final class MonotoneTime implements TimeProvider {
    private long millis;

    MonotoneTime(long millis) {
        this.millis = millis;
    }

    /** Whether it is within the time of this file. */
    boolean isIn(int cycle) {
        long start = CycleFile.startMillis(cycle);
        return millis >= start && millis < start + Queues.ROLL_CYCLE.lengthInMillis();
    }

    void advanceTo(long epochMillis) {
        millis = Math.max(millis, epochMillis);
    }

    @Override
    public long currentTimeMillis() {
        return millis;
    }
}
