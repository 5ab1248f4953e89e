package dev.firn.sink.classic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.emulator.EmulatedSnowflake;
import dev.firn.emulator.Endpoint;
import dev.firn.emulator.Fault;
import dev.firn.upload.FakeSource;
import dev.firn.upload.JournalUploader;
import dev.firn.upload.MemoryPosition;
import dev.firn.upload.Rows;
import dev.firn.upload.SinkRow;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploadMetrics;
import dev.firn.upload.UploaderConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An uploader, the library and a server that fails at random, while events come in: each is there once, in order.
 * So many seeds as {@code -Dfirn.chaos.seeds} says, one if it does not.
 */
class ClassicChaosTest {
    private static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";
    private static final int ROWS = 600;
    private static final int ROWS_AT_ONCE = 6;
    private static final int PLANNED_REGISTRATIONS = 100;
    private static final long UPLOADED_WITHIN_NS = TimeUnit.MINUTES.toNanos(3);
    private static final UploaderConfig CONFIG = UploaderConfig.builder()
            .maxBatchRows(100)
            .maxBatchDelay(Duration.ZERO)
            .firstRetryDelay(Duration.ofMillis(20))
            .maxRetryDelay(Duration.ofSeconds(1))
            .maxAttempts(UploaderConfig.FOR_EVER)
            .idlePollInterval(Duration.ofSeconds(1))
            .stallTimeout(Duration.ofSeconds(6))
            .build();

    @TempDir
    Path directory;

    private final FakeSource journal = new FakeSource(PRODUCER, 0);

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("firn.chaos.seeds", 1));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyEventIsThereOnceAndInOrder(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        try (EmulatedSnowflake snowflake = EmulatedSnowflake.start(directory, 0)) {
            ClassicSink sink = new ClassicSink(snowflake.account(), ClassicConfig.DEFAULT);
            snowflake.emulator().acceptRepeatedRegistrations(random.nextBoolean());
            planRegistrations(snowflake, random);

            upload(snowflake, sink, random);
            sink.close();
            Clients.awaitClosed();

            assertThat(snowflake.rawRows())
                    .extracting(SinkRow::sequence)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, ROWS).boxed().toList());
        }
    }

    /** Of a hundred: 15 are refused, 12 are committed and the reply is lost, 10 fail and are repeated. */
    private static void planRegistrations(EmulatedSnowflake snowflake, SplittableRandom random) {
        int well = 0;
        for (int i = 0; i < PLANNED_REGISTRATIONS; i++) {
            int percent = random.nextInt(100);
            if (percent >= 37) {
                well++;
                continue;
            }
            Fault.Effect effect = percent < 15
                    ? new Fault.Refuse(400, "REFUSED")
                    : percent < 27 ? new Fault.LoseReply(0) : new Fault.Refuse(500, "FAILED");
            snowflake.emulator().faults().add(new Fault(Endpoint.CLASSIC_REGISTER, well, 1, effect));
            well = 0;
        }
    }

    /** Events come in while the uploader works; a few times another opens the channel. */
    private void upload(EmulatedSnowflake snowflake, ClassicSink sink, SplittableRandom random) throws Exception {
        long startNs = System.nanoTime();
        long committed = 0;
        try (JournalUploader uploader = uploader(sink)) {
            while (committed < ROWS) {
                assertThat(System.nanoTime() - startNs).isLessThan(UPLOADED_WITHIN_NS);
                for (int i = 0; i < ROWS_AT_ONCE && journal.lastSequence() < ROWS; i++) {
                    journal.add(Rows.row(PRODUCER, journal.lastSequence() + 1));
                }
                uploader.doWork();
                if (uploader.committed() > committed) {
                    committed = uploader.committed();
                    if (random.nextInt(100) < 5) {
                        snowflake.emulator().stealChannel(PRODUCER);
                    }
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private JournalUploader uploader(ClassicSink sink) {
        return new JournalUploader(
                journal,
                sink,
                CONFIG,
                System::nanoTime,
                new MemoryPosition(),
                UploadListener.NONE,
                new UploadMetrics());
    }
}
