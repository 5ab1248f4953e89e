package dev.firn.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.benchmarks.Spread;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private final Results results = new Results();

    private void add(Subject subject, Metric metric, double... values) {
        for (double value : values) {
            results.add(subject, new EnumMap<>(Map.of(metric, value)));
        }
    }

    @Test
    void aRatioIsThatOfTheMediansWithTheWorstAndTheBestOfARepetition() {
        add(Subject.FIRN, Metric.SERVICE_P99, 100, 300, 200);
        add(Subject.QUEUE, Metric.SERVICE_P99, 2_000, 900, 1_000);

        assertThat(new Ratio(Subject.FIRN, Subject.QUEUE, Metric.SERVICE_P99).timesBetter(results))
                .contains(new Spread(5, 3, 20));
    }

    @Test
    void moreEventsAreBetterWhereEventsAreCounted() {
        add(Subject.FIRN, Metric.EVENTS_PER_SECOND, 3_000_000);
        add(Subject.LOG4J2, Metric.EVENTS_PER_SECOND, 1_500_000);

        assertThat(new Ratio(Subject.FIRN, Subject.LOG4J2, Metric.EVENTS_PER_SECOND).timesBetter(results))
                .contains(new Spread(2, 2, 2));
    }

    @Test
    void goalsSayWhatWasAskedForWhatWasMeasuredAndWhetherItWasReached() {
        add(Subject.FIRN, Metric.SERVICE_P99, 100, 300, 200);
        add(Subject.QUEUE, Metric.SERVICE_P99, 2_000, 900, 1_000);
        add(Subject.LOG4J2, Metric.SERVICE_P99, 4_000, 4_000, 4_000);

        assertThat(Report.of(results))
                .containsPattern(
                        "firn : queue, p99 of the call +\\| <= 1/4.0 +\\| +1/5.0 \\(1/3.0..1/20.0\\) +\\| reached ")
                .containsPattern(
                        "firn : log4j2, p99 of the call +\\| <= 1/25.0 +\\| +1/20.0 \\(1/13.3..1/40.0\\) +\\| missed ");
    }

    @Test
    void aGoalWhoseSubjectsWereNotRunIsNotShown() {
        add(Subject.QUEUE, Metric.SERVICE_P50, 100);

        assertThat(Report.of(results)).contains("| queue |").doesNotContain("Goals");
    }

    @Test
    void whatIsBetterThanAGoalMayReachItsStretch() {
        Goal goal = new Goal(new Ratio(Subject.FIRN, Subject.LIMIT, Metric.EVENTS_PER_SECOND), 0.6, 0.7);

        assertThat(goal.wanted()).isEqualTo(">= 0.60, better 0.70");
        assertThat(goal.verdict(0.59)).isEqualTo("missed");
        assertThat(goal.verdict(0.6)).isEqualTo("reached");
        assertThat(goal.verdict(0.7)).isEqualTo("reached, the better too");
    }
}
