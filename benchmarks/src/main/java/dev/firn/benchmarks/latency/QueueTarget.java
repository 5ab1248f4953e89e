package dev.firn.benchmarks.latency;

import dev.firn.event.Event;
import dev.firn.ingest.IngestConfig;
import dev.firn.journal.Journal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A queue of the JDK, as long as Firn's ring, takes events that are built, by reference; a thread behind it writes them to the same journal
 * with the same group sync. The thread takes as many at once as there are, up to a batch, which is kinder to the queue than one by one.
 */
final class QueueTarget implements Target {
    private static final int BATCH = 256;
    private static final long POLL_MS = 10;
    private static final long AWAIT_PARK_NS = 50_000;

    private final Path directory;
    private final Journal journal;
    private final GroupSync sync;
    private final Event[] events;
    private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(IngestConfig.DEFAULT_RING_SIZE);
    private final Worker writer = new Worker("writer", this::write);
    private volatile boolean closing;

    QueueTarget(Path directory, Event[] events) {
        this.directory = directory;
        this.events = events;
        this.journal = Journal.open(directory);
        this.sync = new GroupSync(journal::sync);
        writer.start();
    }

    @Override
    public void accept(int index) throws InterruptedException {
        queue.put(events[index]);
    }

    private void write() throws InterruptedException {
        byte[] lane = IngestConfig.DEFAULT_SOURCE_LANE.getBytes(StandardCharsets.US_ASCII);
        byte[] canonical = new byte[Journal.MAX_CANONICAL_BYTES];
        List<Event> batch = new ArrayList<>(BATCH);
        while (true) {
            Event first = queue.poll(POLL_MS, TimeUnit.MILLISECONDS);
            if (first == null) {
                if (closing) {
                    return;
                }
                continue;
            }
            batch.add(first);
            queue.drainTo(batch, BATCH - 1);
            long receivedAtMicros = System.currentTimeMillis() * 1_000;
            for (Event event : batch) {
                if (journal.isFull()) {
                    journal.publish();
                }
                event.copyCanonicalTo(canonical, 0);
                journal.add(receivedAtMicros, lane, lane.length, canonical, event.canonicalLength());
            }
            journal.publish();
            batch.clear();
        }
    }

    @Override
    public void awaitWritten(long taken) {
        while (journal.lastSequence() < taken) {
            writer.check();
            LockSupport.parkNanos(AWAIT_PARK_NS);
        }
    }

    @Override
    public void close() {
        closing = true;
        try (journal;
                sync) {
            writer.join();
        }
    }

    @Override
    public long countStored() {
        return Stored.records(directory);
    }
}
