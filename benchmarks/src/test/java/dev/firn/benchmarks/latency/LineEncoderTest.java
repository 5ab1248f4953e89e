package dev.firn.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.event.Event;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LineEncoderTest {
    private final LineEncoder encoder = new LineEncoder();

    @Test
    void theAlternativesWriteTheSameCanonicalFormAsFirn() {
        for (int number = 0; number < 100_000; number += 7) {
            ChatMessage message = ChatMessage.of(number);

            int length = encoder.canonical(message);

            assertThat(new String(encoder.buffer(), LineEncoder.CANONICAL_OFFSET, length, StandardCharsets.UTF_8))
                    .isEqualTo(message.toEvent().canonical());
        }
    }

    @Test
    void theLineHasTheContentIdAndTheEvent() {
        ChatMessage message = ChatMessage.of(4711);
        Event event = message.toEvent();

        int length = encoder.line(message);

        assertThat(new String(encoder.buffer(), 0, length, StandardCharsets.UTF_8))
                .isEqualTo("{\"event_id\":\"" + event.eventId() + "\",\"event\":" + event.canonical() + "}\n");
    }

    @Test
    void aTypicalEventHasAbout270Bytes() {
        assertThat(encoder.canonical(ChatMessage.of(0))).isBetween(265, 295);
        assertThat(encoder.canonical(ChatMessage.of(1_999_999))).isBetween(265, 295);
    }

    @Test
    void aTextThatWouldNeedEscapesIsRefusedWithoutShowingIt() {
        ChatMessage message =
                new ChatMessage("HCS0001", "user-1", "c-1", Instant.EPOCH, "c-1-m1", "user", "say \"ah\"", 1);

        assertThatThrownBy(() -> encoder.canonical(message))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("index=4 length=8");
    }
}
