package dev.firn.embedded;

import dev.firn.journal.ProducerId;
import dev.firn.upload.JournalSource;
import dev.firn.upload.JournalUploader;
import dev.firn.upload.KeptPosition;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkBinding;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkRow;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploadMetrics;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One journal on its way into a warehouse that comes and goes. An upload that ends with a failure, whatever it is, is started anew after a
 * while: the journal keeps the events until then.
 *
 * <p><b>Threads.</b> One calls {@link #doWork} again and again, and {@link #close} in the end; any may read the numbers.
 */
final class UploadLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Firn.class);
    private static final long LOG_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final FirnConfig config;
    private final LongSupplier lastSequence;
    private final LongSupplier nanoClock;

    final UploadMetrics metrics = new UploadMetrics();
    final LongAdder failures = new LongAdder();
    private volatile long committed;
    private volatile @Nullable UploadFailure failure;
    private volatile boolean draining;
    private volatile boolean givenUp;

    private @Nullable Sink sink;
    private @Nullable JournalUploader uploader;
    private long restartAtNs;
    private long loggedAtNs;
    private boolean isLogged;
    private boolean positionWritten = true;
    private long waitingSequence;
    private long waitingSinceNs;

    /**
     * @param lastSequence of the journal, as its writer knows it
     * @param nanoClock    as {@code System::nanoTime}
     */
    UploadLoop(FirnConfig config, LongSupplier lastSequence, LongSupplier nanoClock) {
        this.config = config;
        this.lastSequence = lastSequence;
        this.nanoClock = nanoClock;
        long now = nanoClock.getAsLong();
        this.restartAtNs = now;
        this.loggedAtNs = now - LOG_INTERVAL_NS;
    }

    private final class Listener implements UploadListener {
        @Override
        public void committed(String producerId, long token, List<SinkRow> committedRows) {
            recovered();
        }

        @Override
        public void retrying(String producerId, int attempt, SinkException e) {
            failed(e, "upload failed, is repeated");
        }

        @Override
        public void alarm(String producerId, String reason) {
            LOG.error(
                    "nothing is uploaded any more, events are taken and kept in the journal: directory={} committed={} reason={}",
                    config.ingest().directory(),
                    committed,
                    reason);
        }

        @Override
        public void alarmCleared(String producerId) {
            LOG.info("uploads again: directory={} committed={}", config.ingest().directory(), committed);
        }
    }

    /** Does a piece of work; returns how much was done, 0 if there is nothing to do now. What fails is kept and logged, never thrown. */
    int doWork() {
        try {
            JournalUploader current = uploader;
            if (current == null) {
                return start();
            }
            int done = current.doWork();
            if (failure != null && current.isDrained()) {
                recovered();
            }
            return done;
        } catch (Throwable e) {
            // Errors too: a driver that does not load must not end the upload for good.
            closeAll(e);
            givenUp = draining;
            restartAtNs = nanoClock.getAsLong() + config.restartDelay().toNanos();
            failed(e, "upload has stopped, is started anew after " + config.restartDelay());
            return 0;
        }
    }

    private int start() {
        if (!draining && nanoClock.getAsLong() - restartAtNs < 0) {
            return 0;
        }
        Sink opened = config.sink().open();
        sink = opened;
        SinkBinding.bind(config.sinkBinding(), opened.name());
        JournalSource source = JournalSource.open(config.ingest().directory());
        ProducerId producer = ProducerId.parse(source.producerId());
        KeptPosition kept = KeptPosition.ofJournal(config.ingest().directory(), opened.name(), producer);
        uploader = new JournalUploader(
                source, opened, config.uploader(), nanoClock, new Position(kept), new Listener(), metrics);
        return 1;
    }

    /** Only those who ask the file miss a position that cannot be written; the warehouse has its own. */
    private final class Position implements KeptPosition {
        private final KeptPosition file;

        Position(KeptPosition file) {
            this.file = file;
        }

        @Override
        public long read() {
            return file.read();
        }

        @Override
        public void write(long sequence) {
            // First, so that nobody who has learnt it from the file reads less here.
            committed = sequence;
            try {
                file.write(sequence);
                positionWritten = true;
            } catch (UncheckedIOException e) {
                positionWritten = false;
                failed(e, "committed position not written, the upload goes on");
            }
        }
    }

    private void failed(Throwable e, String what) {
        failures.increment();
        UploadFailure before = failure;
        UploadFailure now = new UploadFailure(
                UploadFailure.kind(e),
                UploadFailure.describe(e),
                before == null ? now() : before.since(),
                before == null ? 1 : before.attempts() + 1);
        failure = now;
        long nowNs = nanoClock.getAsLong();
        if (nowNs - loggedAtNs >= LOG_INTERVAL_NS) {
            loggedAtNs = nowNs;
            isLogged = true;
            LOG.warn(
                    "{}; events are taken and kept in the journal: directory={} committed={} attempts={} since={} failure={}: {} ({})",
                    what,
                    config.ingest().directory(),
                    committed,
                    now.attempts(),
                    now.since(),
                    now.kind(),
                    now.message(),
                    now.kind().advice());
        }
    }

    private void recovered() {
        UploadFailure over = failure;
        if (over == null || !positionWritten) {
            return;
        }
        failure = null;
        if (isLogged) {
            isLogged = false;
            LOG.info(
                    "upload goes on: directory={} committed={} failedAttempts={} since={}",
                    config.ingest().directory(),
                    committed,
                    over.attempts(),
                    over.since());
        }
    }

    private Instant now() {
        return Instant.EPOCH.plus(config.ingest().clock().getAsLong(), ChronoUnit.MICROS);
    }

    /** From now on what fails is not started anew. */
    void drain() {
        draining = true;
    }

    /** Whether, while draining, there is nothing more to be had: all is committed, or the upload has failed. */
    boolean isOver() {
        return givenUp || pending() == 0;
    }

    /** The last sequence that is known to be in the warehouse; 0 until the warehouse was asked. */
    long committedSequence() {
        return committed;
    }

    /** Events in the journal that are not known to be in the warehouse. */
    long pending() {
        return Math.max(0, lastSequence.getAsLong() - committed);
    }

    @Nullable
    UploadFailure failure() {
        return failure;
    }

    /**
     * How long the oldest pending event has waited at least, 0 if none is pending. It is found by remembering where the journal ended and
     * seeing how long the warehouse takes to get there.
     */
    synchronized Duration lag() {
        long nowNs = nanoClock.getAsLong();
        if (committed >= waitingSequence) {
            waitingSequence = lastSequence.getAsLong();
            waitingSinceNs = nowNs;
        }
        return committed >= waitingSequence ? Duration.ZERO : Duration.ofNanos(nowNs - waitingSinceNs);
    }

    /** How long ago the committed sequence last grew, or the warehouse was opened; 0 before that. */
    Duration sinceProgress() {
        return metrics.openings() == 0 ? Duration.ZERO : Duration.ofNanos(nanoClock.getAsLong() - metrics.progressNs());
    }

    private void closeAll(Throwable cause) {
        JournalUploader oldUploader = uploader;
        Sink oldSink = sink;
        uploader = null;
        sink = null;
        try (oldSink;
                oldUploader) {
            // Both, in this order: channel, journal, warehouse.
        } catch (Throwable e) {
            cause.addSuppressed(e);
        }
    }

    /** Closes channel, journal and warehouse. What then fails is logged: everything that was committed is committed. */
    @Override
    public void close() {
        Throwable none = new Throwable();
        closeAll(none);
        for (Throwable e : none.getSuppressed()) {
            LOG.warn(
                    "upload not closed properly, nothing is lost: directory={} failure={}",
                    config.ingest().directory(),
                    UploadFailure.describe(e));
        }
    }
}
