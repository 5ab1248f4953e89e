package dev.firn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firn.event.Event;
import dev.firn.event.EventParser;
import org.junit.jupiter.api.Test;

class TypicalEventTest {
    @Test
    void allShapesAreTheSameEvent() throws Exception {
        Event event = TypicalEvent.typed();

        assertThat(TypicalEvent.builder().build()).isEqualTo(event);
        assertThat(new EventParser().parse(TypicalEvent.line())).isEqualTo(event);
        assertThat(new ObjectMapper().writeValueAsString(TypicalEvent.maps())).isEqualTo(event.canonical());
    }

    @Test
    void itIsAsLongAsItSays() {
        assertThat(TypicalEvent.typed().canonicalLength()).isBetween(265, 285);
    }
}
