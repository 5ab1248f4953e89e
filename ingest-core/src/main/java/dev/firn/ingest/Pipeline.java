package dev.firn.ingest;

import dev.firn.event.Event;
import dev.firn.event.EventTime;
import dev.firn.journal.ProducerId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two threads behind a client. The writer opens the log, appends what comes through the ring, and closes the log once the ring is closed
 * and drained. The sync thread brings what was appended onto the disk, in groups, so that the writer never waits for it.
 *
 * <p>Whatever either thread throws, errors included, stops the pipeline: the ring is closed, so that no producer waits for a writer that is
 * gone; the failure is logged and kept for those who ask.
 */
final class Pipeline {
    private static final Logger LOG = LoggerFactory.getLogger(IngestClient.class);

    private final IngestConfig config;
    private final RecordLog log;
    private final EventRing ring;
    private final long lastSequenceAtOpening;
    private final Thread writerThread;
    private final Thread syncThread;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CountDownLatch terminated = new CountDownLatch(1);
    private final Timings syncTimes = new Timings();
    private final Timings appendTimes = new Timings();
    private final DiskRoom room;
    private final DroppedEvents dropped;
    /** Beside the writer's and the one that syncs. */
    private final List<Thread> ownThreads = new CopyOnWriteArrayList<>();

    private volatile boolean writerDone;
    private volatile long ownRecordsBehindEnd;

    /** On the writer's thread. */
    private Pipeline(IngestConfig config, RecordLog log) {
        this.config = config;
        this.log = log;
        this.ring = new EventRing(config.ringSize());
        this.lastSequenceAtOpening = log.lastSequence();
        this.room = new DiskRoom(log::usableBytes, config.minFreeBytes());
        this.dropped = new DroppedEvents(log.producerId(), config.clock());
        this.writerThread = Thread.currentThread();
        this.syncThread = daemon("firn-sync-", config, this::syncUntilWriterIsDone);
    }

    /** Returns once the log is open and its last sequence known; throws what opening it throws. */
    static Pipeline start(IngestConfig config, RecordLog.Opener opener) {
        CompletableFuture<Pipeline> started = new CompletableFuture<>();
        daemon("firn-writer-", config, () -> run(config, opener, started)).start();
        try {
            return started.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static Thread daemon(String prefix, IngestConfig config, Runnable body) {
        Thread thread = new Thread(body, prefix + config.directory().getFileName());
        thread.setDaemon(true);
        return thread;
    }

    private static void run(IngestConfig config, RecordLog.Opener opener, CompletableFuture<Pipeline> started) {
        RecordLog log = null;
        Pipeline pipeline;
        try {
            log = opener.open(config.directory());
            tellOfDamage(log, config);
            pipeline = new Pipeline(config, log);
            pipeline.syncThread.start();
        } catch (Throwable e) {
            // To whoever called open.
            started.completeExceptionally(closed(log, e));
            return;
        }
        started.complete(pipeline);
        pipeline.writeUntilDrained();
    }

    /** Before anything else is written. Told twice, if the process ends in between, is once in the warehouse. */
    private static void tellOfDamage(RecordLog log, IngestConfig config) {
        List<Event> damage = log.damage();
        long usable = log.usableBytes();
        if (damage.isEmpty() || usable >= 0 && usable < config.minFreeBytes()) {
            // On a full disk it is told when the journal is opened the next time.
            return;
        }
        byte[] lane = config.sourceLane().getBytes(StandardCharsets.US_ASCII);
        for (Event event : damage) {
            byte[] canonical = new byte[event.canonicalLength()];
            event.copyCanonicalTo(canonical, 0);
            log.add(config.clock().getAsLong(), lane, lane.length, canonical, canonical.length);
            if (!log.publish()) {
                // Told again when the journal is opened the next time.
                return;
            }
        }
        log.sync();
        log.damageReported();
    }

    private static Throwable closed(@Nullable RecordLog log, Throwable cause) {
        try {
            if (log != null) {
                log.close();
            }
        } catch (Throwable e) {
            cause.addSuppressed(e);
        }
        return cause;
    }

    private void writeUntilDrained() {
        try {
            RecordWriter writer = new RecordWriter(
                    ring, log, room, dropped, config.clock(), lastSequenceAtOpening + 1, config.sourceLane());
            Backoff idle = new Backoff();
            while ((!ring.isDrained() || writer.isHolding()) && failure.get() == null) {
                long start = System.nanoTime();
                int written = writer.doWork();
                if (written > 0) {
                    appendTimes.add(written, System.nanoTime() - start);
                    idle.reset();
                } else {
                    idle.park();
                }
            }
            if (failure.get() == null) {
                ownRecordsBehindEnd = writer.writeRest();
            }
        } catch (Throwable e) {
            fail("journal not written", e);
        } finally {
            terminate();
        }
    }

    private void terminate() {
        try {
            writerDone = true;
            LockSupport.unpark(syncThread);
            joinSyncThread();
            log.close();
        } catch (Throwable e) {
            fail("journal not closed", e);
        } finally {
            terminated.countDown();
        }
    }

    /** Not interruptible: the log must not be closed under a sync. */
    private void joinSyncThread() {
        boolean interrupted = false;
        while (syncThread.isAlive()) {
            try {
                syncThread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void syncUntilWriterIsDone() {
        try {
            long intervalNs = config.syncInterval().toNanos();
            while (!writerDone && failure.get() == null) {
                LockSupport.parkNanos(this, intervalNs);
                syncIfNeeded();
            }
        } catch (Throwable e) {
            fail("journal not synced", e);
        }
    }

    private void syncIfNeeded() {
        if (log.lastSequence() > log.durableSequence()) {
            long start = System.nanoTime();
            log.sync();
            syncTimes.add(1, System.nanoTime() - start);
        }
    }

    /** Closes the client for this cause. */
    void fail(String what, Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            ring.close();
            LOG.error(
                    "{}, the client is closed: directory={} lastSequence={} durableSequence={}",
                    what,
                    config.directory(),
                    log.lastSequence(),
                    log.durableSequence(),
                    cause);
        } else if (failure.get() != cause) {
            LOG.warn("{}, after the client failed: directory={}", what, config.directory(), cause);
        }
    }

    EventRing ring() {
        return ring;
    }

    Timings syncTimes() {
        return syncTimes;
    }

    /** Of records, hash and copy included. */
    Timings appendTimes() {
        return appendTimes;
    }

    DiskRoom room() {
        return room;
    }

    DroppedEvents dropped() {
        return dropped;
    }

    long readCommittedSequence() {
        return log.committedSequence();
    }

    /** Records of this client's own that came behind the ring's end. */
    long ownRecordsBehindEnd() {
        return ownRecordsBehindEnd;
    }

    /** Deletes old files; what there is to tell of it. */
    Optional<Event> trim(Duration retention) {
        return log.trim(retention, EventTime.instant(config.clock().getAsLong()));
    }

    @Nullable
    Throwable failure() {
        return failure.get();
    }

    ProducerId producerId() {
        return log.producerId();
    }

    long lastSequenceAtOpening() {
        return lastSequenceAtOpening;
    }

    long lastSequence() {
        return log.lastSequence();
    }

    long durableSequence() {
        return log.durableSequence();
    }

    /** Both threads have ended and the log is closed, as far as it could be. */
    boolean isTerminated() {
        return terminated.getCount() == 0;
    }

    /** Starts another thread of the client's. It ends once the pipeline is terminated; nothing may wait for the client on it. */
    void startOwn(String prefix, Runnable body) {
        Thread thread = daemon(prefix, config, body);
        ownThreads.add(thread);
        thread.start();
    }

    /** Whether the other threads have ended, but for the one that asks. */
    boolean haveOwnThreadsEnded() {
        return ownThreads.stream().allMatch(thread -> thread == Thread.currentThread() || !thread.isAlive());
    }

    /** On these threads nothing may wait for them. */
    boolean isOwnThread() {
        Thread current = Thread.currentThread();
        return current == writerThread || current == syncThread || ownThreads.contains(current);
    }

    /** Waits until both threads and the others have ended, or the time is over; an interrupt is kept for later. True if they have. */
    boolean awaitEnd(Duration timeout) {
        boolean interrupted = Thread.interrupted();
        try {
            long timeoutNs = Durations.toNanos(timeout);
            long start = System.nanoTime();
            Backoff backoff = new Backoff();
            while (!isTerminated() || !haveOwnThreadsEnded()) {
                long remainingNs = timeoutNs - (System.nanoTime() - start);
                if (remainingNs <= 0 || isOwnThread()) {
                    break;
                }
                backoff.park(remainingNs);
                // Else nothing parks any more.
                interrupted |= Thread.interrupted();
            }
            return isTerminated();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for the condition, the end of the time or of the pipeline, or an interrupt, which stays set. True if the condition holds. */
    boolean await(Duration timeout, Condition condition) {
        long timeoutNs = Durations.toNanos(timeout);
        long start = System.nanoTime();
        Backoff backoff = new Backoff();
        while (true) {
            boolean over = isTerminated();
            if (condition.holds()) {
                return true;
            }
            long remainingNs = timeoutNs - (System.nanoTime() - start);
            if (over
                    || remainingNs <= 0
                    || isOwnThread()
                    || Thread.currentThread().isInterrupted()) {
                return false;
            }
            backoff.park(remainingNs);
        }
    }

    @FunctionalInterface
    interface Condition {
        boolean holds();
    }
}
