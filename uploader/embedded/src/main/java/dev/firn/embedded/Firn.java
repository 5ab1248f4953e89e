package dev.firn.embedded;

import static java.util.Objects.requireNonNull;

import dev.firn.ingest.FlushReport;
import dev.firn.ingest.IngestClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Client and uploader in one process. The client writes to its journal and knows nothing of the warehouse; the uploader reads the journal on
 * a daemon thread of its own. A warehouse that is down, slow or refuses never disturbs {@code emit}: what is not uploaded waits in the
 * journal, beyond the end of the process too.
 *
 * <p><b>Threads.</b> Any number of callers of everything.
 *
 * <p><b>Failure.</b> An upload that fails is tried again for ever, and logged at most every ten seconds, without content;
 * {@link #uploadFailure} and the meters tell of it. If the client fails, it closes itself, and what it wrote is still uploaded.
 *
 * <p><b>Cost.</b> One thread, which looks every 20 ms when there is nothing to do; rows of a batch in memory and of those that are under way.
 */
public final class Firn implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Firn.class);
    private static final long LEAST_IDLE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MOST_IDLE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final FirnConfig config;
    private final IngestClient client;
    private final UploadLoop loop;
    private final @Nullable UploadMeters meters;
    private final Thread thread;
    private volatile boolean stopping;

    private Firn(FirnConfig config, IngestClient client) {
        this.config = config;
        this.client = client;
        this.loop = new UploadLoop(config, client::lastSequence, System::nanoTime);
        this.meters = config.ingest()
                .meterRegistry()
                .map(registry ->
                        new UploadMeters(registry, loop, client.producerId().toString()))
                .orElse(null);
        this.thread = new Thread(
                this::run, "firn-upload-" + config.ingest().directory().getFileName());
        thread.setDaemon(true);
    }

    /**
     * Opens the client, then starts the uploader. The warehouse may be down: it is opened on the uploader's thread.
     *
     * @throws RuntimeException what {@link IngestClient#open} throws
     */
    public static Firn start(FirnConfig config) {
        requireNonNull(config, "config");
        IngestClient client = IngestClient.open(config.ingest());
        try {
            Firn firn = new Firn(config, client);
            firn.thread.start();
            return firn;
        } catch (RuntimeException e) {
            // A meter registry may refuse. The directory must not stay locked.
            client.close();
            throw e;
        }
    }

    /** Where events go. Ends with {@link #close}; need not be closed by itself. */
    public IngestClient client() {
        return client;
    }

    /** What keeps events from being uploaded at the moment, if anything does. */
    public Optional<UploadFailure> uploadFailure() {
        return Optional.ofNullable(loop.failure());
    }

    /** The last sequence that is known to be in the warehouse; 0 until the warehouse was asked for it. */
    public long committedSequence() {
        return loop.committedSequence();
    }

    /** Events in the journal that are not known to be in the warehouse. */
    public long pending() {
        return loop.pending();
    }

    private void run() {
        long idleNs = LEAST_IDLE_NS;
        while (!stopping) {
            if (loop.doWork() > 0) {
                idleNs = LEAST_IDLE_NS;
            } else {
                LockSupport.parkNanos(this, idleNs);
                idleNs = Math.min(2 * idleNs, MOST_IDLE_NS);
            }
        }
        loop.close();
    }

    /**
     * Refuses further events and makes the accepted ones durable; then the uploader has the rest of the time to send what is left, unless the
     * warehouse fails. What is not sent is in the journal and sent after the next start.
     *
     * @param timeout zero only begins to close. A further call waits again
     */
    public CloseReport close(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must not be negative: timeout=" + timeout);
        }
        long startNs = System.nanoTime();
        long timeoutNs = nanos(timeout);
        FlushReport report = client.close(timeout);
        loop.drain();
        while (!stopping && !loop.isOver() && remainingNs(startNs, timeoutNs) > 0) {
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
            LockSupport.parkNanos(this, LEAST_IDLE_NS);
        }
        stopping = true;
        LockSupport.unpark(thread);
        join(remainingNs(startNs, timeoutNs));
        boolean stopped = !thread.isAlive();
        if (stopped && meters != null) {
            meters.close();
        }
        return new CloseReport(report, client.lastSequence(), loop.committedSequence(), stopped, uploadFailure());
    }

    /** As {@link #close(Duration)} with the configured time; logs a warning if something is left. A second call does nothing. */
    @Override
    public void close() {
        CloseReport report = close(config.closeTimeout());
        if (!report.complete()) {
            LOG.warn(
                    "closed before everything was uploaded, the next start goes on: directory={} last={} committed={} notAppended={} stopped={} uploadFailure={}",
                    config.ingest().directory(),
                    report.lastSequence(),
                    report.committedSequence(),
                    report.client().left(),
                    report.stopped(),
                    report.uploadFailure().map(UploadFailure::message).orElse("none"));
        }
    }

    /** An interrupt ends the wait and stays set. */
    private void join(long timeoutNs) {
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(timeoutNs, LEAST_IDLE_NS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long remainingNs(long startNs, long timeoutNs) {
        return timeoutNs - (System.nanoTime() - startNs);
    }

    private static long nanos(Duration timeout) {
        return timeout.getSeconds() >= Long.MAX_VALUE / 1_000_000_000 ? Long.MAX_VALUE : timeout.toNanos();
    }
}
