package dev.firn.ingest;

import static dev.firn.ingest.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.event.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of events for which the ring or the disk has no room. */
@Timeout(60)
class BackPressureTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final long MIN_FREE = 64L << 20;
    private static final Pattern COUNT = Pattern.compile("\"count\":(\\d+)");

    private final MemoryLog log = new MemoryLog(0);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicLong clock = new AtomicLong(1_700_000_000_000_000L);

    @AfterEach
    void letGo() {
        release.countDown();
    }

    private IngestClient open(BackPressure policy) {
        return IngestClient.open(
                IngestConfig.builder(Path.of("none"))
                        .ringSize(64)
                        .backPressure(policy)
                        .minFreeBytes(MIN_FREE)
                        .clock(clock::incrementAndGet)
                        .build(),
                directory -> log);
    }

    private void getStuck() {
        log.beforeAppend = () -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private void fill(IngestClient client) {
        for (int i = 1; i <= 64; i++) {
            assertThat(client.emit(event("event-" + i))).isEqualTo(i);
        }
    }

    private List<String> reports() {
        return log.records.stream()
                .filter(record -> record.contains("pipeline.events_dropped"))
                .toList();
    }

    private static long count(String report) {
        Matcher matcher = COUNT.matcher(report);
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    @Test
    void refuseAnswersAtOnce() {
        getStuck();
        try (IngestClient client = open(BackPressure.REFUSE)) {
            fill(client);
            assertThat(client.emit(event("one more"))).isEqualTo(EventClient.RING_FULL);
            FlushReport report = client.flush(Duration.ZERO);
            assertThat(report.refused()).isEqualTo(1);
            assertThat(report.dropped()).isZero();
            release.countDown();
        }
        assertThat(log.records).hasSize(64);
    }

    /** Some hundreds of places, but no memory without a limit. */
    @Test
    void longEventsFillTheRingByTheirBytes() {
        getStuck();
        Event longest =
                Events.builder("a.b").attribute("text", "x".repeat(900_000)).build();
        try (IngestClient client = IngestClient.open(
                IngestConfig.builder(Path.of("none"))
                        .ringSize(1_024)
                        .backPressure(BackPressure.REFUSE)
                        .build(),
                directory -> log)) {
            int accepted = 0;
            while (client.emit(longest) > 0) {
                accepted++;
            }
            assertThat(accepted * (long) longest.canonicalLength())
                    .isBetween(EventRing.MOST_LONG_BYTES, EventRing.MOST_LONG_BYTES + longest.canonicalLength());
            assertThat(client.event("a.b")
                            .tenant("T")
                            .actor("x")
                            .attribute("text", "x".repeat(900_000))
                            .emit())
                    .isEqualTo(EventClient.RING_FULL);
            assertThat(client.emit(event("short"))).isPositive();

            release.countDown();

            assertThat(client.flush(TEN_SECONDS).complete()).isTrue();
            assertThat(client.emit(longest)).isPositive();
        }
    }

    @Test
    void whatAFullDiskKeepsBackIsNotFlushedAndNotLost() {
        log.full = true;
        try (IngestClient client = open(BackPressure.REFUSE)) {
            assertThat(client.emit(event("kept back"))).isEqualTo(1);
            assertThat(client.emit(event("also"))).isEqualTo(2);
            FlushReport report = client.flush(Duration.ofMillis(100));
            assertThat(report.complete()).isFalse();
            assertThat(report.appended()).isZero();
            assertThat(client.close(Duration.ofMillis(100)).complete()).isFalse();

            log.full = false;

            assertThat(client.close(TEN_SECONDS).complete()).isTrue();
        }
        assertThat(log.lastSequence()).isEqualTo(2);
        assertThat(log.records).hasSize(2);
    }

    @Test
    void waitForEverWaitsUntilThereIsRoom() throws Exception {
        getStuck();
        try (IngestClient client = open(BackPressure.WAIT_FOR_EVER)) {
            fill(client);
            CompletableFuture<Long> waiting = CompletableFuture.supplyAsync(() -> client.emit(event("one more")));
            assertThat(client.flush(Duration.ofMillis(20)).complete()).isFalse();
            assertThat(waiting).isNotDone();
            release.countDown();
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(65);
        }
        assertThat(log.records).hasSize(65);
    }

    @Test
    void waitForEverEndsWithTheClient() throws Exception {
        getStuck();
        IngestClient client = open(BackPressure.WAIT_FOR_EVER);
        fill(client);
        CompletableFuture<Long> waiting = CompletableFuture.supplyAsync(() -> client.emit(event("one more")));
        client.close(Duration.ZERO);
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(EventClient.CLOSED);
        release.countDown();
        assertThat(client.close(TEN_SECONDS).complete()).isTrue();
    }

    @Test
    void droppedEventsBecomeOneEventAsSoonAsThereIsRoom() {
        getStuck();
        try (IngestClient client = open(BackPressure.DROP_AND_COUNT)) {
            fill(client);
            clock.set(1_700_000_100_000_000L);
            for (int i = 0; i < 1_000; i++) {
                assertThat(client.emit(event("dropped"))).isEqualTo(EventClient.DROPPED);
            }
            FlushReport full = client.flush(Duration.ZERO);
            assertThat(full.dropped()).isEqualTo(1_000);
            assertThat(full.refused()).isZero();
            release.countDown();
            Await.until("report", () -> client.flush(TEN_SECONDS).appended() == 65);
            // The ring positions of accepted events stay dense: the report has one of its own.
            assertThat(client.emit(event("after"))).isEqualTo(66);
        }
        assertThat(reports()).singleElement().satisfies(report -> {
            assertThat(count(report)).isEqualTo(1_000);
            assertThat(report)
                    .contains("\"first_dropped_at\":\"2023-11-14T22:15:00.000001Z\"")
                    .contains("\"last_dropped_at\":\"2023-11-14T22:15:00.001000Z\"")
                    .contains("\"tenant_id\":\"_system\"")
                    .contains("\"object_id\":\"" + log.producerId() + "\"");
        });
        assertThat(log.records).hasSize(66);
    }

    @Test
    void whatWasDroppedBeforeTheEndIsToldAtTheEnd() {
        getStuck();
        IngestClient client = open(BackPressure.DROP_AND_COUNT);
        fill(client);
        assertThat(client.emit(event("dropped"))).isEqualTo(EventClient.DROPPED);
        client.close(Duration.ZERO);
        release.countDown();
        FlushReport report = client.close(TEN_SECONDS);
        assertThat(report.complete()).isTrue();
        assertThat(report.dropped()).isEqualTo(1);
        assertThat(report.accepted()).isEqualTo(65);
        assertThat(report.appended()).isEqualTo(65);
        assertThat(report.durable()).isEqualTo(65);
        assertThat(reports()).hasSize(1);
    }

    @Test
    void everyDroppedEventIsCountedOnceWhoeverDropsIt() throws Exception {
        List<CompletableFuture<long[]>> emitters = new ArrayList<>();
        FlushReport report;
        try (IngestClient client = open(BackPressure.DROP_AND_COUNT)) {
            for (int t = 0; t < 4; t++) {
                emitters.add(CompletableFuture.supplyAsync(() -> {
                    long[] acceptedAndDropped = new long[2];
                    for (int i = 0; i < 20_000; i++) {
                        acceptedAndDropped[client.emit(event("event")) > 0 ? 0 : 1]++;
                    }
                    return acceptedAndDropped;
                }));
            }
            long accepted = 0;
            long dropped = 0;
            for (CompletableFuture<long[]> emitter : emitters) {
                long[] counts = emitter.get(30, TimeUnit.SECONDS);
                accepted += counts[0];
                dropped += counts[1];
            }
            report = client.close(TEN_SECONDS);
            assertThat(report.dropped()).isEqualTo(dropped);
            assertThat(report.accepted()).isEqualTo(accepted + reports().size());
        }
        assertThat(reports().stream().mapToLong(BackPressureTest::count).sum()).isEqualTo(report.dropped());
    }

    @Test
    void lowDiskIsAnsweredAndGoesOnByItself() {
        try (IngestClient client = open(BackPressure.WAIT)) {
            assertThat(client.emit(event("one"))).isEqualTo(1);
            log.usableBytes = MIN_FREE - 1;
            Await.until("refusal", () -> client.emit(event("more")) == EventClient.DISK_LOW);
            long accepted = client.flush(TEN_SECONDS).accepted();
            assertThat(client.flush(Duration.ZERO).refused()).isPositive();
            // A little room is not enough, or it would go on and off.
            log.usableBytes = MIN_FREE + 1;
            Await.until("room again", () -> {
                log.usableBytes += MIN_FREE / 8;
                return client.emit(event("again")) == accepted + 1;
            });
            assertThat(client.flush(TEN_SECONDS).appended()).isEqualTo(accepted + 1);
        }
    }

    @Test
    void lowDiskDropsWithTheDroppingPolicyAndIsWaitedForWithTheWaitingOne() throws Exception {
        log.usableBytes = MIN_FREE - 1;
        try (IngestClient client = open(BackPressure.DROP_AND_COUNT)) {
            assertThat(client.emit(event("dropped"))).isEqualTo(EventClient.DROPPED);
            log.usableBytes = 2 * MIN_FREE;
            Await.until("report", () -> client.flush(Duration.ZERO).durable() == 1);
        }
        assertThat(reports()).hasSize(1);
        log.usableBytes = MIN_FREE - 1;
        try (IngestClient client = open(BackPressure.WAIT_FOR_EVER)) {
            CompletableFuture<Long> waiting = CompletableFuture.supplyAsync(() -> client.emit(event("patient")));
            assertThat(client.awaitDurable(2, Duration.ofMillis(20))).isFalse();
            log.usableBytes = 2 * MIN_FREE;
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(2);
        }
    }

    /** Else the events that are accepted already would be written into a disk that is full. */
    @Test
    void writerStopsBeforeTheDiskIsFullAndNothingHangs() {
        IngestClient client = open(BackPressure.REFUSE);
        assertThat(client.emit(event("one"))).isEqualTo(1);
        assertThat(client.awaitDurable(1, TEN_SECONDS)).isTrue();
        getStuck();
        for (int i = 2; i <= 60; i++) {
            assertThat(client.emit(event("event-" + i))).isEqualTo(i);
        }
        log.usableBytes = MIN_FREE / 4;
        Await.until("refusal", () -> client.emit(event("more")) == EventClient.DISK_LOW);
        release.countDown();
        FlushReport flushed = client.flush(Duration.ofMillis(50));
        assertThat(flushed.complete()).isFalse();
        assertThat(flushed.appended()).isEqualTo(2);
        assertThat(client.close(Duration.ofMillis(50)).complete()).isFalse();
        log.usableBytes = 2 * MIN_FREE;
        FlushReport closed = client.close(TEN_SECONDS);
        assertThat(closed.complete()).isTrue();
        assertThat(closed.durable()).isEqualTo(closed.accepted()).isGreaterThanOrEqualTo(60);
    }
}
