package dev.firn.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.benchmarks.latency.Subject.Phase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** That everything runs and loses nothing; the numbers mean nothing. */
class SubjectRunTest {
    private static final Load TINY = new Load(20_000, 1, 500, 2_000, 500);

    /** Loses its last event. */
    private static final class LosingTarget extends FakeTarget {
        @Override
        public long countStored() {
            return super.countStored() - 1;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySubjectRunsAndItsFilesHoldEveryEvent(Subject subject) throws Exception {
        Map<Metric, Double> metrics = SubjectRun.measure(subject, TINY);

        assertThat(metrics.containsKey(Metric.SERVICE_P50)).isEqualTo(subject.has(Phase.SCHEDULED));
        assertThat(metrics.containsKey(Metric.PRODUCER_CPU_NS)).isEqualTo(subject.has(Phase.SATURATED));
        assertThat(metrics.containsKey(Metric.LIMIT_WRITE_NS)).isEqualTo(subject == Subject.LIMIT);
        assertThat(metrics.values()).allSatisfy(value -> assertThat(value).isNotNegative());
    }

    @Test
    void aLostEventIsAFailure() {
        assertThatThrownBy(() -> SubjectRun.measure(Subject.QUEUE, (path, input) -> new LosingTarget(), TINY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("events are missing: subject=queue taken=600 stored=599");
    }

    @Test
    void aSubjectRunsInAJvmOfItsOwnAndIsReported() {
        StringWriter out = new StringWriter();

        int exitCode = new CommandLine(new LatencyMeasurement())
                .setOut(new PrintWriter(out))
                .execute("--smoke", "--only", "ndjson-buffered");

        assertThat(exitCode).isZero();
        assertThat(out.toString())
                .startsWith("machine: ")
                .contains("-Xms2g -Xmx2g -XX:+UseG1GC", "| ndjson-buffered |", "One reading of the clock takes");
    }

    @Test
    void anUnknownSubjectIsWrongUsage() {
        StringWriter problems = new StringWriter();

        int exitCode = new CommandLine(new LatencyMeasurement())
                .setErr(new PrintWriter(problems))
                .execute("--only", "slate");

        assertThat(exitCode).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(problems.toString()).contains("no such subject: name=slate", "ndjson-buffered");
    }

    @Test
    void aLineOfMetricsIsReadAsItWasPrinted() throws Exception {
        assertThat(SubjectRun.read("{\"SERVICE_P50\":50.0,\"EVENTS_PER_SECOND\":1500000.5}\n"))
                .isEqualTo(new EnumMap<>(Map.of(Metric.SERVICE_P50, 50.0, Metric.EVENTS_PER_SECOND, 1_500_000.5)));
    }
}
