package dev.firn.ingest;

import dev.firn.event.Event;
import dev.firn.event.EventTime;
import dev.firn.event.PipelineEvents;
import dev.firn.journal.ProducerId;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What was dropped and is not yet on record. {@link #add} from any thread, without a lock and without allocation; the rest from the writer's.
 *
 * <p>A report never counts an event twice and never leaves one out, and its range of times holds the times of all that it counts. While drops
 * are being added the range may be wider than that: the earliest time is kept until a report finds no drop under way, since one that is noted
 * but not counted belongs to a later report.
 */
final class DroppedEvents {
    private static final long NONE = Long.MAX_VALUE;

    private final LongAdder begun = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final AtomicLong firstAtMicros = new AtomicLong(NONE);
    private final AtomicLong lastAtMicros = new AtomicLong(Long.MIN_VALUE);
    private final ProducerId producerId;
    private final LongSupplier clock;

    private long reported;
    private long earliestAtMicros = NONE;

    DroppedEvents(ProducerId producerId, LongSupplier clock) {
        this.producerId = producerId;
        this.clock = clock;
    }

    void add(long atMicros) {
        begun.increment();
        firstAtMicros.accumulateAndGet(atMicros, Math::min);
        lastAtMicros.accumulateAndGet(atMicros, Math::max);
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
        earliestAtMicros = Math.min(earliestAtMicros, firstAtMicros.getAndSet(NONE));
        Event event = report(count - reported, earliestAtMicros, lastAtMicros.get(), "no room");
        reported = count;
        // As many begun as were counted before: none was under way, and all that were noted are told of.
        earliestAtMicros = begun.sum() == count ? NONE : earliestAtMicros;
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
