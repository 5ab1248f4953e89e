package dev.firn.ingest;

import static dev.firn.ingest.Events.builder;
import static dev.firn.ingest.Events.event;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.firn.event.Event;
import dev.firn.event.InvalidEventException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every client does, the one for tests included. */
@Timeout(60)
abstract class EventClientContract {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final String HALF_A_PAIR = "\ud83d";
    private static final long NOW = 1_700_000_000_000_000L;

    private EventClient client;

    abstract EventClient open(LongSupplier clock);

    /** The canonical forms of all that the client took, in the order of their sequences. */
    abstract List<String> taken(EventClient client);

    @BeforeEach
    void openClient() {
        client = open(() -> NOW);
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    private List<String> taken() {
        assertThat(client.flush(TEN_SECONDS).complete()).isTrue();
        return taken(client);
    }

    private EventWriter writer(String action) {
        return client.event(action).tenant("T1").actor("tester");
    }

    private void assertReport(long accepted, long refused) {
        FlushReport report = client.flush(TEN_SECONDS);
        assertThat(report.complete()).isTrue();
        assertThat(report.accepted()).isEqualTo(accepted);
        assertThat(report.appended()).isEqualTo(accepted);
        assertThat(report.refused()).isEqualTo(refused);
        assertThat(report.dropped()).isZero();
        assertThat(report.left()).isZero();
        assertThat(report.failure()).isEmpty();
    }

    @Test
    void sequencesRiseFromOneWithoutAGap() {
        assertThat(client.emit(event("one"))).isEqualTo(1);
        assertThat(writer("user.created").emit()).isEqualTo(2);
        assertThat(client.emit(event("one"))).isEqualTo(3);

        assertReport(3, 0);
    }

    @Test
    void whatIsTakenIsWhatWasGiven() {
        Event event = builder("conversation.message_sent")
                .object("conversation", "c-1")
                .attribute("tokens", 17)
                .attribute("text", "\u00fc \"quoted\"")
                .build();
        assertThat(client.emit(event)).isEqualTo(1);
        assertThat(writer("conversation.message_sent")
                        .object("conversation", "c-1")
                        .occurredAt(Instant.parse("2026-11-20T10:30:00Z"))
                        .attribute("text", "\u00fc \"quoted\"")
                        .attribute("tokens", 17)
                        .emit())
                .isEqualTo(2);

        assertThat(taken()).containsExactly(event.canonical(), event.canonical());
    }

    @Test
    void anEventOfAWriterWithoutATimeHasTheClientsTime() {
        assertThat(writer("user.created").emit()).isEqualTo(1);

        assertThat(taken())
                .containsExactly(Event.builder("user.created")
                        .tenant("T1")
                        .actor("tester")
                        .occurredAt(Instant.ofEpochSecond(NOW / 1_000_000))
                        .build()
                        .canonical());
    }

    @Test
    void onlyFirnWritesOfItself() {
        assertThat(client.emit(builder("pipeline.recovered").build())).isEqualTo(EventClient.NOT_ADMITTED);
        assertThat(client.emit(builder("quality.checked").build())).isEqualTo(EventClient.NOT_ADMITTED);
        assertThat(client.emit(builder("price.listed").build())).isEqualTo(EventClient.NOT_ADMITTED);
        assertThat(writer("pipeline.recovered").emit()).isEqualTo(EventClient.NOT_ADMITTED);
        assertThat(writer("price.listed").tenant(Event.SYSTEM_TENANT).emit()).isEqualTo(1);

        assertReport(1, 4);
        assertThat(taken()).hasSize(1);
    }

    @Test
    void whatMakesNoEventIsAnAnswerAndNamesTheField() {
        EventWriter writer = writer("user.created").attribute("name", HALF_A_PAIR);

        assertThat(writer.emit()).isEqualTo(EventClient.INVALID);

        InvalidEventException problem = requireNonNull(writer.problem());
        assertThat(problem.field()).isEqualTo("attributes.name");
        assertThat(problem.getMessage()).doesNotContain(HALF_A_PAIR);
        assertReport(0, 1);
    }

    @Test
    void missingFieldsAndBadActionsAreAnswersToo() {
        assertThat(client.event("user.created").emit()).isEqualTo(EventClient.INVALID);
        assertThat(writer("No Action").emit()).isEqualTo(EventClient.INVALID);
        assertThat(writer("user.created").tenant("").emit()).isEqualTo(EventClient.INVALID);

        assertThat(taken()).isEmpty();
    }

    @Test
    void aWriterIsAsNewAfterAnEventThatFailed() {
        assertThat(writer("user.created").attribute("name", HALF_A_PAIR).emit()).isEqualTo(EventClient.INVALID);

        assertThat(writer("user.created")
                        .occurredAt(Instant.parse("2026-11-20T10:30:00Z"))
                        .emit())
                .isEqualTo(1);

        assertThat(taken()).containsExactly(builder("user.created").build().canonical());
    }

    @Test
    void acceptedEventsBecomeDurable() {
        assertThat(client.emit(event("one"))).isEqualTo(1);
        assertThat(client.emit(event("two"))).isEqualTo(2);

        assertThat(client.awaitDurable(2, TEN_SECONDS)).isTrue();
        assertThat(client.awaitDurable(1, Duration.ZERO)).isTrue();
        assertThat(client.flush(TEN_SECONDS).durable()).isEqualTo(2);
    }

    @Test
    void whatWasNotAcceptedIsNeverDurableNorCommitted() {
        for (long answer : new long[] {EventClient.RING_FULL, EventClient.INVALID, 0}) {
            assertThat(client.awaitDurable(answer, TEN_SECONDS)).isFalse();
            assertThat(client.awaitCommitted(answer, TEN_SECONDS)).isFalse();
        }
        assertThat(client.awaitDurable(1, SHORT)).isFalse();
        assertThat(client.awaitCommitted(1, SHORT)).isFalse();
    }

    @Test
    void wrongArgumentsAreErrorsOfTheProgram() {
        Duration negative = Duration.ofNanos(-1);
        assertThatIllegalArgumentException().isThrownBy(() -> client.flush(negative));
        assertThatIllegalArgumentException().isThrownBy(() -> client.close(negative));
        assertThatIllegalArgumentException().isThrownBy(() -> client.awaitDurable(1, negative));
        assertThatIllegalArgumentException().isThrownBy(() -> client.awaitCommitted(1, negative));
        assertThatNullPointerException().isThrownBy(() -> writer("user.created").actor(nothing()));

        assertThat(client.emit(event("still open"))).isEqualTo(1);
    }

    /** A caller without null checks. */
    @SuppressWarnings("NullAway")
    private static String nothing() {
        return null;
    }

    @Test
    void aClosedClientTakesNothingAndKeepsWhatItTook() {
        assertThat(client.emit(event("one"))).isEqualTo(1);

        assertThat(client.close(TEN_SECONDS).complete()).isTrue();
        client.close();

        assertThat(client.emit(event("two"))).isEqualTo(EventClient.CLOSED);
        assertThat(writer("user.created").emit()).isEqualTo(EventClient.CLOSED);
        assertReport(1, 2);
        assertThat(client.awaitDurable(1, Duration.ZERO)).isTrue();
        assertThat(client.awaitDurable(2, TEN_SECONDS)).isFalse();
        assertThat(taken()).containsExactly(event("one").canonical());
    }

    @Test
    void everyThreadHasItsWriterAndItsOrder() throws InterruptedException {
        int threads = 4;
        int each = 500;
        ConcurrentHashMap<Long, String> emitted = new ConcurrentHashMap<>();
        List<Thread> emitters = IntStream.range(0, threads)
                .mapToObj(t -> new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        String name = "thread-" + t + "-" + i;
                        long sequence = writer("user.created")
                                .occurredAt(Instant.parse("2026-11-20T10:30:00Z"))
                                .attribute("name", name)
                                .emit();
                        emitted.put(sequence, event(name).canonical());
                    }
                }))
                .toList();
        emitters.forEach(Thread::start);
        for (Thread emitter : emitters) {
            emitter.join();
        }

        List<String> expected = new ArrayList<>();
        for (long sequence = 1; sequence <= threads * each; sequence++) {
            expected.add(emitted.get(sequence));
        }
        assertThat(taken()).isEqualTo(expected);
        for (int t = 0; t < threads; t++) {
            String ofThread = "\"thread-" + t + "-";
            assertThat(expected.stream().filter(form -> form.contains(ofThread)))
                    .isEqualTo(IntStream.range(0, each)
                            .mapToObj(i -> event(ofThread.substring(1) + i).canonical())
                            .toList());
        }
    }
}
