package dev.firn.ingest;

import static java.util.Objects.requireNonNull;

import dev.firn.event.Event;
import dev.firn.journal.ProducerId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes events from application threads and makes them durable in the local journal.
 *
 * <p><b>Threads.</b> Any number of callers of everything; {@link #close()} may race with {@link #emit}: an event for which {@code emit}
 * returned a sequence is written. The client has two daemon threads of its own.
 *
 * <p><b>Durability.</b> A sequence means accepted: in memory, lost if the process is killed. It is appended, and survives the process, once
 * {@link #flush} has returned complete; it is durable, and survives the machine, once {@link #awaitDurable} has returned true, which takes
 * the sync interval and the disk's time without anyone asking.
 *
 * <p><b>Order.</b> Sequences are dense and rise in the order in which events were accepted; those of one thread are in its order.
 *
 * <p><b>Failure.</b> If the journal cannot be written or synced, the client closes itself: {@code emit} answers {@link #CLOSED}, the reports
 * of {@link #flush} and {@link #close(Duration)} hold the cause, and it is logged once as an error.
 *
 * <p><b>Cost.</b> {@code emit} takes no lock, does no I/O and allocates nothing; while the ring is full it waits, up to the configured time.
 */
public final class IngestClient implements AutoCloseable {
    /** The ring is full and stayed so for the emit timeout: the event was not taken, the caller may try again. */
    public static final long RING_FULL = -1;

    /** The client is closed, or closed itself after a failure: the event was not taken. */
    public static final long CLOSED = -2;

    /** The disk has too little room: the event was not taken. */
    public static final long DISK_LOW = -3;

    /** Only Firn itself may write this action, or only for the system's tenant: the event was not taken. */
    public static final long NOT_ADMITTED = -4;

    /** How long {@link #close()} waits. */
    public static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(IngestClient.class);
    private static final long FULL_RING_PARK_NS = 50_000;

    private final IngestConfig config;
    private final Pipeline pipeline;
    private final EventRing ring;
    private final LongSupplier clock;
    private final long firstSequence;
    private final long emitTimeoutNs;
    private final LongAdder ringFull = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final LongAdder notAdmitted = new LongAdder();
    private final @Nullable ClientMeters meters;

    private IngestClient(IngestConfig config, Pipeline pipeline) {
        this.config = config;
        this.pipeline = pipeline;
        this.ring = pipeline.ring();
        this.clock = config.clock();
        this.firstSequence = pipeline.lastSequenceAtOpening() + 1;
        this.emitTimeoutNs = Durations.toNanos(config.emitTimeout());
        this.meters = config.meterRegistry()
                .map(registry -> new ClientMeters(registry, pipeline, ringFull, closed, notAdmitted))
                .orElse(null);
    }

    /**
     * Opens the journal and returns once its last sequence is known: some hundred milliseconds the first time in a JVM.
     *
     * @throws dev.firn.journal.JournalLockedException  if another client or process writes to the directory
     * @throws dev.firn.journal.DamagedJournalException if the journal's end is not as it was written
     * @throws java.io.UncheckedIOException             if a file cannot be made or read
     * @throws IllegalStateException                    if the JVM refuses what the journal needs; the message has the flags
     */
    public static IngestClient open(IngestConfig config) {
        return open(config, RecordLog::open);
    }

    static IngestClient open(IngestConfig config, RecordLog.Opener opener) {
        requireNonNull(config, "config");
        Pipeline pipeline = Pipeline.start(config, opener);
        try {
            return new IngestClient(config, pipeline);
        } catch (RuntimeException e) {
            // A meter registry may refuse. The directory must not stay locked.
            pipeline.ring().close();
            throw e;
        }
    }

    /** As {@link #open}, on a thread of its own. A client that comes after the future was cancelled is closed again. */
    public static CompletableFuture<IngestClient> openAsync(IngestConfig config) {
        requireNonNull(config, "config");
        CompletableFuture<IngestClient> opened = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> open(config, opened), "firn-open-" + config.directory().getFileName());
        thread.setDaemon(true);
        thread.start();
        return opened;
    }

    private static void open(IngestConfig config, CompletableFuture<IngestClient> opened) {
        try {
            IngestClient client = open(config);
            if (!opened.complete(client)) {
                client.close();
            }
        } catch (Throwable e) {
            // To whoever has the future.
            opened.completeExceptionally(e);
        }
    }

    /**
     * Takes one event. Returns its sequence, or {@link #RING_FULL}, {@link #CLOSED}, {@link #DISK_LOW} or {@link #NOT_ADMITTED}, which are
     * negative: expected outcomes are answers, not exceptions.
     */
    public long emit(Event event) {
        return event.isAdmissible() ? offer(event) : refused(NOT_ADMITTED, notAdmitted);
    }

    /** As {@link #emit}, for the events of Firn's own modules and nothing else: all others are {@link #NOT_ADMITTED}. */
    public long emitSystem(Event event) {
        return event.isSystem() ? offer(event) : refused(NOT_ADMITTED, notAdmitted);
    }

    private long offer(Event event) {
        long receivedAtMicros = clock.getAsLong();
        long position = ring.offer(event, receivedAtMicros);
        if (position == EventRing.FULL) {
            position = offerWhenFull(event, receivedAtMicros);
        }
        if (position >= 0) {
            return firstSequence + position;
        }
        return position == EventRing.FULL ? refused(RING_FULL, ringFull) : refused(CLOSED, closed);
    }

    /** The client's own threads, which may come here through a logger, would wait for themselves. */
    private long offerWhenFull(Event event, long receivedAtMicros) {
        long start = System.nanoTime();
        long position = EventRing.FULL;
        while (position == EventRing.FULL
                && System.nanoTime() - start < emitTimeoutNs
                && !pipeline.isOwnThread()
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(this, FULL_RING_PARK_NS);
            position = ring.offer(event, receivedAtMicros);
        }
        return position;
    }

    private static long refused(long outcome, LongAdder counter) {
        counter.increment();
        return outcome;
    }

    /**
     * Waits until every event accepted before this call is appended, the time is over or the client has failed. An interrupt ends the wait
     * and stays set.
     *
     * @param timeout zero only looks
     */
    public FlushReport flush(Duration timeout) {
        Durations.requireNotNegative(timeout, "timeout");
        long target = ring.lastPosition();
        return report(pipeline.await(timeout, () -> ring.consumedPosition() >= target));
    }

    /**
     * Waits until the event with this sequence is durable. False if the time is over or the client ended before, and for the negative
     * outcomes of {@link #emit}.
     */
    public boolean awaitDurable(long sequence, Duration timeout) {
        Durations.requireNotNegative(timeout, "timeout");
        return sequence > 0 && pipeline.await(timeout, () -> pipeline.durableSequence() >= sequence);
    }

    /**
     * Refuses further events, writes and syncs the accepted ones, releases the directory. If the time is over before, the report says what is
     * left; the rest goes on behind, and a further call waits for it again.
     *
     * @param timeout zero only begins to close
     */
    public FlushReport close(Duration timeout) {
        Durations.requireNotNegative(timeout, "timeout");
        ring.close();
        boolean ended = pipeline.await(timeout, pipeline::isTerminated);
        if (ended && meters != null) {
            meters.close();
        }
        return report(ended && pipeline.failure() == null);
    }

    /** As {@link #close(Duration)} with {@link #DEFAULT_CLOSE_TIMEOUT}; logs a warning if something is left. A second call does nothing. */
    @Override
    public void close() {
        FlushReport report = close(DEFAULT_CLOSE_TIMEOUT);
        if (!report.complete() && report.failure().isEmpty()) {
            LOG.warn("client not closed in time: directory={} left={}", config.directory(), report.left());
        }
    }

    private FlushReport report(boolean complete) {
        // Behind first: the counts stay in order whatever happens meanwhile.
        long durable = pipeline.durableSequence() - pipeline.lastSequenceAtOpening();
        long appended = pipeline.lastSequence() - pipeline.lastSequenceAtOpening();
        long accepted = ring.lastPosition() + 1;
        long refused = ringFull.sum() + closed.sum() + notAdmitted.sum();
        return new FlushReport(accepted, appended, durable, refused, complete, Optional.ofNullable(pipeline.failure()));
    }

    /** The last appended sequence of the journal, 0 if it is empty. */
    public long lastSequence() {
        return pipeline.lastSequence();
    }

    /** The last sequence known to be durable. */
    public long durableSequence() {
        return pipeline.durableSequence();
    }

    public ProducerId producerId() {
        return pipeline.producerId();
    }
}
