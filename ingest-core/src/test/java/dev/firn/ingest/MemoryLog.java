package dev.firn.ingest;

import dev.firn.event.Event;
import dev.firn.journal.ProducerId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A log in memory that can be made to fail and to get stuck. */
final class MemoryLog implements RecordLog {
    final List<String> records = new ArrayList<>();
    final CountDownLatch closed = new CountDownLatch(1);
    private final long before;
    private volatile long last;
    private volatile long durable;

    volatile long failAtSequence = Long.MAX_VALUE;
    volatile @Nullable Throwable appendFailure;
    volatile @Nullable Throwable syncFailure;
    volatile @Nullable Throwable closeFailure;
    volatile Runnable beforeAppend = () -> {};
    volatile Runnable beforeSync = () -> {};
    /** Instead of free bytes: asking for them ends with an error. */
    static final long FAILS = -17;

    /** Like a disk on which there is not one block left. */
    volatile boolean full;

    volatile long usableBytes = Long.MAX_VALUE / 2;
    volatile int questions;
    volatile long committed;
    volatile List<Event> damage = List.of();
    volatile boolean damageReported;
    volatile int trims;

    MemoryLog(long before) {
        this.before = before;
        this.last = before;
        this.durable = before;
    }

    @Override
    public ProducerId producerId() {
        return new ProducerId(new UUID(1, 2));
    }

    @Override
    public long lastSequence() {
        return last;
    }

    @Override
    public long durableSequence() {
        return durable;
    }

    @Override
    public long add(long receivedAtMicros, byte[] lane, int laneLength, byte[] canonical, int length) {
        beforeAppend.run();
        Throwable failure = appendFailure;
        long sequence = before + records.size() + 1;
        if (failure != null && sequence >= failAtSequence) {
            throw MemoryLog.<RuntimeException>sneaky(failure);
        }
        records.add(new String(canonical, 0, length, StandardCharsets.UTF_8));
        return sequence;
    }

    @Override
    public long sync() {
        beforeSync.run();
        Throwable failure = syncFailure;
        if (failure != null) {
            throw MemoryLog.<RuntimeException>sneaky(failure);
        }
        durable = last;
        return durable;
    }

    @Override
    public boolean isFull() {
        return false;
    }

    @Override
    public boolean publish() {
        if (full) {
            return false;
        }
        last = before + records.size();
        return true;
    }

    @Override
    public List<Event> damage() {
        return damage;
    }

    @Override
    public void damageReported() {
        if (durable != last) {
            throw new IllegalStateException("reported before it was durable");
        }
        damageReported = true;
    }

    @Override
    public long committedSequence() {
        if (committed < 0) {
            throw new IllegalStateException("committed position cannot be read");
        }
        return committed;
    }

    @Override
    public long usableBytes() {
        questions++;
        if (usableBytes == FAILS) {
            throw new NoClassDefFoundError("no file store");
        }
        return usableBytes;
    }

    @Override
    public Optional<Event> trim(Duration retention, Instant now) {
        trims++;
        return trims == 1
                ? Optional.of(Event.builder("pipeline.journal_trimmed")
                        .tenant(Event.SYSTEM_TENANT)
                        .actor(Event.SYSTEM_ACTOR)
                        .occurredAt(now)
                        .build())
                : Optional.empty();
    }

    @Override
    public void close() {
        closed.countDown();
        Throwable failure = closeFailure;
        if (failure != null) {
            throw MemoryLog.<RuntimeException>sneaky(failure);
        }
        publish();
        durable = last;
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T sneaky(Throwable throwable) throws T {
        throw (T) throwable;
    }
}
