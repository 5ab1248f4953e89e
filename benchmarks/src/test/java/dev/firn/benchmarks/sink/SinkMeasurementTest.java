package dev.firn.benchmarks.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.benchmarks.sink.SinkMeasurement.Round;
import dev.firn.benchmarks.sink.SinkMeasurement.Turn;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SinkMeasurementTest {
    private static Turn turn(double seconds) {
        return new Turn(new Subject.Result(1_000, seconds, 0.012, 7), 24_000_000, 2_000);
    }

    @Test
    void theRatioIsThatOfEachRound() {
        List<Round> rounds =
                List.of(new Round(turn(1), turn(2)), new Round(turn(0.9), turn(1)), new Round(turn(0.95), turn(1)));

        assertThat(SinkMeasurement.report("snowpipe", rounds))
                .contains("snowpipe, 1,000 rows, 3 rounds")
                .containsPattern("the library alone, rows/s +1,053 \\(1,000\\.\\.1,111\\)")
                .containsPattern("ratio, Firn to the library alone +0\\.90 \\(0\\.50\\.\\.0\\.95\\)")
                .containsPattern("goal +0\\.90 or more: reached");
    }

    @Test
    void aMissedGoalIsSaid() {
        assertThat(SinkMeasurement.report("snowpipe", List.of(new Round(turn(1), turn(2)))))
                .containsPattern("goal +0\\.90 or more: missed");
    }

    @Test
    void processorTimeIsThatOfAThousandRows() {
        Turn turn = turn(1);

        assertThat(turn.result().cpuMsPerThousandRows()).isEqualTo(12);
        assertThat(turn.serverCpuMsPerThousandRows()).isEqualTo(12);
    }

    @Test
    void anUnknownSinkIsRefusedWithTheOnesThatThereAre() {
        StringWriter errors = new StringWriter();

        int exitCode = new CommandLine(new SinkMeasurement())
                .setErr(new PrintWriter(errors))
                .execute("--sink", "duckdb");

        assertThat(exitCode).isEqualTo(2);
        assertThat(errors.toString()).contains("no such sink: value=duckdb sinks=[snowpipe");
        assertThatThrownBy(() -> SinkLibrary.named("duckdb")).isInstanceOf(IllegalArgumentException.class);
    }
}
