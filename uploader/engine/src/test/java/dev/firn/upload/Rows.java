package dev.firn.upload;

import dev.firn.event.Event;
import java.time.Instant;

/** Makes rows as a journal would give them. */
public final class Rows {
    public static final String LANE = "APPLICATION";
    private static final Instant AT = Instant.parse("2026-11-20T09:30:00.123456Z");

    private Rows() {}

    /** An event of its own for each sequence. */
    public static SinkRow row(String producerId, long sequence) {
        return row(event("event-" + sequence), producerId, sequence);
    }

    public static Event event(String label) {
        return Event.builder("conversation.message_sent")
                .tenant("HCS0001")
                .actor("user-1")
                .object("conversation", "c-1")
                .occurredAt(AT)
                .attribute("label", label)
                .build();
    }

    public static SinkRow row(Event event, String producerId, long sequence) {
        return row(event, producerId, sequence, 1_000_000 + sequence);
    }

    public static SinkRow row(Event event, String producerId, long sequence, long receivedAtMicros) {
        return SinkRow.of(event, LANE, receivedAtMicros, producerId, sequence);
    }

    /** A row whose payload no warehouse can read as JSON. */
    public static SinkRow unreadable(String producerId, long sequence) {
        SinkRow good = row(producerId, sequence);
        return new SinkRow(
                good.eventId(),
                good.occurredAtMicros(),
                good.tenantId(),
                good.action(),
                good.actorId(),
                good.objectType(),
                good.objectId(),
                new byte[] {'{', '!'},
                LANE,
                good.receivedAtMicros(),
                producerId,
                sequence);
    }
}
