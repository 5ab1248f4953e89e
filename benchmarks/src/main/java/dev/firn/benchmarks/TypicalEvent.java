package dev.firn.benchmarks;

import dev.firn.event.ConversationEvents;
import dev.firn.event.Event;
import dev.firn.ingest.IngestClient;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A chat message of 270 canonical bytes, in the shapes that the benchmarks start from. */
final class TypicalEvent {
    private static final Instant OCCURRED_AT = Instant.parse("2026-11-20T09:30:00.123456Z");

    private TypicalEvent() {}

    /** By the typed builder, as an application does it. */
    static Event typed() {
        return ConversationEvents.messageSent("HCS0001", "c-4711", "c-4711-m3", "user")
                .text("Is an MRI scan covered?")
                .tokens(374)
                .actor("user-17")
                .occurredAt(OCCURRED_AT)
                .build();
    }

    /** The same content, all fields set, not yet built. */
    static Event.Builder builder() {
        return Event.builder("conversation.message_sent")
                .tenant("HCS0001")
                .actor("user-17")
                .object("conversation", "c-4711")
                .occurredAt(OCCURRED_AT)
                .attribute("message_id", "c-4711-m3")
                .attribute("role", "user")
                .attribute("text", "Is an MRI scan covered?")
                .attribute("tokens", 374);
    }

    /** The same content but for the ID, encoded by the client's writer. */
    static long emit(IngestClient client, String messageId) {
        return client.event("conversation.message_sent")
                .tenant("HCS0001")
                .actor("user-17")
                .object("conversation", "c-4711")
                .occurredAt(OCCURRED_AT)
                .attribute("message_id", messageId)
                .attribute("role", "user")
                .attribute("text", "Is an MRI scan covered?")
                .attribute("tokens", 374)
                .emit();
    }

    /** The same content as maps that are sorted already and a time that is text already. */
    static SortedMap<String, Object> maps() {
        return new TreeMap<>(Map.of(
                "action", "conversation.message_sent",
                "actor_id", "user-17",
                "attributes", attributes(),
                "object_id", "c-4711",
                "object_type", "conversation",
                "occurred_at", "2026-11-20T09:30:00.123456Z",
                "tenant_id", "HCS0001",
                "v", 3));
    }

    private static SortedMap<String, Object> attributes() {
        return new TreeMap<>(Map.of(
                "message_id", "c-4711-m3",
                "role", "user",
                "text", "Is an MRI scan covered?",
                "tokens", 374));
    }

    /** The line that an application would send: fields in the order of the documentation, no {@code v}. */
    static String line() {
        return "{\"tenant_id\":\"HCS0001\",\"action\":\"conversation.message_sent\",\"actor_id\":\"user-17\","
                + "\"object_type\":\"conversation\",\"object_id\":\"c-4711\","
                + "\"occurred_at\":\"2026-11-20T09:30:00.123456Z\",\"attributes\":{\"message_id\":\"c-4711-m3\","
                + "\"role\":\"user\",\"text\":\"Is an MRI scan covered?\",\"tokens\":374}}";
    }
}
