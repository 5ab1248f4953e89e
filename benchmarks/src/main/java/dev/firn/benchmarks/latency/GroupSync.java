package dev.firn.benchmarks.latency;

import java.util.concurrent.TimeUnit;

/** Brings files onto the disk every {@link Target#SYNC_INTERVAL_MS}, on a thread of its own, as Firn's client does. */
final class GroupSync implements AutoCloseable {
    private final Worker.Body sync;
    private final Worker worker = new Worker("sync", this::run);
    private volatile boolean closed;

    GroupSync(Worker.Body sync) {
        this.sync = sync;
        worker.start();
    }

    private void run() throws Exception {
        while (!closed) {
            TimeUnit.MILLISECONDS.sleep(Target.SYNC_INTERVAL_MS);
            sync.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        worker.join();
    }
}
