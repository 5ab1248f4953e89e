package dev.firn.embedded;

import static dev.firn.embedded.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.firn.embedded.FakeWarehouse.State;
import dev.firn.ingest.EventClient;
import dev.firn.ingest.IngestConfig;
import dev.firn.journal.JournalLockedException;
import dev.firn.sink.duckdb.DuckDbWarehouse;
import dev.firn.upload.UploaderConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Client and uploader in this process, each on its threads. */
@Timeout(60)
class FirnTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final UploaderConfig QUICK = UploaderConfig.builder()
            .maxBatchRows(1_000)
            .maxBatchDelay(Duration.ZERO)
            .firstRetryDelay(Duration.ofMillis(1))
            .maxRetryDelay(Duration.ofMillis(10))
            .maxAttempts(3)
            .build();

    @RegisterExtension
    private final CapturedLog log = new CapturedLog();

    @TempDir
    private Path temporary;

    private final FakeWarehouse warehouse = new FakeWarehouse();
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private IngestConfig ingest() {
        return IngestConfig.builder(temporary.resolve("journals/chat"))
                .meterRegistry(registry)
                .build();
    }

    private FirnConfig config(SinkOpener sink) {
        return FirnConfig.builder(ingest(), sink)
                .uploader(QUICK)
                .restartDelay(Duration.ofMillis(5))
                .build();
    }

    private static void emit(Firn firn, long from, long to) {
        for (long n = from; n <= to; n++) {
            assertThat(firn.client().emit(event(n))).isEqualTo(n);
        }
    }

    private static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void whatIsEmittedIsCommittedAndTheClientHearsOfIt() {
        try (Firn firn = Firn.start(config(warehouse))) {
            emit(firn, 1, 5_000);

            assertThat(firn.client().awaitCommitted(5_000, TEN_SECONDS)).isTrue();
            assertThat(firn.committedSequence()).isEqualTo(5_000);
            assertThat(firn.pending()).isZero();
            assertThat(firn.uploadFailure()).isEmpty();
        }
        assertThat(warehouse.sequences()).isEqualTo(range(1, 5_000));
    }

    @Test
    void closingSendsWhatIsLeft() {
        Firn firn = Firn.start(config(warehouse));
        emit(firn, 1, 5_000);

        CloseReport report = firn.close(TEN_SECONDS);

        assertThat(report.complete()).as(report.toString()).isTrue();
        assertThat(report.client().durable()).isEqualTo(5_000);
        assertThat(report.committedSequence()).isEqualTo(5_000);
        assertThat(warehouse.sequences()).isEqualTo(range(1, 5_000));
        assertThat(warehouse.closed).hasValue(warehouse.opened.get());
        assertThat(firn.client().emit(event(1))).isEqualTo(EventClient.CLOSED);
        assertThat(firn.close(TEN_SECONDS).complete()).isTrue();
    }

    @Test
    void aWarehouseThatIsDownDisturbsNobodyAndGetsEverythingOnceItIsBack() {
        warehouse.state = State.DOWN;
        try (Firn firn = Firn.start(config(warehouse))) {
            emit(firn, 1, 2_000);
            assertThat(firn.client().awaitDurable(2_000, TEN_SECONDS)).isTrue();
            Await.until("failure", () -> firn.uploadFailure().isPresent());
            warehouse.state = State.UP;
            assertThat(firn.client().awaitCommitted(2_000, TEN_SECONDS)).isTrue();
            Await.until("end of failure", () -> firn.uploadFailure().isEmpty());
            warehouse.state = State.REFUSING;
            emit(firn, 2_001, 3_000);
            Await.until("failure", () -> firn.uploadFailure().isPresent());
            warehouse.state = State.BROKEN;
            emit(firn, 3_001, 4_000);
            warehouse.state = State.UP;
            assertThat(firn.client().awaitCommitted(4_000, TEN_SECONDS)).isTrue();
        }
        assertThat(warehouse.sequences()).isEqualTo(range(1, 4_000));
    }

    @Test
    void closingWithADeadWarehouseEndsEarlyLosesNothingAndTheNextStartGoesOn() {
        warehouse.state = State.DOWN;
        Firn dead = Firn.start(config(warehouse));
        emit(dead, 1, 100);

        CloseReport report = dead.close(Duration.ofDays(1));

        assertThat(report.complete()).isFalse();
        assertThat(report.client().complete()).isTrue();
        assertThat(report.client().durable()).isEqualTo(100);
        assertThat(report.pending()).isEqualTo(100);
        assertThat(report.stopped()).isTrue();
        assertThat(report.uploadFailure().orElseThrow().message()).isEqualTo("warehouse is down");
        warehouse.state = State.UP;
        Firn next = Firn.start(config(warehouse));
        assertThat(next.close(TEN_SECONDS).complete()).isTrue();
        assertThat(warehouse.sequences()).isEqualTo(range(1, 100));
    }

    @Test
    void closingWithAWarehouseThatHangsReturnsInTime() throws InterruptedException {
        warehouse.state = State.HANGING;
        Firn firn = Firn.start(config(warehouse));
        emit(firn, 1, 10);
        assertThat(warehouse.hanging.await(10, TimeUnit.SECONDS)).isTrue();

        CloseReport report = firn.close(Duration.ofMillis(300));

        assertThat(report.stopped()).isFalse();
        assertThat(report.pending()).isEqualTo(10);
        warehouse.state = State.UP;
        warehouse.released.countDown();
        assertThat(firn.close(TEN_SECONDS).stopped()).isTrue();
        assertThat(warehouse.closed).hasValue(1);
    }

    @Test
    void whatIsLeftAtTheEndIsLogged() {
        warehouse.state = State.DOWN;
        Firn firn = Firn.start(config(warehouse));
        emit(firn, 1, 10);

        firn.close();

        assertThat(log.text())
                .contains("closed before everything was uploaded", "last=10 committed=0", "warehouse is down")
                .doesNotContain(Events.CONTENT);
    }

    @Test
    void anInterruptedCallerIsNotHeldUp() {
        warehouse.state = State.REFUSING;
        Firn firn = Firn.start(config(warehouse));
        emit(firn, 1, 10);
        Thread.currentThread().interrupt();

        CloseReport report = firn.close(Duration.ofDays(1));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.complete()).isFalse();
        assertThat(firn.close(TEN_SECONDS).stopped()).isTrue();
    }

    @Test
    void metersTellWhatHappenedAndGoWithIt() {
        try (Firn firn = Firn.start(config(warehouse))) {
            emit(firn, 1, 100);
            assertThat(firn.client().awaitCommitted(100, TEN_SECONDS)).isTrue();
            assertThat(gauge("firn.upload.committed")).isEqualTo(100);
            assertThat(gauge("firn.upload.pending")).isZero();
            assertThat(gauge("firn.upload.lag")).isZero();
            assertThat(gauge("firn.upload.working")).isEqualTo(1);
            assertThat(counter("firn.upload.rows")).isEqualTo(100);
            assertThat(counter("firn.upload.rows.appended")).isEqualTo(100);
            assertThat(counter("firn.upload.openings")).isEqualTo(1);
            assertThat(gauge("firn.upload.in.flight")).isZero();
            assertThat(gauge("firn.upload.alarm")).isZero();
            assertThat(counter("firn.upload.failures")).isZero();
            assertThat(counter("firn.upload.dead.letters")).isZero();
            warehouse.state = State.DOWN;
            emit(firn, 101, 101);
            Await.until("failures", () -> counter("firn.upload.failures") > 0 && gauge("firn.upload.working") == 0);
            assertThat(gauge("firn.upload.pending")).isEqualTo(1);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void everyMeterStandsOnThePageAboutEmbedding() throws IOException {
        String page = Files.readString(Path.of("..", "..", "docs", "embedding.md"));
        try (Firn firn = Firn.start(config(warehouse))) {
            assertThat(firn.pending()).isZero();
            assertThat(registry.getMeters())
                    .isNotEmpty()
                    .allSatisfy(meter ->
                            assertThat(page).contains("`" + meter.getId().getName() + "`"));
        }
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private double counter(String name) {
        return registry.get(name).functionCounter().count();
    }

    @Test
    void aRegistryThatRefusesLeavesNothingBehind() {
        MeterRegistry refusing = new SimpleMeterRegistry() {
            @Override
            protected <T> Gauge newGauge(Meter.Id id, T of, ToDoubleFunction<T> value) {
                if (id.getName().startsWith("firn.upload.")) {
                    throw new IllegalStateException("refused");
                }
                return super.newGauge(id, of, value);
            }
        };
        FirnConfig config = FirnConfig.builder(
                        IngestConfig.builder(temporary.resolve("journals/chat"))
                                .meterRegistry(refusing)
                                .build(),
                        warehouse)
                .build();

        assertThatIllegalStateException().isThrownBy(() -> Firn.start(config));

        Firn.start(config(warehouse)).close();
    }

    @Test
    void aJournalThatIsTakenIsRefused() {
        try (Firn first = Firn.start(config(warehouse))) {
            assertThatExceptionOfType(JournalLockedException.class).isThrownBy(() -> Firn.start(config(warehouse)));
            emit(first, 1, 1);
            assertThat(first.client().awaitCommitted(1, TEN_SECONDS)).isTrue();
        }
    }

    @Test
    void aNegativeTimeIsAnErrorOfTheProgram() {
        try (Firn firn = Firn.start(config(warehouse))) {
            assertThatIllegalArgumentException().isThrownBy(() -> firn.close(Duration.ofNanos(-1)));
            emit(firn, 1, 1);
        }
    }

    @Test
    void theEmbeddedWarehouseHasEveryEventOnce() throws Exception {
        Path file = temporary.resolve("made/for/it/warehouse.duckdb");
        for (int run = 0; run < 2; run++) {
            try (Firn firn = Firn.start(config(DuckDb.file(file)))) {
                emit(firn, 1_000L * run + 1, 1_000L * run + 1_000);
                assertThat(firn.close(Duration.ofSeconds(30)).complete()).isTrue();
            }
        }

        assertThat(Files.getPosixFilePermissions(file.getParent()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        try (DuckDbWarehouse opened = DuckDbWarehouse.openToRead(file);
                Connection connection = opened.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT COUNT(*), COUNT(DISTINCT EVENT_ID), MAX(COPIES) FROM ACTIVITY.EVENTS")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getLong(1)).isEqualTo(2_000);
            assertThat(row.getLong(2)).isEqualTo(2_000);
            assertThat(row.getLong(3)).isEqualTo(1);
        }
    }
}
