package dev.firn.ingest;

import dev.firn.event.Event;
import java.time.Instant;

/** Events that differ in what they say of themselves. */
final class Events {
    private Events() {}

    static Event event(String name) {
        return builder("user.created").attribute("name", name).build();
    }

    static Event.Builder builder(String action) {
        return Event.builder(action).tenant("T1").actor("tester").occurredAt(Instant.parse("2026-11-20T10:30:00Z"));
    }
}
