package dev.firn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EventTest {
    private static final Instant AT = Instant.parse("2026-11-20T09:30:00.123456789Z");

    private static Event.Builder event() {
        return Event.builder("a.b").tenant("T1").actor("x").occurredAt(AT);
    }

    @Test
    void aBuiltEventDoesNotChangeWithItsBuilder() {
        Event.Builder builder = event().attribute("n", 1);
        Event event = builder.build();
        String id = event.eventId();

        builder.attribute("n", 2).build();

        assertThat(event.eventId()).isEqualTo(id);
    }

    @Test
    void requiredFieldsAreNamed() {
        assertThatThrownBy(() -> Event.builder("a.b").build()).hasMessage("tenant_id: is required");
        assertThatThrownBy(() -> Event.builder("a.b").tenant("T1").build()).hasMessage("actor_id: is required");
        assertThatThrownBy(() -> Event.builder("a.b").tenant("T1").actor("x").build())
                .hasMessage("occurred_at: is required");
    }

    @Test
    void aValueThatJsonDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> event().attribute("o", new Object()).build())
                .isInstanceOf(InvalidEventException.class)
                .hasMessageStartingWith("attributes.o: must be a string, number");
        assertThatThrownBy(() -> event().attribute("m", Map.of(1, 2)).build())
                .hasMessageStartingWith("attributes.m: has a key that is not a string");
        assertThatThrownBy(() -> event().attribute("l", List.of(Double.NaN)).build())
                .hasMessageStartingWith("attributes.l[0]: must be a finite number");
    }

    @Test
    void itsTextShowsNoContent() {
        assertThat(event().attribute("text", "secret").build().toString()).isEqualTo("Event[action=a.b bytes=129]");
    }

    @Test
    void timesAreWrittenAsJavaWritesThem() {
        SplittableRandom random = new SplittableRandom(1);
        long first = EventTime.parse("0001-01-01T00:00:00Z", "t");
        long last = EventTime.parse("9999-12-31T23:59:59.999999Z", "t");
        for (int i = 0; i < 100_000; i++) {
            long micros = random.nextLong(first, last);
            String text = EventTime.format(micros);
            assertThat(Instant.parse(text)).isEqualTo(EventTime.instant(micros));
            assertThat(EventTime.parse(text, "t")).isEqualTo(micros);
        }
    }
}
