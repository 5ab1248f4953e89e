package dev.firn.upload;

import dev.firn.upload.SinkException.Remedy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What the upload of one journal did, and how it stands. Outlives an uploader: the next one counts on.
 *
 * <p><b>Threads.</b> One uploader at a time writes; any may read.
 */
public final class UploadMetrics {
    private final LongAdder appendedRows = new LongAdder();
    private final LongAdder committedRows = new LongAdder();
    private final LongAdder deadLetters = new LongAdder();
    private final LongAdder openings = new LongAdder();
    private final LongAdder reconnects = new LongAdder();
    private final LongAdder stalls = new LongAdder();
    private final AtomicLongArray failures = new AtomicLongArray(Remedy.values().length);
    private volatile long inFlightRows;
    private volatile long inFlightBytes;
    private volatile long progressNs;
    private volatile @Nullable String alarm;

    /** Rows that a channel took; those that are sent again after a failure count again. */
    public long appendedRows() {
        return appendedRows.sum();
    }

    /** Rows of which the {@linkplain UploadListener#committed listener} was told that they are committed. */
    public long committedRows() {
        return committedRows.sum();
    }

    /** Records that the warehouse refused; one that is set aside again after a failure counts again. */
    public long deadLetters() {
        return deadLetters.sum();
    }

    /** How often the channel was opened, the first time included. */
    public long openings() {
        return openings.sum();
    }

    /** How often the connection was replaced. */
    public long reconnects() {
        return reconnects.sum();
    }

    /** How often nothing was committed for so long that the channel was given up. Each is a failure, too. */
    public long stalls() {
        return stalls.sum();
    }

    /** How many calls of the sink failed with this remedy. */
    public long failures(Remedy remedy) {
        return failures.get(remedy.ordinal());
    }

    /** Rows that were handed over and are not known to be committed. */
    public long inFlightRows() {
        return inFlightRows;
    }

    /** Their payload. */
    public long inFlightBytes() {
        return inFlightBytes;
    }

    /** When the committed sequence last grew, or the channel was opened, on the uploader's clock, nanoseconds. */
    public long progressNs() {
        return progressNs;
    }

    /** Why there is an alarm, if there is one. */
    public Optional<String> alarm() {
        return Optional.ofNullable(alarm);
    }

    void appended(long rows) {
        appendedRows.add(rows);
    }

    void committed(long rows) {
        committedRows.add(rows);
    }

    void deadLettered() {
        deadLetters.increment();
    }

    void opened() {
        openings.increment();
    }

    void reconnected() {
        reconnects.increment();
    }

    void stalled() {
        stalls.increment();
    }

    void failed(Remedy remedy) {
        failures.incrementAndGet(remedy.ordinal());
    }

    void inFlight(long rows, long bytes) {
        inFlightRows = rows;
        inFlightBytes = bytes;
    }

    void progressed(long atNs) {
        progressNs = atNs;
    }

    void alarm(@Nullable String reason) {
        alarm = reason;
    }
}
