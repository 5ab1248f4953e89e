package dev.firn.benchmarks;

import dev.firn.event.Event;
import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Something that takes events from an application's threads, any number of them. */
interface EventTaker {
    /** Takes nothing. */
    EventTaker NONE = (event, messageId) -> -1;

    /**
     * Returns a negative number if the event was not taken.
     *
     * @param event     built beforehand
     * @param messageId what tells it from others, for who builds nothing
     */
    long take(Event event, String messageId);

    /**
     * Whether what was taken went on to where it goes.
     *
     * @param last the last answer to the thread that asks
     */
    default boolean isDone(long last) {
        return true;
    }

    default void close() {}

    /** The embedded client, with its defaults. */
    final class Firn implements EventTaker {
        private final IngestClient client;

        Firn(Path journal) {
            client = IngestClient.open(IngestConfig.builder(journal).build());
        }

        @Override
        public long take(Event event, String messageId) {
            return client.emit(event);
        }

        @Override
        public boolean isDone(long last) {
            return client.lastSequence() >= last;
        }

        @Override
        public void close() {
            closeWhole(client);
        }
    }

    private static void closeWhole(IngestClient client) {
        if (!client.close(IngestClient.DEFAULT_CLOSE_TIMEOUT).complete()) {
            throw new IllegalStateException("the client did not write everything");
        }
    }

    /** The same, encoding what the application has. */
    final class FirnEncoding implements EventTaker {
        private final IngestClient client;

        FirnEncoding(Path journal) {
            client = IngestClient.open(IngestConfig.builder(journal).build());
        }

        @Override
        public long take(Event event, String messageId) {
            return TypicalEvent.emit(client, messageId);
        }

        @Override
        public boolean isDone(long last) {
            return client.lastSequence() >= last;
        }

        @Override
        public void close() {
            closeWhole(client);
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
        public long take(Event event, String messageId) {
            return queue.offer(event) ? 0 : -1;
        }

        @Override
        public boolean isDone(long last) {
            return queue.isEmpty();
        }

        @Override
        public void close() {
            drain.interrupt();
        }
    }
}
