package dev.firn.benchmarks.latency;

import dev.firn.benchmarks.Spread;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** What all repetitions yielded. */
final class Results {
    private final Map<Subject, List<Map<Metric, Double>>> runs = new EnumMap<>(Subject.class);

    /** To be called once for each subject in each repetition, so that those of one repetition can be compared. */
    void add(Subject subject, Map<Metric, Double> metrics) {
        runs.computeIfAbsent(subject, key -> new ArrayList<>()).add(metrics);
    }

    List<Subject> subjects() {
        return List.copyOf(runs.keySet());
    }

    /** Empty if the subject was not run or has no such metric. */
    Optional<Spread> spread(Subject subject, Metric metric) {
        double[] values = values(subject, metric);
        return values.length == 0 ? Optional.empty() : Optional.of(Spread.of(DoubleStream.of(values)));
    }

    /**
     * The ratio of the medians, with the least and the greatest ratio within one repetition. Empty if either was not run or has no such
     * metric.
     */
    Optional<Spread> ratio(Subject dividend, Subject divisor, Metric metric) {
        double[] dividends = values(dividend, metric);
        double[] divisors = values(divisor, metric);
        if (dividends.length == 0 || dividends.length != divisors.length) {
            return Optional.empty();
        }
        Spread each = Spread.of(IntStream.range(0, dividends.length).mapToDouble(i -> dividends[i] / divisors[i]));
        double ofMedians = Spread.of(DoubleStream.of(dividends)).median()
                / Spread.of(DoubleStream.of(divisors)).median();
        return Optional.of(new Spread(ofMedians, each.min(), each.max()));
    }

    private double[] values(Subject subject, Metric metric) {
        return runs.getOrDefault(subject, List.of()).stream()
                .filter(metrics -> metrics.containsKey(metric))
                .mapToDouble(metrics -> metrics.get(metric))
                .toArray();
    }
}
