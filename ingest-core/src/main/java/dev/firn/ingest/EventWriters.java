package dev.firn.ingest;

import static java.util.Objects.requireNonNull;

import dev.firn.event.EventEncoder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A writer for each thread, for those who implement {@link EventClient}. An event that is begun while the thread's last one is not emitted,
 * because a value of the one is computed by code that emits the other, gets a writer of its own: the values of two events never meet.
 *
 * <p>Any thread. Allocates nothing for a thread that has its writer.
 */
public final class EventWriters implements AutoCloseable {
    private final Taker taker;
    private final ThreadLocal<EventWriter> writers;

    /** Lives as long as the last thread that emitted; so it must not hold a client that is closed. */
    private static final class Taker implements ToLongFunction<EventEncoder> {
        private final LongAdder closed;
        private volatile @Nullable ToLongFunction<EventEncoder> client;

        Taker(ToLongFunction<EventEncoder> client, LongAdder closed) {
            this.client = client;
            this.closed = closed;
        }

        @Override
        public long applyAsLong(EventEncoder event) {
            ToLongFunction<EventEncoder> open = client;
            if (open != null) {
                return open.applyAsLong(event);
            }
            closed.increment();
            return EventClient.CLOSED;
        }
    }

    /**
     * @param client encodes and takes an event on the calling thread, and copies what it keeps
     * @param closed counts the events that come after {@link #close}
     */
    public EventWriters(ToLongFunction<EventEncoder> client, LongAdder closed) {
        Taker newTaker = new Taker(requireNonNull(client, "client"), requireNonNull(closed, "closed"));
        taker = newTaker;
        writers = ThreadLocal.withInitial(() -> new EventWriter(newTaker));
    }

    /** This thread's writer, with an event of this action begun. */
    public EventWriter begin(String action) {
        EventWriter writer = writers.get();
        if (writer.isOpen()) {
            writer = create();
            writers.set(writer);
        }
        return writer.begin(action);
    }

    /** A writer that belongs to no thread. */
    public EventWriter create() {
        return new EventWriter(taker);
    }

    /** From now on every writer answers {@link EventClient#CLOSED}. */
    @Override
    public void close() {
        taker.client = null;
    }
}
