package dev.firn.ingest;

import static dev.firn.ingest.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The client on a log that fails or gets stuck. */
@Timeout(60)
class IngestFailureTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(30);

    private final MemoryLog log = new MemoryLog(100);
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch stuck = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        release.countDown();
    }

    private static IngestConfig.Builder config() {
        return IngestConfig.builder(Path.of("none")).ringSize(64).emitTimeout(Duration.ZERO);
    }

    private IngestClient open(IngestConfig.Builder config) {
        return IngestClient.open(config.build(), directory -> log);
    }

    /** The writer stops in front of its next append, until {@link #release}. */
    private void getStuck() {
        log.beforeAppend = () -> {
            stuck.countDown();
            awaitRelease();
        };
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Throwable> failures() {
        return List.of(
                new IllegalStateException("cannot write"),
                new IOException("undeclared"),
                new InternalError("a fault occurred in a recent unsafe memory access operation"),
                new StackOverflowError());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whateverTheWriterThrowsClosesTheClientAndIsReported(Throwable failure) throws InterruptedException {
        log.failAtSequence = 103;
        log.appendFailure = failure;
        IngestClient client = open(config());
        long sequence = 0;
        for (int i = 0; i < 1_000 && sequence != IngestClient.CLOSED; i++) {
            sequence = client.emit(event("event-" + i));
            if (sequence == IngestClient.RING_FULL) {
                Await.until("end", () -> log.closed.getCount() == 0);
            }
        }
        Await.until("refusal", () -> client.emit(event("late")) == IngestClient.CLOSED);
        FlushReport flushed = client.flush(TEN_SECONDS);
        assertThat(flushed.complete()).isFalse();
        assertThat(flushed.failure()).containsSame(failure);
        assertThat(flushed.appended()).isEqualTo(2);
        assertThat(flushed.left()).isEqualTo(flushed.accepted() - 2).isPositive();
        FlushReport closed = client.close(TEN_SECONDS);
        assertThat(closed.complete()).isFalse();
        assertThat(closed.failure()).containsSame(failure);
        assertThat(log.closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(log.records).hasSize(2);
        assertThat(client.awaitDurable(102, TEN_SECONDS)).isTrue();
        assertThat(client.awaitDurable(103, TEN_SECONDS)).isFalse();
        client.close();
    }

    @Test
    void emitThatWaitsForRoomIsLetGoByAFailure() throws Exception {
        getStuck();
        IngestClient client = open(config().emitTimeout(TEN_SECONDS));
        for (int i = 0; i < 64; i++) {
            assertThat(client.emit(event("event-" + i))).isEqualTo(101 + i);
        }
        CompletableFuture<Long> waiting = CompletableFuture.supplyAsync(() -> client.emit(event("one more")));
        assertThat(stuck.await(10, TimeUnit.SECONDS)).isTrue();
        log.failAtSequence = 101;
        log.appendFailure = new IllegalStateException("cannot write");
        release.countDown();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(IngestClient.CLOSED);
        assertThat(client.close(TEN_SECONDS).left()).isEqualTo(64);
    }

    @Test
    void emitThatWaitsForRoomGetsIt() throws Exception {
        getStuck();
        try (IngestClient client = open(config().emitTimeout(TEN_SECONDS))) {
            for (int i = 0; i < 64; i++) {
                client.emit(event("event-" + i));
            }
            CompletableFuture<Long> waiting = CompletableFuture.supplyAsync(() -> client.emit(event("one more")));
            release.countDown();
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(165);
        }
        assertThat(log.records).hasSize(65);
    }

    @Test
    void fullRingRefusesAfterTheTimeout() throws Exception {
        getStuck();
        try (IngestClient client = open(config().emitTimeout(SHORT))) {
            for (int i = 0; i < 64; i++) {
                assertThat(client.emit(event("event-" + i))).isEqualTo(101 + i);
            }
            long start = System.nanoTime();
            assertThat(client.emit(event("one more"))).isEqualTo(IngestClient.RING_FULL);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(SHORT);
            FlushReport report = client.flush(Duration.ZERO);
            assertThat(report.refused()).isEqualTo(1);
            assertThat(report.left()).isEqualTo(64);
            release.countDown();
            assertThat(client.flush(TEN_SECONDS).complete()).isTrue();
            assertThat(client.emit(event("now"))).isEqualTo(165);
        }
    }

    @Test
    void interruptEndsTheWaitForRoomAndStaysSet() {
        getStuck();
        try (IngestClient client = open(config().emitTimeout(Duration.ofDays(1)))) {
            for (int i = 0; i < 64; i++) {
                client.emit(event("event-" + i));
            }
            Thread.currentThread().interrupt();
            assertThat(client.emit(event("one more"))).isEqualTo(IngestClient.RING_FULL);
            assertThat(client.flush(Duration.ofDays(1)).complete()).isFalse();
            assertThat(Thread.interrupted()).isTrue();
            release.countDown();
        }
    }

    @Test
    void stuckWriterDelaysFlushAndCloseByTheirTimeoutsOnly() throws InterruptedException {
        getStuck();
        IngestClient client = open(config());
        for (int i = 0; i < 10; i++) {
            client.emit(event("event-" + i));
        }
        assertThat(stuck.await(10, TimeUnit.SECONDS)).isTrue();

        FlushReport flushed = client.flush(SHORT);
        assertThat(flushed).isEqualTo(new FlushReport(10, 0, 0, 0, 0, false, flushed.failure()));
        FlushReport closed = client.close(SHORT);
        assertThat(closed).isEqualTo(new FlushReport(10, 0, 0, 0, 0, false, closed.failure()));
        assertThat(closed.left()).isEqualTo(10);
        assertThat(closed.failure()).isEmpty();
        assertThat(client.emit(event("late"))).isEqualTo(IngestClient.CLOSED);
        assertThat(client.awaitDurable(101, SHORT)).isFalse();

        release.countDown();
        FlushReport ended = client.close(TEN_SECONDS);
        assertThat(ended).isEqualTo(new FlushReport(10, 10, 10, 0, 1, true, ended.failure()));
        assertThat(log.records).hasSize(10);
    }

    @Test
    void closeWithAFullRingAndAStuckWriterReturns() {
        getStuck();
        IngestClient client = open(config());
        for (int i = 0; i < 64; i++) {
            client.emit(event("event-" + i));
        }
        assertThat(client.emit(event("one more"))).isEqualTo(IngestClient.RING_FULL);
        assertThat(client.close(SHORT).left()).isEqualTo(64);
        assertThat(client.emit(event("late"))).isEqualTo(IngestClient.CLOSED);
        release.countDown();
        assertThat(client.close(TEN_SECONDS).complete()).isTrue();
        assertThat(log.records).hasSize(64);
    }

    @Test
    void stuckSyncDelaysTheEndButNotTheWriter() {
        log.beforeSync = this::awaitRelease;
        IngestClient client = open(config());
        assertThat(client.emit(event("one"))).isEqualTo(101);
        assertThat(client.flush(TEN_SECONDS).complete()).isTrue();
        assertThat(client.awaitDurable(101, SHORT)).isFalse();
        assertThat(client.close(SHORT).complete()).isFalse();
        release.countDown();
        assertThat(client.close(TEN_SECONDS).complete()).isTrue();
        assertThat(client.durableSequence()).isEqualTo(101);
    }

    @Test
    void failedSyncClosesTheClient() {
        log.syncFailure = new IllegalStateException("disk refused");
        IngestClient client = open(config());
        client.emit(event("one"));
        Await.until("refusal", () -> client.emit(event("more")) == IngestClient.CLOSED);
        assertThat(client.close(TEN_SECONDS).failure()).containsSame(log.syncFailure);
        assertThat(client.close(TEN_SECONDS).complete()).isFalse();
    }

    @Test
    void failureIsLoggedOnceWithItsCauseAndNoEvent() throws IOException {
        String directory = "logged-" + System.nanoTime();
        log.appendFailure = new IllegalStateException("cannot write " + directory);
        log.failAtSequence = 101;
        IngestClient client =
                IngestClient.open(IngestConfig.builder(Path.of(directory)).build(), ignored -> log);
        client.emit(event("secret-" + directory));
        client.close();
        assertThat(Files.readString(Path.of("target", "test.log")))
                .containsOnlyOnce("journal not written, the client is closed: directory=" + directory
                        + " lastSequence=100 durableSequence=100")
                .containsOnlyOnce("IllegalStateException: cannot write " + directory)
                .doesNotContain("secret-");
    }

    @Test
    void failedCloseIsReported() {
        log.closeFailure = new IllegalStateException("cannot close");
        IngestClient client = open(config());
        client.emit(event("one"));
        FlushReport report = client.close(TEN_SECONDS);
        assertThat(report.complete()).isFalse();
        assertThat(report.appended()).isEqualTo(1);
        assertThat(report.failure()).containsSame(log.closeFailure);
    }

    /** As a log appender does that emits what is logged, while the writer logs. */
    @Test
    void clientsOwnThreadsNeverWaitForThemselves() throws InterruptedException {
        IngestClient client = open(config().emitTimeout(Duration.ofDays(1)));
        AtomicLong answer = new AtomicLong();
        AtomicReference<FlushReport> flushed = new AtomicReference<>();
        CountDownLatch filled = new CountDownLatch(1);
        log.beforeAppend = () -> {
            try {
                filled.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (answer.get() == 0) {
                answer.set(client.emit(event("from the writer")));
                flushed.set(client.flush(Duration.ofDays(1)));
            }
        };
        for (int i = 0; i < 64; i++) {
            client.emit(event("event-" + i));
        }
        filled.countDown();
        assertThat(client.flush(TEN_SECONDS).complete()).isTrue();
        assertThat(answer).hasValue(IngestClient.RING_FULL);
        assertThat(flushed.get().complete()).isFalse();

        AtomicReference<FlushReport> closed = new AtomicReference<>();
        log.beforeAppend = () -> closed.set(client.close(Duration.ofDays(1)));
        client.emit(event("one more"));
        Await.until("close", () -> closed.get() != null);
        assertThat(closed.get().complete()).isFalse();
        assertThat(client.close(TEN_SECONDS).complete()).isTrue();
        assertThat(log.records).hasSize(65);
    }

    @Test
    void clientThatCouldNotBeMadeLeavesNothingOpen() throws InterruptedException {
        MeterRegistry refusing = new SimpleMeterRegistry();
        refusing.config().onMeterAdded(IngestFailureTest::refuse);
        assertThatIllegalStateException()
                .isThrownBy(() -> open(config().meterRegistry(refusing)))
                .withMessage("no meters");
        assertThat(log.closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void refuse(Meter meter) {
        throw new IllegalStateException("no meters");
    }

    @Test
    void recordWithAnotherSequenceThanPromisedStopsTheClient() {
        log.beforeAppend = () -> log.records.add("stray");
        IngestClient client = open(config());
        client.emit(event("one"));
        Await.until("refusal", () -> client.emit(event("more")) == IngestClient.CLOSED);
        assertThat(client.close(TEN_SECONDS).failure())
                .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("expected=101 found=102"));
    }

    @Test
    void slotsKeepNoEvents() {
        List<WeakReference<Object>> references = new ArrayList<>();
        try (IngestClient client = open(config())) {
            for (int i = 0; i < 10; i++) {
                var event = event("event-" + i);
                references.add(new WeakReference<>(event));
                client.emit(event);
            }
            client.flush(TEN_SECONDS);
            Await.until("collection", () -> {
                System.gc();
                return references.stream().allMatch(reference -> reference.get() == null);
            });
        }
    }
}
