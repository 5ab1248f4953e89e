package dev.firn.embedded;

import static dev.firn.embedded.Events.CONTENT;
import static dev.firn.embedded.Events.event;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.embedded.FakeWarehouse.State;
import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import dev.firn.journal.CommittedPosition;
import dev.firn.upload.UploaderConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One piece of work after the other, on a clock of the test's own. */
@Timeout(60)
class UploadLoopTest {
    private static final Duration RESTART = Duration.ofSeconds(5);
    private static final long NOW_MICROS = 1_700_000_000_000_000L;

    @RegisterExtension
    private final CapturedLog log = new CapturedLog();

    @TempDir
    private Path temporary;

    private final ManualClock clock = new ManualClock();
    private final FakeWarehouse warehouse = new FakeWarehouse();
    private IngestClient client;
    private UploadLoop loop;

    @BeforeEach
    void open() {
        IngestConfig ingest = IngestConfig.builder(journal())
                .clock(() -> NOW_MICROS)
                .warmUp(false)
                .build();
        client = IngestClient.open(ingest);
        UploaderConfig uploader = UploaderConfig.builder()
                .maxBatchRows(10)
                .maxBatchDelay(Duration.ZERO)
                .firstRetryDelay(Duration.ofSeconds(1))
                .maxRetryDelay(Duration.ofSeconds(1))
                .maxAttempts(3)
                .build();
        loop = new UploadLoop(
                FirnConfig.builder(ingest, warehouse)
                        .uploader(uploader)
                        .restartDelay(RESTART)
                        .build(),
                client::lastSequence,
                clock);
    }

    @AfterEach
    void close() {
        loop.close();
        client.close();
    }

    private Path journal() {
        return temporary.resolve("journals/chat");
    }

    private void emit(long from, long to) {
        for (long n = from; n <= to; n++) {
            assertThat(client.emit(event(n))).isPositive();
        }
        assertThat(client.flush(Duration.ofSeconds(10)).complete()).isTrue();
    }

    /** Time stands still meanwhile. */
    private void workUntilIdle() {
        for (int idle = 0; idle < 5; ) {
            idle = loop.doWork() == 0 ? idle + 1 : 0;
        }
    }

    private UploadFailure failure() {
        return requireNonNull(loop.failure());
    }

    @Test
    void rowsArriveAndThePositionIsNoted() {
        emit(1, 25);

        workUntilIdle();

        assertThat(warehouse.sequences())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 25).boxed().toList());
        assertThat(loop.committedSequence()).isEqualTo(25);
        assertThat(loop.pending()).isZero();
        assertThat(loop.metrics.committedRows()).isEqualTo(25);
        assertThat(CommittedPosition.read(journal())).contains(new CommittedPosition(25, "memory"));
        assertThat(temporary.resolve("sink")).hasContent("memory");
    }

    @Test
    void aWarehouseThatIsDownIsOpenedAgainAfterTheDelayAndNotBefore() {
        warehouse.state = State.DOWN;
        emit(1, 3);
        workUntilIdle();
        clock.advance(RESTART.minusNanos(1));
        workUntilIdle();
        assertThat(warehouse.opened).hasValue(1);
        warehouse.state = State.UP;
        clock.advance(Duration.ofNanos(1));

        workUntilIdle();

        assertThat(warehouse.sequences()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void theFailureTellsSinceWhenAndHowOftenAndIsGoneAfterwards() {
        warehouse.state = State.DOWN;
        emit(1, 1);
        for (int attempt = 1; attempt <= 3; attempt++) {
            workUntilIdle();
            assertThat(loop.failure())
                    .isEqualTo(new UploadFailure(
                            UploadFailure.Kind.WAREHOUSE,
                            "warehouse is down",
                            Instant.ofEpochSecond(NOW_MICROS / 1_000_000),
                            attempt));
            clock.advance(RESTART);
        }
        warehouse.state = State.UP;

        workUntilIdle();

        assertThat(loop.failure()).isNull();
        assertThat(loop.failures.sum()).isEqualTo(3);
    }

    @Test
    void aWarehouseThatRefusesForAWhileIsTriedAgainByTheUploaderItself() {
        warehouse.state = State.REFUSING;
        emit(1, 3);
        workUntilIdle();
        assertThat(failure().message()).isEqualTo("warehouse refuses");
        warehouse.state = State.UP;
        clock.advance(Duration.ofSeconds(1));

        workUntilIdle();

        assertThat(warehouse.sequences()).containsExactly(1L, 2L, 3L);
        assertThat(warehouse.opened).hasValue(1);
        assertThat(loop.failure()).isNull();
    }

    @Test
    void anUploadThatHasEndedLetsGoOfTheWarehouse() {
        warehouse.state = State.BROKEN;
        emit(1, 1);

        workUntilIdle();

        assertThat(warehouse.opened).hasValue(1);
        assertThat(warehouse.closed).hasValue(1);
    }

    @Test
    void whatADriverQuotesIsNeitherKeptNorLogged() {
        warehouse.state = State.BROKEN;
        emit(1, 1);

        workUntilIdle();

        assertThat(failure().kind()).isEqualTo(UploadFailure.Kind.OTHER);
        assertThat(log.count("upload has stopped")).isEqualTo(1);
        assertThat(failure() + log.text()).doesNotContain(CONTENT);
    }

    @Test
    void failuresAreLoggedEveryTenSecondsAndTheirEndOnce() {
        warehouse.state = State.DOWN;
        emit(1, 1);
        for (int second = 0; second < 60; second++) {
            workUntilIdle();
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(log.count("upload has stopped")).isEqualTo(6);
        warehouse.state = State.UP;
        clock.advance(RESTART);

        workUntilIdle();

        assertThat(log.count("upload goes on: ")).isEqualTo(1);
    }

    @Test
    void thatNothingIsUploadedAnyMoreIsAnAlarmUntilItGoesOn() {
        warehouse.state = State.REFUSING;
        emit(1, 3);
        for (int second = 0; second < 60; second++) {
            workUntilIdle();
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(log.count("nothing is uploaded any more")).isEqualTo(1);
        assertThat(loop.metrics.alarm()).contains("warehouse refuses");
        warehouse.state = State.UP;
        clock.advance(RESTART);

        workUntilIdle();

        assertThat(log.count("uploads again")).isEqualTo(1);
        assertThat(loop.metrics.alarm()).isEmpty();
    }

    @Test
    void aDamagedRecordStopsTheUploadBeforeItAndNotTheClient() throws IOException {
        emit(1, 20);
        assertThat(client.awaitDurable(20, Duration.ofSeconds(10))).isTrue();
        damage(event(12).canonical());

        workUntilIdle();

        assertThat(loop.committedSequence()).isEqualTo(11);
        assertThat(failure().kind()).isEqualTo(UploadFailure.Kind.DAMAGED_JOURNAL);
        assertThat(failure().message()).contains("lastGoodSequence=11").doesNotContain(CONTENT);
        assertThat(log.count("firn verify")).isEqualTo(1);
        emit(21, 25);
        clock.advance(RESTART);
        workUntilIdle();
        assertThat(warehouse.sequences())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 11).boxed().toList());
    }

    private void damage(String canonical) throws IOException {
        try (Stream<Path> files = Files.list(journal().resolve("queue"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".cq4")).toList()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    ByteBuffer head = ByteBuffer.allocate(1 << 20);
                    channel.read(head, 0);
                    int at = new String(head.array(), StandardCharsets.ISO_8859_1).indexOf(canonical);
                    assertThat(at).isPositive();
                    channel.write(ByteBuffer.wrap(new byte[] {'#'}), at + 5);
                }
            }
        }
    }

    @Test
    void aTokenThatTheJournalCannotExplainStopsTheUpload() {
        warehouse.content.setToken(client.producerId().toString(), 99);
        emit(1, 3);

        workUntilIdle();

        assertThat(failure().kind()).isEqualTo(UploadFailure.Kind.UNEXPLAINED_TOKEN);
        assertThat(warehouse.sequences()).isEmpty();
    }

    @Test
    void aJournalThatIsBoundToAnotherSinkSendsNothing() throws IOException {
        Files.writeString(temporary.resolve("sink"), "snowpipe\n");
        emit(1, 3);

        workUntilIdle();

        assertThat(failure().message()).contains("bound=snowpipe asked=memory");
        assertThat(warehouse.sequences()).isEmpty();
    }

    @Test
    void aPositionThatCannotBeWrittenIsAFailureAndStopsNothing() throws IOException {
        Path inTheWay = journal().resolve("committed");
        Files.createDirectories(inTheWay.resolve("something"));
        emit(1, 25);

        workUntilIdle();

        assertThat(loop.committedSequence()).isEqualTo(25);
        assertThat(failure().message()).contains("committed position not written");
        Files.delete(inTheWay.resolve("something"));
        Files.delete(inTheWay);
        emit(26, 26);
        workUntilIdle();
        assertThat(loop.failure()).isNull();
        assertThat(CommittedPosition.read(journal())).contains(new CommittedPosition(26, "memory"));
    }

    @Test
    void whatIsToBeDrainedIsStartedAtOnceAndNotAgain() {
        warehouse.state = State.DOWN;
        emit(1, 1);
        workUntilIdle();
        assertThat(loop.isOver()).isFalse();

        loop.drain();
        loop.doWork();

        assertThat(warehouse.opened).hasValue(2);
        assertThat(loop.isOver()).isTrue();
    }

    @Test
    void lagIsTheTimeForWhichAnEventHasWaited() {
        warehouse.state = State.DOWN;
        assertThat(loop.lag()).isZero();
        emit(1, 1);
        assertThat(loop.lag()).isZero();
        clock.advance(Duration.ofSeconds(30));
        emit(2, 2);
        assertThat(loop.lag()).isEqualTo(Duration.ofSeconds(30));
        warehouse.state = State.UP;

        workUntilIdle();

        assertThat(loop.lag()).isZero();
    }
}
