package dev.firn.upload;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How an uploader groups rows and how long it waits after a failure.
 *
 * @param maxBatchRows   rows in one batch, 1 to 100,000
 * @param maxBatchBytes  bytes of payload in one batch, 1,000,000 to 1,000,000,000; a batch may exceed it by one row
 * @param maxBatchDelay  longest wait for a batch to fill, 0 to 1 minute; zero sends what is there
 * @param firstRetryDelay wait before the first new attempt, doubled for each further one, 1 ms to 1 minute
 * @param maxRetryDelay  longest wait before a new attempt, at least {@code firstRetryDelay}
 * @param maxAttempts    attempts in a row without any progress after which the upload fails, at least 1
 */
public record UploaderConfig(
        int maxBatchRows,
        int maxBatchBytes,
        Duration maxBatchDelay,
        Duration firstRetryDelay,
        Duration maxRetryDelay,
        int maxAttempts) {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    public static final UploaderConfig DEFAULT = new UploaderConfig(
            10_000, 64_000_000, Duration.ofMillis(100), Duration.ofMillis(100), Duration.ofSeconds(30), 10);

    public UploaderConfig {
        requireNonNull(maxBatchDelay, "maxBatchDelay");
        requireNonNull(firstRetryDelay, "firstRetryDelay");
        requireNonNull(maxRetryDelay, "maxRetryDelay");
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
                firstRetryDelay.toMillis() >= 1 && firstRetryDelay.compareTo(MINUTE) <= 0,
                "firstRetryDelay must be in 1 ms..1 minute",
                firstRetryDelay);
        require(
                maxRetryDelay.compareTo(firstRetryDelay) >= 0,
                "maxRetryDelay must be at least firstRetryDelay=" + firstRetryDelay,
                maxRetryDelay);
        require(maxAttempts >= 1, "maxAttempts must be at least 1", maxAttempts);
    }

    private static void require(boolean fits, String rule, Object value) {
        if (!fits) {
            throw new IllegalArgumentException(rule + ": value=" + value);
        }
    }
}
