package dev.firn.benchmarks.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.benchmarks.sink.StalledClient.Sample;
import dev.firn.benchmarks.sink.StalledMeasurement.Observation;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StalledMeasurementTest {
    private static Sample sample(long residentKb, long inFlightBytes) {
        return new Sample(residentKb, 1, inFlightBytes, 10_000, 3, 2);
    }

    @Test
    void growthIsWhatComesAfterTheBuffersAreFull() {
        Observation seen = new Observation(
                sample(1_000_000, 0),
                IntStream.rangeClosed(0, 20)
                        .mapToObj(second -> sample(1_100_000 + second * 1_000L, second == 5 ? 64_000_000 : 1))
                        .toList());

        assertThat(seen.growthBytes()).isEqualTo(10_000 * 1024);
        assertThat(StalledMeasurement.row("commits stall", seen))
                .containsPattern("commits stall +1,024 +1,137 +1,147 +10 +64 +10,000 +3 +2");
    }

    @Test
    void aShortRunHasNoGrowth() {
        Observation seen = new Observation(
                sample(1, 0), IntStream.range(0, 3).mapToObj(i -> sample(i, i)).toList());

        assertThat(seen.growthBytes()).isZero();
    }
}
