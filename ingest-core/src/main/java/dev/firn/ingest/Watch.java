package dev.firn.ingest;

import dev.firn.event.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client looks after ten times a second, off the writer's and the emitters' threads: the disk's free space, how far the warehouse
 * has come, the clock, old files; and what went wrong since the last message about it. In between it has the journal's next pages made
 * ready for the writer. A thread of its own, since the one that syncs may wait for a disk that is full or slow.
 */
final class Watch {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long IDLE_PARK_NS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long BUSY_PARK_NS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final Logger LOG = LoggerFactory.getLogger(IngestClient.class);
    private static final long CLOCK_ADJUST_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long TRIM_INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);
    /** The same kind of message at most so often. */
    private static final long LOG_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final IngestConfig config;
    private final Pipeline pipeline;
    private final Outcomes outcomes;
    private final Thread thread;

    private volatile long committedSequence;
    private volatile long toldCommitted;
    private long clockAdjustedAtNs;
    private long trimmedAtNs;
    private long refusalsLoggedAtNs;
    private long problemLoggedAtNs;
    private long refusalsLogged;
    private boolean wasLow;
    private boolean busy;
    private final Deque<Event> toTell = new ArrayDeque<>();

    Watch(IngestConfig config, Pipeline pipeline, Outcomes outcomes) {
        this.config = config;
        this.pipeline = pipeline;
        this.outcomes = outcomes;
        long now = System.nanoTime();
        this.clockAdjustedAtNs = now;
        this.trimmedAtNs = now - TRIM_INTERVAL_NS;
        this.refusalsLoggedAtNs = now - LOG_INTERVAL_NS;
        this.problemLoggedAtNs = now - LOG_INTERVAL_NS;
        this.thread = new Thread(this::run, "firn-watch-" + config.directory().getFileName());
        thread.setDaemon(true);
        pipeline.ownThread(thread);
    }

    void start() {
        thread.start();
    }

    /** The greatest sequence that is known to be committed. */
    long committedSequence() {
        return committedSequence;
    }

    private void run() {
        long lookedAtNs = System.nanoTime() - INTERVAL_NS;
        while (!pipeline.isTerminated()) {
            long now = System.nanoTime();
            if (now - lookedAtNs >= INTERVAL_NS) {
                lookedAtNs = now;
                look(now);
            }
            busy = false;
            guarded("journal not read ahead", now, this::readAhead);
            LockSupport.parkNanos(this, busy ? BUSY_PARK_NS : IDLE_PARK_NS);
        }
    }

    /** One look at everything. One thing that fails keeps none of the others from being looked at. */
    void look(long nowNs) {
        guarded("free space not known", nowNs, this::lookAtDisk);
        guarded("committed position not known", nowNs, this::lookAtCommitted);
        if (config.clock() instanceof EpochClock clock && nowNs - clockAdjustedAtNs >= CLOCK_ADJUST_NS) {
            clock.adjust();
            clockAdjustedAtNs = nowNs;
        }
        if (config.retention().isPresent() && nowNs - trimmedAtNs >= TRIM_INTERVAL_NS) {
            trimmedAtNs = nowNs;
            guarded(
                    "journal not trimmed",
                    nowNs,
                    () -> pipeline.trim(config.retention().get()).ifPresent(toTell::add));
        }
        while (!toTell.isEmpty()
                && pipeline.ring().offer(toTell.element(), null, config.clock().getAsLong()) >= 0) {
            toTell.remove();
        }
        logRefusals(nowNs);
    }

    private void readAhead() {
        busy = pipeline.readAhead();
    }

    private void guarded(String what, long nowNs, Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) {
            if (nowNs - problemLoggedAtNs >= LOG_INTERVAL_NS) {
                problemLoggedAtNs = nowNs;
                LOG.warn("{}: directory={}", what, config.directory(), e);
            }
        }
    }

    private void lookAtDisk() {
        DiskRoom room = pipeline.room();
        room.look();
        boolean low = room.isLow();
        if (low != wasLow) {
            wasLow = low;
            if (low) {
                LOG.error(
                        "disk is low, no events are taken until there is room: directory={} freeBytes={} minFreeBytes={}",
                        config.directory(),
                        room.freeBytes(),
                        config.minFreeBytes());
            } else {
                LOG.info("disk has room again: directory={} freeBytes={}", config.directory(), room.freeBytes());
            }
        }
    }

    private void lookAtCommitted() {
        long committed = pipeline.readCommittedSequence();
        if (committed > committedSequence) {
            committedSequence = committed;
        }
        @Nullable DeliveryListener listener = config.deliveryListener().orElse(null);
        if (listener != null && committedSequence > toldCommitted) {
            toldCommitted = committedSequence;
            listener.committed(toldCommitted);
        }
    }

    private void logRefusals(long nowNs) {
        long refusals = outcomes.noRoom() + pipeline.dropped().count();
        if (refusals > refusalsLogged && nowNs - refusalsLoggedAtNs >= LOG_INTERVAL_NS) {
            LOG.warn(
                    "events not taken for want of room: directory={} ringFull={} diskLow={} dropped={} sinceLast={} ringSize={}",
                    config.directory(),
                    outcomes.ringFull.sum(),
                    outcomes.diskLow.sum(),
                    pipeline.dropped().count(),
                    refusals - refusalsLogged,
                    config.ringSize());
            refusalsLogged = refusals;
            refusalsLoggedAtNs = nowNs;
        }
    }
}
