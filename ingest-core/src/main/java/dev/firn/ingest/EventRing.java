package dev.firn.ingest;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import dev.firn.event.Event;
import dev.firn.event.EventEncoder;
import java.util.Arrays;
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
 *
 * <p><b>Memory.</b> An event object is handed over by reference. Of an encoder the bytes are copied, since it is used again at once: each
 * place gets an array for them when it first needs one, so a ring through which no encoder ever went has none. Events that are longer than
 * usual may fill a ring of bytes before they fill one of places: beyond {@link #MOST_LONG_BYTES} of them the ring is full.
 */
final class EventRing {
    /** Answers of {@link #offer} that are no position. */
    static final long FULL = -1;

    static final long ENDED = -2;
    /** An event of more bytes costs an array of its own; smaller arrays keep the ring in the processor's cache. */
    static final int SLOT_BYTES = 512;

    /** Canonical bytes of all events in the ring together that have more than {@link #SLOT_BYTES}; one event of each producer may exceed it. */
    static final long MOST_LONG_BYTES = 64L << 20;

    private static final long NOT_FIXED = Long.MAX_VALUE;

    private final RingBuffer<Slot> ring;
    private final EventPoller<Slot> poller;
    private final AtomicLong end = new AtomicLong(NOT_FIXED);
    private final AtomicLong longBytes = new AtomicLong();
    private volatile boolean closing;

    /** One place in the ring: an event, or the canonical bytes of one. */
    static final class Slot {
        private static final byte[] NONE = {};

        @Nullable
        Event event;

        @Nullable
        String sourceLane;

        long receivedAtMicros;
        int length;
        private byte[] small = NONE;
        private byte @Nullable [] large;

        private void copy(EventEncoder encoded) {
            int bytes = encoded.length();
            if (bytes > SLOT_BYTES) {
                large = Arrays.copyOf(encoded.bytes(), bytes);
            } else {
                if (small.length == 0) {
                    small = new byte[SLOT_BYTES];
                }
                System.arraycopy(encoded.bytes(), 0, small, 0, bytes);
            }
            sourceLane = encoded.sourceLane();
            // Last: if there was no memory for it, the slot is empty.
            length = bytes;
        }

        byte[] bytes() {
            return large == null ? small : large;
        }

        boolean isEmpty() {
            return event == null && length == 0;
        }

        /** Else the ring keeps what it holds from the garbage collector until the slot's next turn. */
        private void clear() {
            if (event != null) {
                event = null;
            } else {
                length = 0;
                large = null;
                sourceLane = null;
            }
        }
    }

    /** Takes what is in the ring. What it was given is cleared when it returns. */
    @FunctionalInterface
    interface Consumer {
        /** Returns false to have no more for now. */
        boolean accept(Slot slot, long position) throws Exception;
    }

    EventRing(int size) {
        // The wait strategy is never waited with; this one signals nobody.
        ring = RingBuffer.createMultiProducer(Slot::new, size, new BusySpinWaitStrategy());
        poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
    }

    /**
     * Puts an event in, given as an object or, if that is null, as an encoder that has encoded it, and returns its position, {@link #FULL}
     * or {@link #ENDED}. Any thread. Allocates nothing, but for an encoder an array once for each place, and one for what is longer.
     */
    long offer(@Nullable Event event, @Nullable EventEncoder encoded, long receivedAtMicros) {
        if (closing) {
            return ENDED;
        }
        int length = encoded != null ? encoded.length() : event != null ? event.canonicalLength() : 0;
        if (length > SLOT_BYTES && longBytes.get() >= MOST_LONG_BYTES) {
            return FULL;
        }
        long position;
        try {
            position = ring.tryNext();
        } catch (InsufficientCapacityException e) {
            return FULL;
        }
        boolean counts = false;
        try {
            counts = !closing || position <= fixEnd();
            if (counts) {
                Slot slot = ring.get(position);
                slot.receivedAtMicros = receivedAtMicros;
                if (encoded == null) {
                    slot.event = event;
                } else {
                    slot.copy(encoded);
                }
                if (length > SLOT_BYTES) {
                    longBytes.addAndGet(length);
                }
            }
        } finally {
            // Whatever happens: a position that is never published stops the ring for ever.
            ring.publish(position);
        }
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
        // Closing second. If not, whoever fixes the end reads the cursor later, and finds no lower one.
        // If so, it was perhaps read before this, and the end decides.
        long cursor = ring.getCursor();
        return closing ? Math.min(cursor, fixEnd()) : cursor;
    }

    /** The highest position that the consumer is done with, -1 before the first. */
    long consumedPosition() {
        return poller.getSequence().get();
    }

    /** The answer may be of a moment ago. */
    boolean isFull() {
        return !ring.hasAvailableCapacity(1);
    }

    /** Whether the consumer has seen every position that counts, and no more will. */
    boolean isDrained() {
        return closing && consumedPosition() >= fixEnd();
    }

    /** Lets the consumer have what is there; true if there was anything. One thread, always with the same consumer. */
    boolean poll(EventPoller.Handler<Slot> handler) throws Exception {
        return poller.poll(handler) == EventPoller.PollState.PROCESSING;
    }

    /** For {@link #poll}. */
    EventPoller.Handler<Slot> handler(Consumer consumer) {
        return (slot, position, endOfBatch) -> {
            boolean more = consumer.accept(slot, position);
            int length = slot.event != null ? slot.event.canonicalLength() : slot.length;
            if (length > SLOT_BYTES) {
                longBytes.addAndGet(-length);
            }
            slot.clear();
            return more;
        };
    }
}
