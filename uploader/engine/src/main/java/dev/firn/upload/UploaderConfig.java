package dev.firn.upload;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How an uploader groups rows, how much it lets be under way, and what it does about failures.
 *
 * @param maxBatchRows       rows in one batch, 1 to 100,000
 * @param maxBatchBytes      bytes of payload in one batch, 1,000,000 to 1,000,000,000; a batch may exceed it by one row
 * @param maxBatchDelay      longest wait for a batch to fill, 0 to 1 minute; zero sends what is there
 * @param maxInFlightBatches batches that were handed over and are not known to be committed, 1 to 10,000
 * @param maxInFlightBytes   bytes of payload in them, 1,000,000 to 10,000,000,000; one batch is always let through
 * @param firstRetryDelay    wait before the first new attempt, doubled for each further one, 1 ms to 1 minute; up to a fifth
 *                           less, so that uploaders do not come back all at once
 * @param maxRetryDelay      longest wait before a new attempt, at least {@code firstRetryDelay}
 * @param maxAttempts        attempts in a row without any progress after which the upload fails, at least 1, or {@link #FOR_EVER}
 * @param alarmAttempts      attempts in a row without any progress after which there is an alarm, at least 1
 * @param stallTimeout       how long rows may be under way without any being committed, until the channel is taken for broken
 *                           and opened again; more than {@code idlePollInterval}, to 1 hour
 * @param idlePollInterval   how often the warehouse is asked while nothing is under way, 1 ms to 10 minutes
 * @param acceptToken        whether a token of the warehouse that does not fit the journal is accepted: events up to it are then
 *                           taken for uploaded. An operator's decision, for one run
 */
public record UploaderConfig(
        int maxBatchRows,
        int maxBatchBytes,
        Duration maxBatchDelay,
        int maxInFlightBatches,
        long maxInFlightBytes,
        Duration firstRetryDelay,
        Duration maxRetryDelay,
        int maxAttempts,
        int alarmAttempts,
        Duration stallTimeout,
        Duration idlePollInterval,
        boolean acceptToken) {
    /** So many attempts that the upload never fails for want of progress. */
    public static final int FOR_EVER = Integer.MAX_VALUE;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    public static final UploaderConfig DEFAULT = new UploaderConfig(
            10_000,
            64_000_000,
            Duration.ofMillis(100),
            20,
            64_000_000,
            Duration.ofMillis(100),
            Duration.ofSeconds(30),
            10,
            5,
            MINUTE,
            Duration.ofSeconds(10),
            false);

    public UploaderConfig {
        requireNonNull(maxBatchDelay, "maxBatchDelay");
        requireNonNull(firstRetryDelay, "firstRetryDelay");
        requireNonNull(maxRetryDelay, "maxRetryDelay");
        requireNonNull(stallTimeout, "stallTimeout");
        requireNonNull(idlePollInterval, "idlePollInterval");
        require(maxBatchRows >= 1 && maxBatchRows <= 100_000, "maxBatchRows must be in 1..100000", maxBatchRows);
        require(
                maxBatchBytes >= 1_000_000 && maxBatchBytes <= 1_000_000_000,
                "maxBatchBytes must be in 1000000..1000000000",
                maxBatchBytes);
        require(
                !maxBatchDelay.isNegative() && maxBatchDelay.compareTo(MINUTE) <= 0,
                "maxBatchDelay must be in 0..1 minute",
                maxBatchDelay);
        require(
                maxInFlightBatches >= 1 && maxInFlightBatches <= 10_000,
                "maxInFlightBatches must be in 1..10000",
                maxInFlightBatches);
        require(
                maxInFlightBytes >= 1_000_000 && maxInFlightBytes <= 10_000_000_000L,
                "maxInFlightBytes must be in 1000000..10000000000",
                maxInFlightBytes);
        require(
                firstRetryDelay.toMillis() >= 1 && firstRetryDelay.compareTo(MINUTE) <= 0,
                "firstRetryDelay must be in 1 ms..1 minute",
                firstRetryDelay);
        require(
                maxRetryDelay.compareTo(firstRetryDelay) >= 0,
                "maxRetryDelay must be at least firstRetryDelay=" + firstRetryDelay,
                maxRetryDelay);
        require(maxAttempts >= 1, "maxAttempts must be at least 1", maxAttempts);
        require(alarmAttempts >= 1, "alarmAttempts must be at least 1", alarmAttempts);
        require(
                idlePollInterval.toMillis() >= 1 && idlePollInterval.compareTo(Duration.ofMinutes(10)) <= 0,
                "idlePollInterval must be in 1 ms..10 minutes",
                idlePollInterval);
        require(
                stallTimeout.compareTo(idlePollInterval) > 0 && stallTimeout.compareTo(Duration.ofHours(1)) <= 0,
                "stallTimeout must be more than idlePollInterval=" + idlePollInterval + ", to 1 hour",
                stallTimeout);
    }

    private static void require(boolean fits, String rule, Object value) {
        if (!fits) {
            throw new IllegalArgumentException(rule + ": value=" + value);
        }
    }

    /** With all defaults. */
    public static Builder builder() {
        return new Builder(DEFAULT);
    }

    /** With everything as it is here. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Collects what differs. */
    public static final class Builder {
        private int maxBatchRows;
        private int maxBatchBytes;
        private Duration maxBatchDelay;
        private int maxInFlightBatches;
        private long maxInFlightBytes;
        private Duration firstRetryDelay;
        private Duration maxRetryDelay;
        private int maxAttempts;
        private int alarmAttempts;
        private Duration stallTimeout;
        private Duration idlePollInterval;
        private boolean acceptToken;

        private Builder(UploaderConfig from) {
            this.maxBatchRows = from.maxBatchRows;
            this.maxBatchBytes = from.maxBatchBytes;
            this.maxBatchDelay = from.maxBatchDelay;
            this.maxInFlightBatches = from.maxInFlightBatches;
            this.maxInFlightBytes = from.maxInFlightBytes;
            this.firstRetryDelay = from.firstRetryDelay;
            this.maxRetryDelay = from.maxRetryDelay;
            this.maxAttempts = from.maxAttempts;
            this.alarmAttempts = from.alarmAttempts;
            this.stallTimeout = from.stallTimeout;
            this.idlePollInterval = from.idlePollInterval;
            this.acceptToken = from.acceptToken;
        }

        public Builder maxBatchRows(int value) {
            this.maxBatchRows = value;
            return this;
        }

        public Builder maxBatchBytes(int value) {
            this.maxBatchBytes = value;
            return this;
        }

        public Builder maxBatchDelay(Duration value) {
            this.maxBatchDelay = value;
            return this;
        }

        public Builder maxInFlightBatches(int value) {
            this.maxInFlightBatches = value;
            return this;
        }

        public Builder maxInFlightBytes(long value) {
            this.maxInFlightBytes = value;
            return this;
        }

        public Builder firstRetryDelay(Duration value) {
            this.firstRetryDelay = value;
            return this;
        }

        public Builder maxRetryDelay(Duration value) {
            this.maxRetryDelay = value;
            return this;
        }

        public Builder maxAttempts(int value) {
            this.maxAttempts = value;
            return this;
        }

        public Builder alarmAttempts(int value) {
            this.alarmAttempts = value;
            return this;
        }

        public Builder stallTimeout(Duration value) {
            this.stallTimeout = value;
            return this;
        }

        public Builder idlePollInterval(Duration value) {
            this.idlePollInterval = value;
            return this;
        }

        public Builder acceptToken(boolean value) {
            this.acceptToken = value;
            return this;
        }

        public UploaderConfig build() {
            return new UploaderConfig(
                    maxBatchRows,
                    maxBatchBytes,
                    maxBatchDelay,
                    maxInFlightBatches,
                    maxInFlightBytes,
                    firstRetryDelay,
                    maxRetryDelay,
                    maxAttempts,
                    alarmAttempts,
                    stallTimeout,
                    idlePollInterval,
                    acceptToken);
        }
    }
}
