package dev.firn.benchmarks.latency;

import dev.firn.journal.Journal;
import java.util.concurrent.TimeUnit;

/** Syncs a journal every {@link Target#SYNC_INTERVAL_MS}, on a thread of its own, as Firn's client does. */
final class GroupSync implements AutoCloseable {
    private final Journal journal;
    private final Worker worker = new Worker("sync", this::run);
    private volatile boolean closed;

    GroupSync(Journal journal) {
        this.journal = journal;
        worker.start();
    }

    private void run() throws InterruptedException {
        while (!closed) {
            TimeUnit.MILLISECONDS.sleep(Target.SYNC_INTERVAL_MS);
            if (journal.lastSequence() > journal.durableSequence()) {
                journal.sync();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        worker.join();
    }
}
