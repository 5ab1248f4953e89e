package dev.firn.ingest;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import dev.firn.event.Event;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Between the emitting threads and the writer: positions 0, 1, 2, … of which each becomes one record, up to an end that {@link #close} fixes.
 *
 * <p><b>The end.</b> A producer looks at {@code closing} again after its claim. Not closing: its position was claimed before anyone fixed the
 * end. Closing: the end is fixed, by this producer if by nobody else, as the highest position claimed by then; a position up to it counts, a
 * later one is published empty and nobody waits for it. So every producer knows whether its event counts, no position is left out in the
 * middle, and nobody waits for anybody: not for room in a full ring, not for a writer that is stuck.
 *
 * <p>The consumer polls. So no producer ever wakes a thread, which costs more than all else it does, and none of the Disruptor's ways to
 * lose a consumer apply: its threads, its exception handlers, its shutdown.
 */
final class EventRing {
    /** Answers of {@link #offer} that are no position. */
    static final long FULL = -1;

    static final long ENDED = -2;
    private static final long NOT_FIXED = Long.MAX_VALUE;

    private final RingBuffer<Slot> ring;
    private final EventPoller<Slot> poller;
    private final AtomicLong end = new AtomicLong(NOT_FIXED);
    private volatile boolean closing;

    /** One place in the ring. */
    static final class Slot {
        @Nullable
        Event event;

        long receivedAtMicros;
    }

    EventRing(int size) {
        // The wait strategy is never waited with; this one signals nobody.
        ring = RingBuffer.createMultiProducer(Slot::new, size, new BusySpinWaitStrategy());
        poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
    }

    /** Puts the event in and returns its position, {@link #FULL} or {@link #ENDED}. Any thread. Allocates nothing. */
    long offer(Event event, long receivedAtMicros) {
        if (closing) {
            return ENDED;
        }
        long position;
        try {
            position = ring.tryNext();
        } catch (InsufficientCapacityException e) {
            return FULL;
        }
        boolean counts = !closing || position <= fixEnd();
        if (counts) {
            Slot slot = ring.get(position);
            slot.event = event;
            slot.receivedAtMicros = receivedAtMicros;
        }
        ring.publish(position);
        return counts ? position : ENDED;
    }

    /** No position after those that are claimed will count. Any thread, any number of times. */
    void close() {
        closing = true;
        fixEnd();
    }

    boolean isClosing() {
        return closing;
    }

    private long fixEnd() {
        long fixed = end.get();
        if (fixed == NOT_FIXED) {
            end.compareAndSet(NOT_FIXED, ring.getCursor());
            fixed = end.get();
        }
        return fixed;
    }

    /** The highest position that counts so far, -1 if none does. */
    long lastPosition() {
        // The end second: fixed between the two reads it may be less than the cursor, never more than it will be.
        long cursor = ring.getCursor();
        return Math.min(cursor, end.get());
    }

    /** The highest position that the consumer is done with, -1 before the first. */
    long consumedPosition() {
        return poller.getSequence().get();
    }

    /** Whether the consumer has seen every position that counts, and no more will. */
    boolean isDrained() {
        return closing && consumedPosition() >= fixEnd();
    }

    /** Lets the handler have what is there; true if there was anything. One thread. */
    boolean poll(EventPoller.Handler<Slot> handler) throws Exception {
        return poller.poll(handler) == EventPoller.PollState.PROCESSING;
    }
}
