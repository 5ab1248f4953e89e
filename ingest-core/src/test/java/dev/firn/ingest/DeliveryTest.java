package dev.firn.ingest;

import static dev.firn.ingest.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.firn.event.Event;
import dev.firn.journal.CommittedPosition;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a client hears of what the warehouse has, and tells of what the journal lost. */
@Timeout(60)
class DeliveryTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private final MemoryLog log = new MemoryLog(0);

    private IngestClient open(IngestConfig.Builder config) {
        return IngestClient.open(config.build(), directory -> log);
    }

    private static IngestConfig.Builder config() {
        return IngestConfig.builder(Path.of("none"));
    }

    @Test
    void awaitCommittedReturnsOnceTheUploaderHasNotedIt(@TempDir Path directory) throws Exception {
        try (IngestClient client =
                IngestClient.open(IngestConfig.builder(directory).build())) {
            long sequence = client.emit(event("one"));
            assertThat(client.awaitDurable(sequence, TEN_SECONDS)).isTrue();
            assertThat(client.awaitCommitted(sequence, Duration.ZERO)).isFalse();
            CompletableFuture<Boolean> waiting =
                    CompletableFuture.supplyAsync(() -> client.awaitCommitted(sequence, TEN_SECONDS));
            new CommittedPosition(sequence, "duckdb").write(directory);
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(client.committedSequence()).isEqualTo(sequence);
            assertThat(client.awaitCommitted(sequence + 1, Duration.ofMillis(20)))
                    .isFalse();
            assertThat(client.awaitCommitted(EventClient.RING_FULL, TEN_SECONDS))
                    .isFalse();
        }
    }

    @Test
    void awaitCommittedEndsWithTheClient() throws Exception {
        IngestClient client = open(config());
        long sequence = client.emit(event("one"));
        CompletableFuture<Boolean> waiting =
                CompletableFuture.supplyAsync(() -> client.awaitCommitted(sequence, Duration.ofDays(1)));
        client.close();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void listenerHearsRisingSequencesAndItsFailureEndsNothing() {
        List<Long> heard = new CopyOnWriteArrayList<>();
        try (IngestClient client = open(config().deliveryListener(sequence -> {
            heard.add(sequence);
            throw new AssertionError("listener failed");
        }))) {
            for (long committed : new long[] {3, 7, 5, 9}) {
                log.committed = committed;
                Await.until("news", () -> committed == 5 || heard.contains(committed));
            }
            assertThat(client.emit(event("still open"))).isPositive();
        }
        assertThat(heard).containsExactly(3L, 7L, 9L);
    }

    @Test
    void listenerMayEmitAndNeverWaits() {
        CompletableFuture<Boolean> waited = new CompletableFuture<>();
        CompletableFuture<Long> emitted = new CompletableFuture<>();
        IngestClient[] client = new IngestClient[1];
        client[0] = open(config().deliveryListener(sequence -> {
            emitted.complete(client[0].emit(event("from the listener")));
            waited.complete(client[0].awaitCommitted(1_000, Duration.ofDays(1)));
        }));
        log.committed = 1;
        assertThat(emitted.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(1);
        assertThat(waited.orTimeout(10, TimeUnit.SECONDS).join()).isFalse();
        client[0].close();
    }

    @Test
    void positionThatCannotBeReadEndsNothing() {
        log.committed = -1;
        try (IngestClient client = open(config())) {
            assertThat(client.emit(event("one"))).isEqualTo(1);
            assertThat(client.awaitDurable(1, TEN_SECONDS)).isTrue();
            log.committed = 1;
            assertThat(client.awaitCommitted(1, TEN_SECONDS)).isTrue();
        }
    }

    @Test
    void damageIsToldFirstAndMarkedOnceDurable() {
        Event damaged = Event.builder("pipeline.journal_damaged")
                .tenant(Event.SYSTEM_TENANT)
                .actor(Event.SYSTEM_ACTOR)
                .occurredAt(Instant.parse("2026-11-20T10:30:00Z"))
                .build();
        log.damage = List.of(damaged);
        try (IngestClient client = open(config())) {
            assertThat(log.damageReported).isTrue();
            assertThat(client.lastSequence()).isEqualTo(1);
            assertThat(client.emit(event("one"))).isEqualTo(2);
        }
        assertThat(log.records).first().isEqualTo(damaged.canonical());
    }

    @Test
    void trimmingIsToldThroughTheRing() {
        try (IngestClient client = open(config().retention(Duration.ofDays(7)))) {
            Await.until("trimming", () -> client.flush(TEN_SECONDS).appended() == 1);
        }
        assertThat(log.records).singleElement().asString().contains("pipeline.journal_trimmed");
    }

    @Test
    void ignoringTheAnswerOfEmitWarns() throws Exception {
        for (Method method : List.of(
                EventClient.class.getMethod("emit", Event.class),
                IngestClient.class.getMethod("emit", Event.class),
                EventWriter.class.getMethod("emit"))) {
            assertThat(List.of(method.getAnnotations()).toString()).contains("CheckReturnValue");
        }
    }

    /** As when a text is made by code that emits an event of its own. */
    @Test
    void eventsBegunWithinOneAnotherNeverMix() {
        try (IngestClient client = open(config().backPressure(BackPressure.REFUSE))) {
            EventWriter outer = client.event("note.written").tenant("TENANT_A").actor("outer");
            EventWriter inner = client.event("note.read").tenant("TENANT_B");
            assertThat(inner.actor("inner").attribute("text", "\ud800").emit()).isEqualTo(EventClient.INVALID);
            assertThat(outer.attribute("text", "of A").emit()).isEqualTo(1);
            assertThat(client.event("note.closed")
                            .tenant("TENANT_A")
                            .actor("outer")
                            .emit())
                    .isEqualTo(2);
            assertThat(client.flush(TEN_SECONDS).complete()).isTrue();
        }
        assertThat(log.records).hasSize(2);
        assertThat(log.records.get(0))
                .contains("\"action\":\"note.written\"", "TENANT_A", "\"outer\"", "of A")
                .doesNotContain("TENANT_B");
    }

    @Test
    void writerOfAClosedClientAnswersClosedAndHoldsItNoMore() {
        IngestClient client = open(config());
        EventWriter writer = client.event("note.written");
        client.close();
        assertThat(writer.tenant("T1").actor("late").emit()).isEqualTo(EventClient.CLOSED);
        assertThat(client.event("note.written").tenant("T1").actor("late").emit())
                .isEqualTo(EventClient.CLOSED);
        assertThat(client.flush(Duration.ZERO).refused()).isEqualTo(2);
    }

    @Test
    void closeOnAnInterruptedThreadStillWaits() {
        IngestClient client = open(config());
        for (int i = 0; i < 5_000; i++) {
            assertThat(client.emit(event("event"))).isPositive();
        }
        Thread.currentThread().interrupt();
        FlushReport report = client.close(TEN_SECONDS);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.complete()).isTrue();
        assertThat(report.durable()).isEqualTo(5_000);
    }

    @Test
    void diskThatCannotBeAskedIsAskedAgain() {
        try (IngestClient client = open(config())) {
            log.usableBytes = MemoryLog.FAILS;
            assertThat(client.emit(event("one"))).isEqualTo(1);
            Await.until("question", () -> log.questions > 3);
            log.usableBytes = 0;
            Await.until("refusal", () -> client.emit(event("more")) == EventClient.DISK_LOW);
            log.usableBytes = Long.MAX_VALUE;
            Await.until("room", () -> client.emit(event("more")) > 0);
            assertThat(client.flush(TEN_SECONDS).complete()).isTrue();
        }
    }

    @Test
    void everyOutcomeHasAName() {
        assertThat(EventClient.outcome(17)).isEqualTo("ACCEPTED");
        assertThat(List.of(-1L, -2L, -3L, -4L, -5L, -6L))
                .extracting(EventClient::outcome)
                .containsExactly("RING_FULL", "CLOSED", "DISK_LOW", "NOT_ADMITTED", "INVALID", "DROPPED");
        assertThatIllegalArgumentException().isThrownBy(() -> EventClient.outcome(0));
    }
}
