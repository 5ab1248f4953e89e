package dev.firn.benchmarks;

import dev.firn.event.Event;
import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Something that takes events from an application's thread. */
interface EventTaker {
    /** Takes nothing. */
    EventTaker NONE = event -> -1;

    /** Returns a negative number if the event was not taken. */
    long take(Event event);

    /** Whether everything that was taken went on to where it goes. */
    default boolean isEmpty() {
        return true;
    }

    default void close() {}

    /** The embedded client, with its defaults. */
    final class Firn implements EventTaker {
        private final IngestClient client;
        private long last;

        Firn(Path journal) {
            client = IngestClient.open(IngestConfig.builder(journal).build());
        }

        @Override
        public long take(Event event) {
            long sequence = client.emit(event);
            last = sequence;
            return sequence;
        }

        @Override
        public boolean isEmpty() {
            return client.lastSequence() >= last;
        }

        @Override
        public void close() {
            if (!client.close(IngestClient.DEFAULT_CLOSE_TIMEOUT).complete()) {
                throw new IllegalStateException("the client did not write everything");
            }
        }
    }

    /** A queue of the JDK with a thread behind it. */
    final class Queue implements EventTaker {
        private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(IngestConfig.DEFAULT_RING_SIZE);
        private final Thread drain = new Thread(this::drain, "drain");

        Queue() {
            drain.setDaemon(true);
            drain.start();
        }

        private void drain() {
            try {
                while (true) {
                    queue.take();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public long take(Event event) {
            return queue.offer(event) ? 0 : -1;
        }

        @Override
        public boolean isEmpty() {
            return queue.isEmpty();
        }

        @Override
        public void close() {
            drain.interrupt();
        }
    }
}
