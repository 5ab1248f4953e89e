package dev.firn.ingest;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client looks after ten times a second, off the writer's and the emitters' threads: the disk's free space, how far the warehouse
 * has come, the clock; and what went wrong since the last message about it. A thread of its own, since the one that syncs may wait for a
 * disk that is full or slow.
 */
final class Watch {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** A look begins with the first of these at which it is due. */
    private static final long PARK_NS = TimeUnit.MILLISECONDS.toNanos(25);

    private static final Logger LOG = LoggerFactory.getLogger(IngestClient.class);
    private static final long CLOCK_ADJUST_NS = TimeUnit.SECONDS.toNanos(1);
    /** The same kind of message at most so often. */
    private static final long LOG_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final IngestConfig config;
    private final Pipeline pipeline;
    private final Outcomes outcomes;

    private volatile long committedSequence;
    private long clockAdjustedAtNs;
    private long refusalsLoggedAtNs;
    private long problemLoggedAtNs;
    private long refusalsLogged;
    private boolean wasLow;

    Watch(IngestConfig config, Pipeline pipeline, Outcomes outcomes) {
        this.config = config;
        this.pipeline = pipeline;
        this.outcomes = outcomes;
        long now = System.nanoTime();
        this.clockAdjustedAtNs = now;
        this.refusalsLoggedAtNs = now - LOG_INTERVAL_NS;
        this.problemLoggedAtNs = now - LOG_INTERVAL_NS;
    }

    void start() {
        pipeline.startOwn("firn-watch-", this::run);
    }

    /** The greatest sequence that is known to be committed. */
    long committedSequence() {
        return committedSequence;
    }

    private void run() {
        try {
            lookUntilTheEnd();
        } catch (Throwable e) {
            pipeline.fail("watch has ended", e);
        }
    }

    private void lookUntilTheEnd() {
        long lookedAtNs = System.nanoTime() - INTERVAL_NS;
        while (!pipeline.isTerminated()) {
            long now = System.nanoTime();
            if (now - lookedAtNs >= INTERVAL_NS) {
                lookedAtNs = now;
                look(now);
            }
            LockSupport.parkNanos(this, PARK_NS);
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
        logRefusals(nowNs);
    }

    private void guarded(String what, long nowNs, Runnable look) {
        try {
            look.run();
        } catch (Throwable e) {
            // Errors too: without its watch the client would not know that the disk is full.
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
