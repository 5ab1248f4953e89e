package dev.firn.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.event.Event;
import dev.firn.event.EventEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventWriterTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:30:00.123456Z");
    private static final long NOW_MICROS = NOW.getEpochSecond() * 1_000_000 + 123_456;
    private static final long FULL = -1;
    private static final long INVALID = -5;

    private final List<Event> taken = new ArrayList<>();
    private final EventWriter writer = new EventWriter(this::take);
    private boolean full;

    private long take(EventEncoder encoder) {
        if (!encoder.encode(NOW_MICROS)) {
            return INVALID;
        }
        if (full) {
            return FULL;
        }
        taken.add(encoder.toEvent());
        return taken.size();
    }

    private EventWriter begin() {
        return writer.begin("user.created").tenant("T1").actor("tester");
    }

    private static Event.Builder builder() {
        return Event.builder("user.created").tenant("T1").actor("tester").occurredAt(NOW);
    }

    @Test
    void whatIsSetIsWhatIsEmitted() {
        assertThat(begin().object("user", "u-1")
                        .sourceLane("MCP")
                        .attribute("text", "a")
                        .attribute("none", null)
                        .attribute("whole", 17)
                        .attribute("fraction", 0.5)
                        .attribute("flag", true)
                        .attribute("list", List.of(1, "b"))
                        .emit())
                .isEqualTo(1);

        assertThat(taken)
                .containsExactly(builder()
                        .object("user", "u-1")
                        .attribute("text", "a")
                        .attribute("none", null)
                        .attribute("whole", 17)
                        .attribute("fraction", 0.5)
                        .attribute("flag", true)
                        .attribute("list", List.of(1, "b"))
                        .build());
        assertThat(taken.get(0).sourceLane()).isEqualTo("MCP");
        assertThat(writer.problem()).isNull();
    }

    @Test
    void theTimeMayBeSetEitherWay() {
        Instant earlier = NOW.minusSeconds(90);

        assertThat(begin().occurredAt(earlier).emit()).isEqualTo(1);
        assertThat(begin().occurredAtMicros(NOW_MICROS - 90_000_000).emit()).isEqualTo(2);

        Event event = builder().occurredAt(earlier).build();
        assertThat(taken).containsExactly(event, event);
    }

    @Test
    void aRefusedEventIsAnOutcomeWithAProblem() {
        assertThat(begin().attribute("text", "secret\ud800").emit()).isEqualTo(INVALID);

        assertThat(writer.problem()).hasMessage("attributes.text: has half of a surrogate pair at character 6");
        assertThat(taken).isEmpty();

        assertThat(begin().emit()).isEqualTo(1);
        assertThat(writer.problem()).isNull();
    }

    @Test
    void anEventThatWasNotTakenMayBeEmittedAgain() {
        full = true;
        assertThat(begin().attribute("n", 1).emit()).isEqualTo(FULL);
        full = false;

        assertThat(writer.emit()).isEqualTo(1);

        assertThat(taken).containsExactly(builder().attribute("n", 1).build());
    }

    @Test
    void anEventThatWasTakenCannotBeEmittedTwice() {
        assertThat(begin().emit()).isEqualTo(1);

        assertThatThrownBy(writer::emit).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> writer.attribute("n", 1)).isInstanceOf(IllegalStateException.class);
        assertThat(taken).hasSize(1);
    }
}
