package dev.firn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** That everything runs; the numbers mean nothing. */
class SmokeTest {
    @Test
    void everyBenchmarkRunsInEveryVariant() throws Exception {
        var options = new OptionsBuilder()
                .include("^dev\\.firn\\.benchmarks\\.")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(10))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();

        assertThat(new Runner(options).run()).hasSize(16);
    }

    @Test
    void thePipelineAndTheBulkLoadHaveTheSameRows() throws Exception {
        try (TemporaryDirectory directory = new TemporaryDirectory()) {
            PipelineRun pipeline = new PipelineRun(2_000);
            BulkLoad bulk = new BulkLoad(directory);

            PipelineRun.Result result = pipeline.run(bulk::keepRows);

            assertThat(pipeline.rows()).isEqualTo(2_040);
            assertThat(result.seconds()).isPositive();
            assertThat(bulk.run()).isPositive();
        }
    }

    @Test
    void batchesAreMeasuredInATableOfTheGivenSize() throws Exception {
        try (RefreshCost cost = new RefreshCost()) {
            assertThat(cost.at(10_000).min()).isPositive();
        }
    }

    @Test
    void theMiddleAndTheEndsAreShown() {
        assertThat(Spread.of(DoubleStream.of(3, 1, 2_000)).format("%,.0f")).isEqualTo("3 (1..2,000)");
    }
}
