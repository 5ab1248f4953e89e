package dev.firn.embedded;

import dev.firn.event.Event;
import java.time.Instant;

/** Events that differ in what they say of themselves. */
final class Events {
    static final String CONTENT = "secret-of-a-patient";

    private Events() {}

    static Event event(long n) {
        return Event.builder("conversation.message_sent")
                .tenant("HCS0001")
                .actor("user-1")
                .object("conversation", "c-1")
                .occurredAt(Instant.parse("2026-11-20T10:30:00Z").plusMillis(n))
                .attribute("n", n)
                .attribute("text", CONTENT)
                .build();
    }
}
