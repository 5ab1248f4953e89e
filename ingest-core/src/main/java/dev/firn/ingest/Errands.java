package dev.firn.ingest;

import dev.firn.event.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What takes its time and must keep nothing else waiting: an application's listener, and the deletion of old files, which reads them first.
 * On a thread of its own, which exists only where there is such a thing.
 */
final class Errands {
    private static final Logger LOG = LoggerFactory.getLogger(IngestClient.class);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long TRIM_INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long LOG_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final IngestConfig config;
    private final Pipeline pipeline;
    private final Watch watch;
    private final Deque<Event> toTell = new ArrayDeque<>();
    private long told;
    private long trimmedAtNs = System.nanoTime() - TRIM_INTERVAL_NS;
    private long loggedAtNs = System.nanoTime() - LOG_INTERVAL_NS;

    private Errands(IngestConfig config, Pipeline pipeline, Watch watch) {
        this.config = config;
        this.pipeline = pipeline;
        this.watch = watch;
    }

    static void start(IngestConfig config, Pipeline pipeline, Watch watch) {
        if (config.deliveryListener().isPresent() || config.retention().isPresent()) {
            Errands errands = new Errands(config, pipeline, watch);
            pipeline.startOwn("firn-errands-", errands::run);
        }
    }

    private void run() {
        while (!pipeline.isTerminated()) {
            try {
                config.deliveryListener().ifPresent(this::tell);
                config.retention().ifPresent(retention -> {
                    long now = System.nanoTime();
                    if (now - trimmedAtNs >= TRIM_INTERVAL_NS) {
                        trimmedAtNs = now;
                        pipeline.trim(retention).ifPresent(toTell::add);
                    }
                });
                while (!toTell.isEmpty()
                        && pipeline.ring()
                                        .offer(
                                                toTell.element(),
                                                null,
                                                config.clock().getAsLong())
                                >= 0) {
                    toTell.remove();
                }
            } catch (Throwable e) {
                // Errors too: what a listener or a deletion does ends nothing.
                log(e);
            }
            LockSupport.parkNanos(this, LOOK_NS);
        }
    }

    private void tell(DeliveryListener listener) {
        long committed = watch.committedSequence();
        if (committed > told) {
            told = committed;
            listener.committed(committed);
        }
    }

    private void log(Throwable e) {
        long now = System.nanoTime();
        if (now - loggedAtNs >= LOG_INTERVAL_NS) {
            loggedAtNs = now;
            LOG.warn("listener or trimming failed, the client goes on: directory={}", config.directory(), e);
        }
    }
}
