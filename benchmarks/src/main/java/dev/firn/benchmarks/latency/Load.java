package dev.firn.benchmarks.latency;

/**
 * How much a subject gets to do.
 *
 * @param eventsPerSecond  of the phase with a schedule
 * @param burst            how many of them are due at the same moment
 * @param latencyEvents    how many in it
 * @param saturatedEvents  how many in the phase without one
 * @param warmUpEvents     saturated, before anything is measured; a fifth of the latency events follow, on the schedule
 */
record Load(int eventsPerSecond, int burst, int latencyEvents, int saturatedEvents, int warmUpEvents) {
    /** So small that the numbers mean nothing. */
    static final Load SMOKE = new Load(20_000, 1, 2_000, 20_000, 2_000);

    Load {
        if (eventsPerSecond < 1 || burst < 1 || latencyEvents < 1 || saturatedEvents < 1 || warmUpEvents < 1) {
            throw new IllegalArgumentException("load must be 1 or more of everything: eventsPerSecond="
                    + eventsPerSecond + " burst=" + burst
                    + " latencyEvents=" + latencyEvents + " saturatedEvents=" + saturatedEvents + " warmUpEvents="
                    + warmUpEvents);
        }
    }

    int warmUpLatencyEvents() {
        return Math.max(1, latencyEvents / 5);
    }

    /** For what cannot do as much. */
    Load dividedBy(int divisor) {
        return new Load(
                Math.max(1, eventsPerSecond / divisor),
                burst,
                Math.max(1, latencyEvents / divisor),
                Math.max(1, saturatedEvents / divisor),
                Math.max(1, warmUpEvents / divisor));
    }
}
