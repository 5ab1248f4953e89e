package dev.firn.ingest;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.firn.event.Event;
import dev.firn.event.EventEncoder;
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
 * returned a sequence is written. The client has three daemon threads of its own, and a fourth if it has a listener or deletes old files.
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
public final class IngestClient implements EventClient {
    /** How long {@link #close()} waits. */
    public static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(IngestClient.class);
    private static final long NO_ROOM_PARK_NS = 50_000;

    private final IngestConfig config;
    private final Pipeline pipeline;
    private final EventRing ring;
    private final DiskRoom room;
    private final LongSupplier clock;
    private final long firstSequence;
    private final BackPressure backPressure;
    private final long emitTimeoutNs;
    private final Outcomes outcomes = new Outcomes();
    private final EventWriters writers = new EventWriters(this::emitEncoded, outcomes.closed);
    private final Watch watch;
    private final @Nullable ClientMeters meters;

    private IngestClient(IngestConfig config, Pipeline pipeline) {
        this.config = config;
        this.pipeline = pipeline;
        this.ring = pipeline.ring();
        this.room = pipeline.room();
        this.clock = config.clock();
        this.firstSequence = pipeline.lastSequenceAtOpening() + 1;
        this.backPressure = config.backPressure();
        this.emitTimeoutNs = Durations.toNanos(config.emitTimeout());
        this.watch = new Watch(config, pipeline, outcomes);
        this.meters = config.meterRegistry()
                .map(registry -> new ClientMeters(registry, pipeline, watch, outcomes))
                .orElse(null);
    }

    /**
     * Opens the journal and returns once its last sequence is known: some hundred milliseconds the first time in a JVM.
     *
     * @throws dev.firn.journal.JournalLockedException  if another client or process writes to the directory
     * @throws dev.firn.journal.CopiedJournalException  if the directory is a copy of another journal's
     * @throws dev.firn.journal.DamagedJournalException if the journal is damaged in a way that cannot be repaired
     * @throws java.io.UncheckedIOException             if a file cannot be made or read
     * @throws IllegalStateException                    if the JVM refuses what the journal needs; the message has the flags
     */
    public static IngestClient open(IngestConfig config) {
        return open(config, directory -> JournalLog.open(config));
    }

    static IngestClient open(IngestConfig config, RecordLog.Opener opener) {
        requireNonNull(config, "config");
        Pipeline pipeline = Pipeline.start(config, opener);
        try {
            IngestClient client = new IngestClient(config, pipeline);
            client.watch.start();
            Errands.start(config, pipeline, client.watch);
            return client;
        } catch (Throwable e) {
            // A meter registry may refuse, or the system another thread. The directory must not stay locked.
            pipeline.ring().close();
            pipeline.awaitEnd(DEFAULT_CLOSE_TIMEOUT);
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

    @Override
    @CheckReturnValue
    public long emit(Event event) {
        return event.isAdmissible()
                ? offer(event, null, clock.getAsLong())
                : refused(NOT_ADMITTED, outcomes.notAdmitted);
    }

    /** As {@link #emit}, for the events of Firn's own modules and nothing else: all others are {@link #NOT_ADMITTED}. */
    @CheckReturnValue
    public long emitSystem(Event event) {
        return event.isSystem() ? offer(event, null, clock.getAsLong()) : refused(NOT_ADMITTED, outcomes.notAdmitted);
    }

    @Override
    public EventWriter event(String action) {
        return writers.begin(action);
    }

    /** A writer that is not bound to a thread, for callers who keep their own: one thread at a time. */
    public EventWriter newWriter() {
        return writers.create();
    }

    private long emitEncoded(EventEncoder event) {
        long receivedAtMicros = clock.getAsLong();
        if (!event.encode(receivedAtMicros)) {
            return refused(INVALID, outcomes.invalid);
        }
        return event.isAdmissible()
                ? offer(null, event, receivedAtMicros)
                : refused(NOT_ADMITTED, outcomes.notAdmitted);
    }

    /** Of the two, one is null. */
    private long offer(@Nullable Event event, @Nullable EventEncoder encoded, long receivedAtMicros) {
        if (!room.isLow()) {
            long position = ring.offer(event, encoded, receivedAtMicros);
            if (position >= 0) {
                return firstSequence + position;
            }
        }
        return offerWithoutRoom(event, encoded, receivedAtMicros);
    }

    private long offerWithoutRoom(@Nullable Event event, @Nullable EventEncoder encoded, long receivedAtMicros) {
        long start = System.nanoTime();
        while (true) {
            boolean low = room.isLow() && !ring.isClosing();
            long position = low ? EventRing.FULL : ring.offer(event, encoded, receivedAtMicros);
            if (position >= 0) {
                return firstSequence + position;
            }
            if (position == EventRing.ENDED) {
                return refused(CLOSED, outcomes.closed);
            }
            if (!maySpend(System.nanoTime() - start, low)) {
                return withoutRoom(low, receivedAtMicros);
            }
            LockSupport.parkNanos(this, NO_ROOM_PARK_NS);
        }
    }

    /** The client's own threads, which may come here through a logger or a listener, would wait for themselves. */
    private boolean maySpend(long waitedNs, boolean low) {
        boolean waits = backPressure == BackPressure.WAIT_FOR_EVER
                || backPressure == BackPressure.WAIT && !low && waitedNs < emitTimeoutNs;
        return waits && !pipeline.isOwnThread() && !Thread.currentThread().isInterrupted();
    }

    private long withoutRoom(boolean low, long receivedAtMicros) {
        if (backPressure == BackPressure.DROP_AND_COUNT) {
            pipeline.dropped().add(receivedAtMicros);
            return DROPPED;
        }
        return low ? refused(DISK_LOW, outcomes.diskLow) : refused(RING_FULL, outcomes.ringFull);
    }

    private static long refused(long outcome, LongAdder counter) {
        counter.increment();
        return outcome;
    }

    @Override
    public FlushReport flush(Duration timeout) {
        Durations.requireNotNegative(timeout, "timeout");
        long target = firstSequence + ring.lastPosition();
        return report(pipeline.await(timeout, () -> pipeline.lastSequence() >= target));
    }

    @Override
    public boolean awaitDurable(long sequence, Duration timeout) {
        Durations.requireNotNegative(timeout, "timeout");
        return sequence > 0 && pipeline.await(timeout, () -> pipeline.durableSequence() >= sequence);
    }

    @Override
    public boolean awaitCommitted(long sequence, Duration timeout) {
        Durations.requireNotNegative(timeout, "timeout");
        return sequence > 0 && pipeline.await(timeout, () -> watch.committedSequence() >= sequence);
    }

    @Override
    public FlushReport close(Duration timeout) {
        Durations.requireNotNegative(timeout, "timeout");
        ring.close();
        boolean ended = pipeline.awaitEnd(timeout);
        if (ended) {
            writers.close();
            if (meters != null) {
                meters.close();
            }
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
        long accepted = ring.lastPosition() + 1 + pipeline.ownRecordsBehindEnd();
        return new FlushReport(
                accepted,
                appended,
                durable,
                pipeline.dropped().count(),
                outcomes.refused(),
                complete,
                Optional.ofNullable(pipeline.failure()));
    }

    /** The last appended sequence of the journal, 0 if it is empty. */
    public long lastSequence() {
        return pipeline.lastSequence();
    }

    /** The last sequence known to be durable. */
    public long durableSequence() {
        return pipeline.durableSequence();
    }

    /** The last sequence known to be committed: what an uploader has noted in the journal's directory, a tenth of a second ago at most. */
    public long committedSequence() {
        return watch.committedSequence();
    }

    public ProducerId producerId() {
        return pipeline.producerId();
    }
}
