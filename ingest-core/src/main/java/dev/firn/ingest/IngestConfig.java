package dev.firn.ingest;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * How one client takes events.
 *
 * @param directory        the journal's directory, of this client alone; made if missing
 * @param sourceLane       the lane of events that name none, 1 to 32 of {@code A-Z 0-9 _}
 * @param ringSize         events that can wait in memory, a power of two, 64 to 1,048,576. It bounds what a killed process loses
 * @param syncInterval     time between group syncs, 1 ms to 1 s
 * @param backPressure     what becomes of an event for which there is no room
 * @param emitTimeout      longest wait of an {@code emit} that finds the ring full, with {@link BackPressure#WAIT}; zero refuses at once
 * @param minFreeBytes     below so much free space in the journal's file system no event is taken; 16 MiB to 1 TiB
 * @param retention        how long a file of the journal stays after its last event was received, once all of it is committed; empty: until
 *                         someone deletes it
 * @param clock            time of receipt, in microseconds since 1970-01-01T00:00Z; asked on the emitting threads
 * @param meterRegistry    where the client's meters go, if anywhere
 * @param deliveryListener who hears what is committed, if anyone
 * @param warmUp           whether opening takes some tenths of a second longer, once in a JVM, so that the first thousands of events find
 *                         a writer that is compiled. Without, a burst right after the start can fill the ring
 */
public record IngestConfig(
        Path directory,
        String sourceLane,
        int ringSize,
        Duration syncInterval,
        BackPressure backPressure,
        Duration emitTimeout,
        long minFreeBytes,
        Optional<Duration> retention,
        LongSupplier clock,
        Optional<MeterRegistry> meterRegistry,
        Optional<DeliveryListener> deliveryListener,
        boolean warmUp) {
    public static final String DEFAULT_SOURCE_LANE = "APPLICATION";
    public static final int DEFAULT_RING_SIZE = 16_384;
    public static final Duration DEFAULT_SYNC_INTERVAL = Duration.ofMillis(10);
    public static final Duration DEFAULT_EMIT_TIMEOUT = Duration.ofSeconds(1);
    public static final long DEFAULT_MIN_FREE_BYTES = 256L << 20;

    private static final Pattern LANE = Pattern.compile("[A-Z0-9_]{1,32}");
    private static final int MIN_RING_SIZE = 64;
    private static final int MAX_RING_SIZE = 1 << 20;
    private static final Duration MIN_SYNC_INTERVAL = Duration.ofMillis(1);
    private static final Duration MAX_SYNC_INTERVAL = Duration.ofSeconds(1);
    static final long LEAST_MIN_FREE_BYTES = 16L << 20;
    private static final long MOST_MIN_FREE_BYTES = 1L << 40;

    public IngestConfig {
        requireNonNull(directory, "directory");
        requireNonNull(sourceLane, "sourceLane");
        requireNonNull(syncInterval, "syncInterval");
        requireNonNull(backPressure, "backPressure");
        requireNonNull(emitTimeout, "emitTimeout");
        requireNonNull(retention, "retention");
        requireNonNull(clock, "clock");
        requireNonNull(meterRegistry, "meterRegistry");
        requireNonNull(deliveryListener, "deliveryListener");
        if (!LANE.matcher(sourceLane).matches()) {
            throw new IllegalArgumentException("sourceLane must be 1 to 32 of A-Z 0-9 _: sourceLane=" + sourceLane);
        }
        if (ringSize < MIN_RING_SIZE || ringSize > MAX_RING_SIZE || Integer.bitCount(ringSize) != 1) {
            throw new IllegalArgumentException("ringSize must be a power of two in 64..1048576: ringSize=" + ringSize);
        }
        if (syncInterval.compareTo(MIN_SYNC_INTERVAL) < 0 || syncInterval.compareTo(MAX_SYNC_INTERVAL) > 0) {
            throw new IllegalArgumentException("syncInterval must be from 1 ms to 1 s: syncInterval=" + syncInterval);
        }
        if (emitTimeout.isNegative()) {
            throw new IllegalArgumentException("emitTimeout must not be negative: emitTimeout=" + emitTimeout);
        }
        if (minFreeBytes < LEAST_MIN_FREE_BYTES || minFreeBytes > MOST_MIN_FREE_BYTES) {
            throw new IllegalArgumentException(
                    "minFreeBytes must be from 16 MiB to 1 TiB: minFreeBytes=" + minFreeBytes);
        }
        if (retention.isPresent() && retention.get().isNegative()) {
            throw new IllegalArgumentException("retention must not be negative: retention=" + retention.get());
        }
    }

    /** With all defaults but the directory. */
    public static Builder builder(Path directory) {
        return new Builder(directory);
    }

    /** Collects what differs from the defaults. */
    public static final class Builder {
        private final Path directory;
        private String sourceLane = DEFAULT_SOURCE_LANE;
        private int ringSize = DEFAULT_RING_SIZE;
        private Duration syncInterval = DEFAULT_SYNC_INTERVAL;
        private BackPressure backPressure = BackPressure.WAIT;
        private Duration emitTimeout = DEFAULT_EMIT_TIMEOUT;
        private long minFreeBytes = DEFAULT_MIN_FREE_BYTES;
        private Optional<Duration> retention = Optional.empty();
        private LongSupplier clock = new EpochClock();
        private Optional<MeterRegistry> meterRegistry = Optional.empty();
        private Optional<DeliveryListener> deliveryListener = Optional.empty();
        private boolean warmUp = true;

        private Builder(Path directory) {
            this.directory = requireNonNull(directory, "directory");
        }

        public Builder sourceLane(String value) {
            this.sourceLane = value;
            return this;
        }

        public Builder ringSize(int value) {
            this.ringSize = value;
            return this;
        }

        public Builder syncInterval(Duration value) {
            this.syncInterval = value;
            return this;
        }

        public Builder backPressure(BackPressure value) {
            this.backPressure = value;
            return this;
        }

        public Builder emitTimeout(Duration value) {
            this.emitTimeout = value;
            return this;
        }

        public Builder minFreeBytes(long value) {
            this.minFreeBytes = value;
            return this;
        }

        public Builder retention(Duration value) {
            this.retention = Optional.of(value);
            return this;
        }

        public Builder clock(LongSupplier epochMicros) {
            this.clock = epochMicros;
            return this;
        }

        public Builder meterRegistry(MeterRegistry registry) {
            this.meterRegistry = Optional.of(registry);
            return this;
        }

        public Builder deliveryListener(DeliveryListener listener) {
            this.deliveryListener = Optional.of(listener);
            return this;
        }

        public Builder warmUp(boolean value) {
            this.warmUp = value;
            return this;
        }

        public IngestConfig build() {
            return new IngestConfig(
                    directory,
                    sourceLane,
                    ringSize,
                    syncInterval,
                    backPressure,
                    emitTimeout,
                    minFreeBytes,
                    retention,
                    clock,
                    meterRegistry,
                    deliveryListener,
                    warmUp);
        }
    }
}
