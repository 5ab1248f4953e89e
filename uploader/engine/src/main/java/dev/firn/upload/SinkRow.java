package dev.firn.upload;

import dev.firn.event.Event;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@code LANDING.RAW_EVENTS}. Its {@code toString} shows no content.
 *
 * @param eventId          content ID, 64 hex digits
 * @param occurredAtMicros microseconds since 1970-01-01 UTC
 * @param objectType       null if and only if {@code objectId} is
 * @param payload          the canonical bytes; not to be changed
 * @param receivedAtMicros microseconds since 1970-01-01 UTC
 * @param producerId       which journal it came from
 * @param sequence         its number in that journal, from 1
 */
public record SinkRow(
        String eventId,
        long occurredAtMicros,
        String tenantId,
        String action,
        String actorId,
        @Nullable String objectType,
        @Nullable String objectId,
        byte[] payload,
        String sourceLane,
        long receivedAtMicros,
        String producerId,
        long sequence) {

    /** The row of an event that a producer has under this sequence. */
    public static SinkRow of(Event event, String sourceLane, long receivedAtMicros, String producerId, long sequence) {
        byte[] payload = new byte[event.canonicalLength()];
        event.copyCanonicalTo(payload, 0);
        return new SinkRow(
                event.eventId(),
                event.occurredAtMicros(),
                event.tenantId(),
                event.action(),
                event.actorId(),
                event.objectType(),
                event.objectId(),
                payload,
                sourceLane,
                receivedAtMicros,
                producerId,
                sequence);
    }

    SinkRow received(String lane, long atMicros) {
        return new SinkRow(
                eventId,
                occurredAtMicros,
                tenantId,
                action,
                actorId,
                objectType,
                objectId,
                payload,
                lane,
                atMicros,
                producerId,
                sequence);
    }

    @Override
    public String toString() {
        return "SinkRow[producerId=" + producerId + " sequence=" + sequence + " bytes=" + payload.length + "]";
    }
}
