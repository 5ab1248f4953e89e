package dev.firn.ingest;

import dev.firn.event.Event;
import dev.firn.event.EventTime;
import dev.firn.event.PipelineEvents;
import dev.firn.journal.ProducerId;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What was dropped and is not yet on record. {@link #add} from any thread, without a lock; the rest from the writer's.
 *
 * <p>A report never counts an event twice and never leaves one out. Its range of times holds the times of all that it counts; under a race
 * it may begin earlier than the first of them.
 */
final class DroppedEvents {
    private static final long NONE = 0;

    private final LongAdder dropped = new LongAdder();
    private final AtomicLong firstAtMicros = new AtomicLong(NONE);
    private final LongAccumulator lastAtMicros = new LongAccumulator(Math::max, NONE);
    private final ProducerId producerId;
    private final LongSupplier clock;

    private long reported;
    private long earliestAtMicros;

    DroppedEvents(ProducerId producerId, LongSupplier clock) {
        this.producerId = producerId;
        this.clock = clock;
    }

    void add(long atMicros) {
        firstAtMicros.compareAndSet(NONE, atMicros);
        lastAtMicros.accumulate(atMicros);
        // Last: what is counted has its time in the range.
        dropped.increment();
    }

    /** All that were ever dropped. */
    long count() {
        return dropped.sum();
    }

    boolean isPending() {
        return dropped.sum() > reported;
    }

    /** Tells of all that are not yet told of; they are told of then. */
    Event takeReport() {
        long count = dropped.sum();
        long first = firstAtMicros.getAndSet(NONE);
        if (first != NONE) {
            earliestAtMicros = first;
        }
        Event event = report(count - reported, earliestAtMicros, lastAtMicros.get(), "no room");
        reported = count;
        return event;
    }

    /** Tells of one event of this moment that is not counted here. */
    Event reportOne(String reason) {
        long now = clock.getAsLong();
        return report(1, now, now, reason);
    }

    private Event report(long count, long firstMicros, long lastMicros, String reason) {
        return PipelineEvents.eventsDropped(
                producerId.toString(), count, firstMicros, lastMicros, reason, EventTime.instant(clock.getAsLong()));
    }
}
