package dev.firn.sink.snowpipe;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How rows are handed to the library.
 *
 * @param connectWithin      how long an opening waits for the client to be made, 1 s to 10 minutes; it goes on being made,
 *                           and the next opening waits again
 * @param bytesPerSecond     most bytes of rows a channel is given in a second, at least 100,000; below Snowflake's limit for a
 *                           channel, which was 12 MB/s and is 20 MB/s
 * @param maxBufferedBytes   most bytes that the library holds of a channel outside the Java heap, at least 1,000,000
 */
public record SnowpipeConfig(Duration connectWithin, int bytesPerSecond, int maxBufferedBytes) {
    private static final Duration LEAST_WAIT = Duration.ofSeconds(1);
    private static final Duration MOST_WAIT = Duration.ofMinutes(10);
    private static final int LEAST_RATE = 100_000;
    private static final int LEAST_BUFFER = 1_000_000;

    public static final SnowpipeConfig DEFAULT = new SnowpipeConfig(Duration.ofSeconds(60), 10_000_000, 64_000_000);

    public SnowpipeConfig {
        requireNonNull(connectWithin, "connectWithin");
        if (connectWithin.compareTo(LEAST_WAIT) < 0 || connectWithin.compareTo(MOST_WAIT) > 0) {
            throw new IllegalArgumentException("connectWithin must be in 1 s..10 minutes: value=" + connectWithin);
        }
        if (bytesPerSecond < LEAST_RATE) {
            throw new IllegalArgumentException(
                    "bytesPerSecond must be at least " + LEAST_RATE + ": value=" + bytesPerSecond);
        }
        if (maxBufferedBytes < LEAST_BUFFER) {
            throw new IllegalArgumentException(
                    "maxBufferedBytes must be at least " + LEAST_BUFFER + ": value=" + maxBufferedBytes);
        }
    }
}
