package dev.firn.ingest;

import java.util.concurrent.atomic.LongAdder;

/** Counts the events that were not taken, by outcome. Any thread; counting takes no lock. */
final class Outcomes {
    final LongAdder ringFull = new LongAdder();
    final LongAdder closed = new LongAdder();
    final LongAdder diskLow = new LongAdder();
    final LongAdder notAdmitted = new LongAdder();
    final LongAdder invalid = new LongAdder();

    long noRoom() {
        return ringFull.sum() + diskLow.sum();
    }

    /** All but the dropped ones, which {@link DroppedEvents} counts. */
    long refused() {
        return noRoom() + closed.sum() + notAdmitted.sum() + invalid.sum();
    }
}
