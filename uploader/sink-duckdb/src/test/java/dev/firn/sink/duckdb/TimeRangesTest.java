package dev.firn.sink.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.sink.duckdb.TimeRanges.Range;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeRangesTest {
    @Test
    void timesAreCutAtTheWidestGaps() {
        assertThat(TimeRanges.cover(LongStream.of(103, 5, 100, 7, 1_000, 5), 3))
                .containsExactly(new Range(5, 7), new Range(100, 103), new Range(1_000, 1_000));
    }

    @Test
    void equalTimesAreOneRange() {
        assertThat(TimeRanges.cover(LongStream.of(7, 7, 7), 8)).containsExactly(new Range(7, 7));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyTimeIsInExactlyOneRange(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            long[] times = random.longs(random.nextInt(1, 40), -50, 50).toArray();

            List<Range> ranges = TimeRanges.cover(LongStream.of(times), 4);

            assertThat(ranges).hasSizeLessThanOrEqualTo(4);
            for (long time : times) {
                assertThat(ranges)
                        .filteredOn(range -> range.first() <= time && time <= range.last())
                        .hasSize(1);
            }
        }
    }
}
