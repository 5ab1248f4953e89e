package dev.firn.sink.snowpipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.emulator.EmulatedSnowflake;
import dev.firn.emulator.Endpoint;
import dev.firn.emulator.Fault;
import dev.firn.upload.FakeSource;
import dev.firn.upload.JournalUploader;
import dev.firn.upload.MemoryPosition;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkRow;
import dev.firn.upload.StripedSink;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploadMetrics;
import dev.firn.upload.UploaderConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server that fails at random, and uploaders that die at random: each row is there once, in the order of its channel. The long
 * form is {@code -Dfirn.chaos.seeds=50}; one seed alone, {@code -Dfirn.chaos.first=17 -Dfirn.chaos.seeds=1}.
 */
class SnowpipeChaosTest {
    private static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";
    private static final int ROWS = 600;
    private static final long WITHIN_NS = TimeUnit.MINUTES.toNanos(4);
    private static final UploaderConfig CONFIG = UploaderConfig.builder()
            .maxBatchRows(10)
            .maxBatchDelay(Duration.ZERO)
            .maxInFlightBatches(25)
            .firstRetryDelay(Duration.ofMillis(20))
            .maxRetryDelay(Duration.ofMillis(500))
            .maxAttempts(UploaderConfig.FOR_EVER)
            .stallTimeout(Duration.ofSeconds(11))
            .build();

    @TempDir
    Path directory;

    static LongStream seeds() {
        long first = Long.getLong("firn.chaos.first", 1);
        return LongStream.range(first, first + Long.getLong("firn.chaos.seeds", 2));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyRowArrivesOnceAndInOrder(long seed) throws Exception {
        Random random = new Random(seed);
        int stripes = seed % 2 == 0 ? 3 : 1;
        try (EmulatedSnowflake snowflake = Snowpipes.startWithoutStore(directory)) {
            snowflake.emulator().setCommitDelay(Duration.ofMillis(random.nextInt(600)));
            MemoryPosition kept = new MemoryPosition();
            UploadMetrics metrics = new UploadMetrics();
            long start = System.nanoTime();
            boolean isDone = false;
            while (!isDone) {
                SnowpipeSink snowpipe = Snowpipes.sink(snowflake);
                Sink sink = stripes == 1 ? snowpipe : new StripedSink(snowpipe, stripes);
                // As a process that is killed: nobody closes what it had open.
                JournalUploader uploader = new JournalUploader(
                        new FakeSource(PRODUCER, ROWS),
                        sink,
                        CONFIG,
                        System::nanoTime,
                        kept,
                        UploadListener.NONE,
                        metrics);
                long livesForNs = TimeUnit.MILLISECONDS.toNanos(1_000 + random.nextInt(6_000));
                long born = System.nanoTime();
                while (!uploader.isDrained() && System.nanoTime() - born < livesForNs) {
                    plantFault(snowflake, random, stripes);
                    if (uploader.doWork() == 0) {
                        TimeUnit.MILLISECONDS.sleep(5);
                    }
                    assertThat(System.nanoTime() - start).isLessThan(WITHIN_NS);
                }
                isDone = uploader.isDrained();
            }
            assertThat(kept.read()).isEqualTo(ROWS);
            List<SinkRow> rows = snowflake.rawRows();
            for (int stripe = 0; stripe < stripes; stripe++) {
                long remainder = stripe;
                assertThat(rows.stream().map(SinkRow::sequence).filter(sequence -> sequence % stripes == remainder))
                        .as("seed %d, stripe %d", seed, stripe)
                        .containsExactlyElementsOf(LongStream.rangeClosed(1, ROWS)
                                .filter(sequence -> sequence % stripes == remainder)
                                .boxed()
                                .toList());
            }
            System.out.printf(
                    "SnowpipeChaosTest: seed=%d stripes=%d openings=%d failures=%d stalls=%d discardedRows=%d seconds=%d%n",
                    seed,
                    stripes,
                    metrics.openings(),
                    metrics.failures(SinkException.Remedy.REOPEN),
                    metrics.stalls(),
                    snowflake.emulator().discardedRows(),
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
        }
    }

    /** Some faults for the requests to come; one is planted at a time, so that the server also works now and then. */
    private static void plantFault(EmulatedSnowflake snowflake, Random random, int stripes) {
        if (random.nextInt(40) != 0) {
            return;
        }
        snowflake.emulator().faults().clear();
        int kind = random.nextInt(100);
        if (kind < 30) {
            snowflake.emulator().faults().add(Fault.once(Endpoint.APPEND_ROWS, new Fault.Refuse(400, "REFUSED")));
        } else if (kind < 60) {
            snowflake.emulator().faults().add(Fault.once(Endpoint.APPEND_ROWS, new Fault.LoseReply(500)));
        } else if (kind < 70) {
            snowflake.emulator().faults().add(Fault.once(Endpoint.APPEND_ROWS, new Fault.Refuse(500, "TRANSIENT")));
        } else if (kind < 75) {
            snowflake.emulator().faults().add(Fault.once(Endpoint.APPEND_ROWS, new Fault.Refuse(410, "FAILED_OVER")));
        } else if (kind < 80) {
            snowflake.emulator().faults().add(Fault.once(Endpoint.OPEN_CHANNEL, new Fault.Refuse(500, "TRANSIENT")));
        } else if (kind < 85) {
            snowflake.emulator().expireTokens();
        } else if (kind < 95) {
            int stripe = random.nextInt(stripes);
            snowflake.emulator().stealChannel(stripes == 1 ? PRODUCER : PRODUCER + "-" + stripe + "-of-" + stripes);
        }
    }
}
