package dev.firn.benchmarks.latency;

import dev.firn.benchmarks.Spread;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How Firn is to something else, in one metric: a fraction of its time, or a multiple of its events. */
record Ratio(Subject firn, Subject other, Metric metric) {
    private static final List<Metric> METRICS =
            List.of(Metric.SERVICE_P50, Metric.SERVICE_P99, Metric.SERVICE_P999, Metric.EVENTS_PER_SECOND);

    static Stream<Ratio> all(Subject firn, Subject other) {
        return METRICS.stream().map(metric -> new Ratio(firn, other, metric));
    }

    private boolean isThroughput() {
        return metric == Metric.EVENTS_PER_SECOND;
    }

    /** How many times better Firn is: quicker, or more events. Empty if one of the two was not run or has no such metric. */
    Optional<Spread> timesBetter(Results results) {
        return isThroughput() ? results.ratio(firn, other, metric) : results.ratio(other, firn, metric);
    }

    String title() {
        return firn.title() + " : " + other.title() + ", " + metric.header() + (isThroughput() ? "" : " of the call");
    }

    /** As a ratio of Firn to the other. */
    String text(double timesBetter) {
        return isThroughput()
                ? String.format(Locale.ROOT, "%,.2f", timesBetter)
                : String.format(Locale.ROOT, "1/%,.1f", timesBetter);
    }

    /** The worst first. */
    String text(Spread timesBetter) {
        String median = text(timesBetter.median());
        return timesBetter.min() == timesBetter.max()
                ? median
                : median + " (" + text(timesBetter.min()) + ".." + text(timesBetter.max()) + ")";
    }

    /** What is asked for. */
    String bound(double timesBetter) {
        return (isThroughput() ? ">= " : "<= ") + text(timesBetter);
    }
}
