package dev.firn.ingest;

import static dev.firn.ingest.Events.builder;
import static dev.firn.ingest.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.firn.event.Event;
import dev.firn.journal.JournalLockedException;
import dev.firn.journal.JournalReader;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client on a real journal. */
@Timeout(60)
class IngestClientTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    @TempDir
    Path temporary;

    private IngestConfig.Builder config() {
        return IngestConfig.builder(temporary.resolve("journal"));
    }

    private List<String> read() {
        List<String> records = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(temporary.resolve("journal"))) {
            while (reader.poll(
                            record -> records.add(record.sequence() + " " + record.receivedAtMicros() + " "
                                    + record.lane() + " " + record.eventId()),
                            1_000)
                    > 0) {
                // The handler collects.
            }
        }
        return records;
    }

    @Test
    void eventsBecomeRecords() {
        Event one = event("one");
        Event two = builder("user.created").sourceLane("MCP").build();
        Event three = builder("pipeline.recovered").build();
        long[] now = {1_700_000_000_000_000L};
        try (IngestClient client = IngestClient.open(
                config().sourceLane("IMPORT").clock(() -> now[0]++).build())) {
            assertThat(client.lastSequence()).isZero();
            assertThat(client.emit(one)).isEqualTo(1);
            assertThat(client.emit(two)).isEqualTo(2);
            assertThat(client.emitSystem(three)).isEqualTo(3);
            assertThat(client.awaitDurable(3, TEN_SECONDS)).isTrue();
            assertThat(client.durableSequence()).isEqualTo(3);
            assertThat(client.lastSequence()).isEqualTo(3);
            FlushReport report = client.flush(TEN_SECONDS);
            assertThat(report).isEqualTo(new FlushReport(3, 3, 3, 0, 0, true, report.failure()));
            assertThat(report.left()).isZero();
            assertThat(report.failure()).isEmpty();
        }
        assertThat(read())
                .containsExactly(
                        "1 1700000000000000 IMPORT " + one.eventId(),
                        "2 1700000000000001 MCP " + two.eventId(),
                        "3 1700000000000002 IMPORT " + three.eventId());
    }

    @Test
    void onlyFirnWritesOfItself() {
        try (IngestClient client = IngestClient.open(config().build())) {
            assertThat(client.emit(builder("pipeline.recovered").build())).isEqualTo(IngestClient.NOT_ADMITTED);
            assertThat(client.emit(builder("quality.checked").build())).isEqualTo(IngestClient.NOT_ADMITTED);
            assertThat(client.emit(builder("price.listed").build())).isEqualTo(IngestClient.NOT_ADMITTED);
            assertThat(client.emitSystem(event("ordinary"))).isEqualTo(IngestClient.NOT_ADMITTED);
            assertThat(client.emit(builder("price.listed").tenant("_system").build()))
                    .isEqualTo(1);
            assertThat(client.flush(TEN_SECONDS).refused()).isEqualTo(4);
        }
        assertThat(read()).hasSize(1);
    }

    @Test
    void sequencesGoOnAfterAReopening() {
        String producer;
        try (IngestClient client = IngestClient.open(config().build())) {
            producer = client.producerId().toString();
            assertThat(client.emit(event("one"))).isEqualTo(1);
            assertThat(client.emit(event("two"))).isEqualTo(2);
        }
        try (IngestClient client = IngestClient.open(config().build())) {
            assertThat(client.producerId().toString()).isEqualTo(producer);
            assertThat(client.lastSequence()).isEqualTo(2);
            assertThat(client.durableSequence()).isEqualTo(2);
            assertThat(client.emit(event("three"))).isEqualTo(3);
            assertThat(client.flush(TEN_SECONDS).accepted()).isEqualTo(1);
        }
        assertThat(read()).hasSize(3);
    }

    @Test
    void twoHundredStartsAndStopsLoseNothing() {
        for (int i = 1; i <= 200; i++) {
            IngestClient client = IngestClient.open(config().ringSize(64).build());
            assertThat(client.emit(event("event-" + i))).isEqualTo(i);
            FlushReport report = client.close(TEN_SECONDS);
            assertThat(report).isEqualTo(new FlushReport(1, 1, 1, 0, 0, true, report.failure()));
        }
        assertThat(read()).hasSize(200);
    }

    @Test
    void everyThreadsOrderIsKept() throws InterruptedException {
        int threads = 4;
        int each = 5_000;
        Map<String, Long> sequences = new HashMap<>();
        try (IngestClient client = IngestClient.open(config().ringSize(256).build())) {
            List<Thread> emitters = new ArrayList<>();
            List<Map<String, Long>> returned = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String name = "thread-" + t + "-";
                Map<String, Long> own = new HashMap<>();
                returned.add(own);
                emitters.add(new Thread(() -> {
                    long previous = 0;
                    for (int i = 0; i < each; i++) {
                        Event event = event(name + i);
                        long sequence = client.emit(event);
                        assertThat(sequence).isGreaterThan(previous);
                        previous = sequence;
                        own.put(event.eventId(), sequence);
                    }
                }));
            }
            emitters.forEach(Thread::start);
            for (Thread emitter : emitters) {
                emitter.join();
            }
            returned.forEach(sequences::putAll);
        }
        assertThat(sequences).hasSize(threads * each);
        List<String> records = read();
        assertThat(records).hasSize(threads * each);
        for (String record : records) {
            String[] fields = record.split(" ");
            assertThat(sequences.get(fields[3])).isEqualTo(Long.parseLong(fields[0]));
        }
    }

    @Test
    void closedClientAnswersClosed() {
        IngestClient client = IngestClient.open(config().build());
        client.emit(event("one"));
        client.close();
        client.close();
        assertThat(client.emit(event("two"))).isEqualTo(IngestClient.CLOSED);
        assertThat(client.emitSystem(builder("pipeline.recovered").build())).isEqualTo(IngestClient.CLOSED);
        FlushReport report = client.flush(TEN_SECONDS);
        assertThat(report).isEqualTo(new FlushReport(1, 1, 1, 0, 2, true, report.failure()));
        assertThat(client.awaitDurable(1, Duration.ZERO)).isTrue();
        assertThat(client.awaitDurable(2, TEN_SECONDS)).isFalse();
        assertThat(client.close(Duration.ZERO).complete()).isTrue();
    }

    @Test
    void outcomesAreNeverDurableAndTimesNeverNegative() {
        try (IngestClient client = IngestClient.open(config().build())) {
            assertThat(client.awaitDurable(IngestClient.RING_FULL, TEN_SECONDS)).isFalse();
            assertThat(client.awaitDurable(0, TEN_SECONDS)).isFalse();
            assertThat(client.awaitDurable(1, Duration.ofMillis(20))).isFalse();
            Duration negative = Duration.ofNanos(-1);
            assertThatIllegalArgumentException().isThrownBy(() -> client.flush(negative));
            assertThatIllegalArgumentException().isThrownBy(() -> client.close(negative));
            assertThatIllegalArgumentException().isThrownBy(() -> client.awaitDurable(1, negative));
            assertThat(client.emit(event("still open"))).isEqualTo(1);
            assertThat(client.awaitDurable(1, Duration.ofSeconds(Long.MAX_VALUE)))
                    .isTrue();
        }
    }

    @Test
    void directoryOfAnotherClientIsRefused() {
        try (IngestClient client = IngestClient.open(config().build())) {
            assertThatExceptionOfType(JournalLockedException.class)
                    .isThrownBy(() -> IngestClient.open(config().build()));
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(() -> IngestClient.openAsync(config().build()).join())
                    .withCauseInstanceOf(JournalLockedException.class);
            assertThat(client.emit(event("one"))).isEqualTo(1);
        }
        assertThat(read()).hasSize(1);
    }

    @Test
    void opensInTheBackground() throws Exception {
        CompletableFuture<IngestClient> opening = IngestClient.openAsync(config().build());
        try (IngestClient client = opening.get(10, TimeUnit.SECONDS)) {
            assertThat(client.emit(event("one"))).isEqualTo(1);
        }
        assertThat(read()).hasSize(1);
    }

    @Test
    void clientThatNobodyWaitsForAnyMoreIsClosed() {
        assertThat(IngestClient.openAsync(config().build()).cancel(false)).isTrue();
        Await.until("release of the directory", () -> {
            try (IngestClient client = IngestClient.open(config().build())) {
                return client.emit(event("one")) == 1;
            } catch (JournalLockedException e) {
                return false;
            }
        });
    }

    @Test
    void emitAllocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Event event = event("again and again");
        try (IngestClient client = IngestClient.open(config().build())) {
            for (int i = 0; i < 100_000; i++) {
                client.emit(event);
            }
            long fewest = Long.MAX_VALUE;
            // The compiler may still be at work in the first rounds.
            for (int round = 0; round < 5 && fewest > 0; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 50_000; i++) {
                    client.emit(event);
                }
                fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(fewest).isZero();
            assertThat(client.flush(TEN_SECONDS).refused()).isZero();
        }
    }

    @Test
    void metersTellWhatHappened() {
        MeterRegistry registry = new SimpleMeterRegistry();
        for (int run = 1; run <= 2; run++) {
            try (IngestClient client =
                    IngestClient.open(config().meterRegistry(registry).build())) {
                client.emit(event("one"));
                client.emit(event("two"));
                client.emit(builder("quality.checked").build());
                assertThat(client.awaitDurable(2L * run, TEN_SECONDS)).isTrue();
                // The writer tells the ring, and the sync thread its clock, a moment later than they tell the journal.
                Await.until(
                        "count of syncs",
                        () -> registry.get("firn.journal.sync.time")
                                        .functionTimer()
                                        .count()
                                > 0);
                assertThat(client.flush(TEN_SECONDS).complete()).isTrue();
                assertThat(registry.get("firn.client.events.accepted")
                                .tag("producer", client.producerId().toString())
                                .functionCounter()
                                .count())
                        .isEqualTo(2);
                assertThat(count(registry, "firn.client.events.appended")).isEqualTo(2);
                assertThat(count(registry, "firn.client.events.durable")).isEqualTo(2);
                assertThat(count(registry, "firn.client.events.dropped")).isZero();
                assertThat(refused(registry, "disk_low")).isZero();
                assertThat(refused(registry, "invalid")).isZero();
                assertThat(registry.get("firn.journal.committed.lag").gauge().value())
                        .isEqualTo(2 * run);
                assertThat(registry.get("firn.journal.disk.free").gauge().value())
                        .isPositive();
                assertThat(registry.get("firn.client.open").gauge().value()).isEqualTo(1);
                assertThat(registry.get("firn.journal.append.time")
                                .functionTimer()
                                .count())
                        .isEqualTo(2);
                assertThat(refused(registry, "not_admitted")).isEqualTo(1);
                assertThat(refused(registry, "ring_full")).isZero();
                assertThat(refused(registry, "closed")).isZero();
                assertThat(registry.get("firn.client.ring.depth").gauge().value())
                        .isZero();
                assertThat(registry.get("firn.journal.durable.lag").gauge().value())
                        .isZero();
                assertThat(registry.get("firn.journal.sync.time")
                                .functionTimer()
                                .totalTime(TimeUnit.NANOSECONDS))
                        .isPositive();
            }
            assertThat(registry.getMeters()).isEmpty();
        }
    }

    @Test
    void metersAreThoseOfTheClientThatIsOpen() {
        MeterRegistry registry = new SimpleMeterRegistry();
        IngestClient first = IngestClient.open(config().meterRegistry(registry).build());
        assertThat(first.emit(event("one"))).isEqualTo(1);
        first.close();
        try (IngestClient second =
                IngestClient.open(config().meterRegistry(registry).build())) {
            first.close();
            assertThat(second.emit(event("two"))).isEqualTo(2);
            assertThat(second.emit(event("three"))).isEqualTo(3);
            assertThat(count(registry, "firn.client.events.accepted")).isEqualTo(2);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    private static double count(MeterRegistry registry, String name) {
        return registry.get(name).functionCounter().count();
    }

    private static double refused(MeterRegistry registry, String outcome) {
        return registry.get("firn.client.events.refused")
                .tag("outcome", outcome)
                .functionCounter()
                .count();
    }
}
