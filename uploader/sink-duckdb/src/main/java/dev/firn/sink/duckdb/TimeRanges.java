package dev.firn.sink.duckdb;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Covers the times of a batch with few ranges, cut at the widest gaps, so that one old event does not make DuckDB look
 * through everything in between.
 */
final class TimeRanges {
    private TimeRanges() {}

    /**
     * @param first microseconds since 1970-01-01 UTC, included
     * @param last  included
     */
    record Range(long first, long last) {}

    /**
     * @param micros at least one time, in any order
     * @param most   how many ranges at the most, at least 1
     * @return ranges in order that do not overlap and hold all times
     */
    static List<Range> cover(LongStream micros, int most) {
        long[] times = micros.sorted().toArray();
        int[] cuts = IntStream.range(1, times.length)
                .filter(i -> times[i] > times[i - 1])
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> times[i] - times[i - 1])
                        .reversed())
                .limit(most - 1L)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        int[] starts = IntStream.concat(IntStream.of(0), Arrays.stream(cuts)).toArray();
        return IntStream.range(0, starts.length)
                .mapToObj(i ->
                        new Range(times[starts[i]], times[(i + 1 < starts.length ? starts[i + 1] : times.length) - 1]))
                .toList();
    }
}
