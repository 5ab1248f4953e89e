package dev.firn.ingest;

import dev.firn.event.Event;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How much the writer may still write. A disk that is full stops everybody on it, and for the first record of a file, which the queue writes
 * into mapped memory, the system's answer is a fault. So nobody gets there: below the limit events are refused, and what is already accepted
 * may use three quarters of what then is left, by a count of the writer's own between two looks at the disk.
 *
 * <p>{@link #look} by one thread, {@link #admitsOne} and {@link #written} by the writer, {@link #isLow} by any.
 */
final class DiskRoom {
    /** A file takes a page more now and then, and Chronicle Queue an index of 32 KiB. */
    private static final int SLACK_BYTES = 256 << 10;

    /** Header, padding and index of a record, at most. */
    private static final int RECORD_OVERHEAD_BYTES = 128;

    /** Some file systems report more than a sum can hold. */
    private static final long MOST_BYTES = Long.MAX_VALUE / 4;

    private final LongSupplier usableBytes;
    private final long minFreeBytes;

    private volatile boolean low;
    private volatile long freeBytes;
    /** Stored without a fence, which would cost as much as copying a record does. */
    private final AtomicLong written = new AtomicLong();

    private volatile long limit;

    /** @param usableBytes asks the file system; negative if it does not know */
    DiskRoom(LongSupplier usableBytes, long minFreeBytes) {
        this.usableBytes = usableBytes;
        this.minFreeBytes = minFreeBytes;
        look();
    }

    /** Asks the file system again: some microseconds. */
    void look() {
        // In this order: what is written in between is counted against the limit twice, not never.
        long before = written.getAcquire();
        long usable = usableBytes.getAsLong();
        freeBytes = usable;
        if (usable < 0) {
            limit = Long.MAX_VALUE;
            low = false;
            return;
        }
        limit = before + Math.min(usable, MOST_BYTES) - minFreeBytes / 4;
        // Not to go on and off with every file that someone deletes.
        low = usable < (low ? minFreeBytes + minFreeBytes / 8 : minFreeBytes);
    }

    /** Whether new events are to be refused. */
    boolean isLow() {
        return low;
    }

    /** As of the last look; negative if the file system does not know. */
    long freeBytes() {
        return freeBytes;
    }

    /** Whether another record, however long, may be written now. */
    boolean admitsOne() {
        return written.getPlain() + Event.MAX_CANONICAL_LENGTH + RECORD_OVERHEAD_BYTES + SLACK_BYTES <= limit;
    }

    void written(int length) {
        written.setRelease(written.getPlain() + length + RECORD_OVERHEAD_BYTES);
    }
}
