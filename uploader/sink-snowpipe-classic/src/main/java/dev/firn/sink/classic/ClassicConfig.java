package dev.firn.sink.classic;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How rows are handed to the library.
 *
 * @param maxClientLag     how long the library gathers rows before it writes a file, 1 s to 10 minutes: longer
 *                         makes fewer and larger files, and later commits
 * @param connectWithin    how long an opening waits for the client to be made, 1 s to 10 minutes; it goes on being
 *                         made, and the next opening waits again
 * @param appendWithin     how long the library may hold an append up while the heap is nearly full or files wait
 *                         to be uploaded, 1 s to 15 minutes; the channel has to be opened again then
 * @param maxBufferedBytes most bytes of payload that a channel has handed over and that are not committed, at
 *                         least 1,000,000; the library keeps them in the Java heap. One piece of a batch,
 *                         4,000,000 bytes, is always let through
 */
public record ClassicConfig(
        Duration maxClientLag, Duration connectWithin, Duration appendWithin, int maxBufferedBytes) {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final Duration QUARTER = Duration.ofMinutes(15);
    private static final int LEAST_BUFFER = 1_000_000;

    public static final ClassicConfig DEFAULT =
            new ClassicConfig(SECOND, Duration.ofSeconds(60), Duration.ofSeconds(30), 64_000_000);

    public ClassicConfig {
        require("maxClientLag", maxClientLag, TEN_MINUTES);
        require("connectWithin", connectWithin, TEN_MINUTES);
        require("appendWithin", appendWithin, QUARTER);
        if (maxBufferedBytes < LEAST_BUFFER) {
            throw new IllegalArgumentException(
                    "maxBufferedBytes must be at least " + LEAST_BUFFER + ": value=" + maxBufferedBytes);
        }
    }

    private static void require(String name, Duration value, Duration most) {
        requireNonNull(value, name);
        if (value.compareTo(SECOND) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    name + " must be in 1 s.." + most.toMinutes() + " minutes: value=" + value);
        }
    }
}
