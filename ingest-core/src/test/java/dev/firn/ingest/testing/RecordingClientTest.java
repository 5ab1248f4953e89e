package dev.firn.ingest.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.firn.event.Event;
import dev.firn.ingest.EventClient;
import dev.firn.journal.ChildJvm;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RecordingClientTest {
    private static final String CONTENT = "secret-of-a-patient";

    private final RecordingClient client = new RecordingClient();

    private long emit(String action, String tenant) {
        return client.event(action)
                .tenant(tenant)
                .actor("user-1")
                .object("conversation", "c-1")
                .attribute("text", CONTENT)
                .attribute("my secret name", CONTENT)
                .emit();
    }

    @Test
    void itAnswersAsItIsTold() {
        client.answer(EventClient.RING_FULL, 2).answer(EventClient.DROPPED);

        assertThat(emit("user.created", "T1")).isEqualTo(EventClient.RING_FULL);
        assertThat(emit("user.created", "T1")).isEqualTo(EventClient.RING_FULL);
        assertThat(emit("user.created", "T1")).isEqualTo(EventClient.DROPPED);
        assertThat(emit("user.created", "T1")).isEqualTo(1);

        assertThat(client.events()).hasSize(1);
        assertThat(client.flush(Duration.ZERO).refused()).isEqualTo(2);
        assertThat(client.flush(Duration.ZERO).dropped()).isEqualTo(1);
    }

    @Test
    void anAnswerThatNoClientGivesIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> client.answer(1));
        assertThatIllegalArgumentException().isThrownBy(() -> client.answer(-99));
        assertThatIllegalArgumentException().isThrownBy(() -> client.answer(EventClient.RING_FULL, 0));
    }

    @Test
    void whatMakesNoEventUsesUpNoAnswer() {
        client.answer(EventClient.DISK_LOW);

        assertThat(client.event("user.created").emit()).isEqualTo(EventClient.INVALID);
        assertThat(emit("pipeline.recovered", "T1")).isEqualTo(EventClient.NOT_ADMITTED);

        assertThat(emit("user.created", "T1")).isEqualTo(EventClient.DISK_LOW);
    }

    @Test
    void whatIsAcceptedIsCommittedAtOnce() {
        assertThat(client.awaitCommitted(emit("user.created", "T1"), Duration.ZERO))
                .isTrue();
    }

    @Test
    void eventsAreFoundByActionAndByWhatTheySay() {
        assertThat(emit("user.created", "T1")).isEqualTo(1);
        assertThat(emit("conversation.started", "T2")).isEqualTo(2);
        assertThat(emit("user.created", "T3")).isEqualTo(3);

        assertThat(client.events("user.created")).extracting(Event::tenantId).containsExactly("T1", "T3");
        assertThat(client.assertEmitted("user.created").tenantId()).isEqualTo("T1");
        assertThat(client.assertEmitted(
                                "user.created",
                                event -> event.tenantId().equals("T3")
                                        && CONTENT.equals(
                                                EventAttributes.of(event).get("text")))
                        .tenantId())
                .isEqualTo("T3");
    }

    @Test
    void aMissingEventIsToldWithoutContent() {
        assertThat(emit("user.created", "T1")).isEqualTo(1);

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> client.assertEmitted(
                        "user.created", event -> event.tenantId().equals("T2")))
                .withMessage("expected an event user.created that fits; emitted:\n"
                        + "  user.created tenant=T1 actor=user-1 object=conversation/c-1"
                        + " attributes=[(name of 14 characters), text]")
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain(CONTENT));
    }

    @Test
    void aMissingEventAmongNoneIsToldSo() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> client.assertEmitted("user.created"))
                .withMessage("expected an event user.created that fits; nothing was emitted");
    }

    @Test
    void ofManyEventsTheFirstAreShown() {
        for (int i = 0; i < 25; i++) {
            assertThat(emit("user.created", "T1")).isPositive();
        }

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> client.assertEmitted("user.deleted"))
                .withMessageEndingWith("\n  and 5 more");
    }

    @Test
    void nothingEmittedIsAsserted() {
        assertThatNoException().isThrownBy(client::assertNothingEmitted);
        assertThat(emit("user.created", "T1")).isEqualTo(1);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(client::assertNothingEmitted)
                .withMessageStartingWith("expected no event; emitted:\n  user.created ");
        client.clear();
        assertThatNoException().isThrownBy(client::assertNothingEmitted);
        assertThat(emit("user.created", "T1")).isEqualTo(2);
    }

    @Test
    void orderIsAssertedAcrossOtherEvents() {
        for (String action : List.of("user.created", "conversation.started", "user.updated", "conversation.archived")) {
            assertThat(emit(action, "T1")).isPositive();
        }

        assertThatNoException().isThrownBy(() -> client.assertEmittedInOrder("user.created", "conversation.archived"));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> client.assertEmittedInOrder("conversation.archived", "user.created"))
                .withMessageStartingWith(
                        "expected in this order conversation.archived, user.created, did not come user.created; ");
    }

    @Test
    void attributesComeBackWithTheirTypes() {
        Event event = Event.builder("a.b")
                .tenant("T1")
                .actor("x")
                .occurredAt(Instant.EPOCH)
                .attribute("whole", 17)
                .attribute("fraction", 0.25)
                .attribute("huge", 1e300)
                .attribute("text", "\u00fc \"quoted\" \n")
                .attribute("flag", true)
                .attribute("nothing", (Object) null)
                .attribute("money", new BigDecimal("12.50"))
                .attribute("list", Arrays.asList(1, "two", null, List.of(false)))
                .attribute("map", Map.of("inner", Map.of("deep", 2)))
                .build();

        Map<String, Object> expected = new TreeMap<>();
        expected.put("whole", 17L);
        expected.put("fraction", 0.25);
        expected.put("huge", 1e300);
        expected.put("text", "\u00fc \"quoted\" \n");
        expected.put("flag", true);
        expected.put("nothing", null);
        expected.put("money", "12.50");
        expected.put("list", Arrays.asList(1L, "two", null, List.of(false)));
        expected.put("map", Map.of("inner", Map.of("deep", 2L)));
        assertThat(EventAttributes.of(event)).isEqualTo(expected);
    }

    /** Records an event, in a process without any flags. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            RecordingClient client = new RecordingClient();
            long answer = client.event("user.created").tenant("T1").actor("x").emit();
            client.assertEmitted("user.created");
            System.out.println("answer " + answer);
        }
    }

    @Test
    @Timeout(60)
    void itNeedsNoFlagsAndLoadsNothingOfTheJournalOrTheRing(@TempDir Path temporary) throws Exception {
        Path loaded = temporary.resolve("loaded");
        try (ChildJvm child =
                ChildJvm.start(List.of("-Ddev.firn.selfopen=false", "-Xlog:class+load:file=" + loaded), Child.class)) {
            assertThat(child.line()).isEqualTo("answer 1");
            assertThat(child.end()).isZero();
        }

        assertThat(Files.readString(loaded))
                .contains("dev.firn.ingest.testing.RecordingClient")
                .doesNotContain("net.openhft", "com.lmax", "dev.firn.journal", "dev.firn.ingest.IngestClient");
    }
}
