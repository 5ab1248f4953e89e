package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofHours(1);

    private static long[] waits(long seed) {
        BackOff backOff = new BackOff(FIRST, MOST, seed);
        return IntStream.rangeClosed(1, 100).mapToLong(backOff::nextNs).toArray();
    }

    @Test
    void theLongestWaitIsNeverExceededHoweverManyAttemptsThereWere() {
        for (long ns : waits(1)) {
            assertThat(ns).isBetween(FIRST.toNanos() * 8 / 10, MOST.toNanos());
        }
        assertThat(waits(1)[99]).isGreaterThanOrEqualTo(MOST.toNanos() * 8 / 10);
    }

    @Test
    void aSeedGivesTheSameWaitsAndAnotherOneOthers() {
        assertThat(waits(1)).isEqualTo(waits(1)).isNotEqualTo(waits(2));
    }
}
