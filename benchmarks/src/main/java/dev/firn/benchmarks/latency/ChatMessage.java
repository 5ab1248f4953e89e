package dev.firn.benchmarks.latency;

import dev.firn.event.Event;
import java.time.Instant;

/** What an application knows of a chat message before anybody has encoded it; about 270 canonical bytes, no two alike. */
record ChatMessage(
        String tenantId,
        String actorId,
        String conversationId,
        Instant occurredAt,
        String messageId,
        String role,
        String text,
        long tokens) {
    static final String ACTION = "conversation.message_sent";
    static final String OBJECT_TYPE = "conversation";

    private static final Instant FIRST = Instant.parse("2026-11-20T09:30:00.123456Z");
    private static final int TENANTS = 20;
    private static final int USERS = 300;

    /** @param number 0 or more; the same number gives the same message */
    static ChatMessage of(int number) {
        int conversation = 4_000 + number / 8;
        return new ChatMessage(
                String.format("HCS%04d", 1 + number % TENANTS),
                "user-" + (1 + number % USERS),
                "c-" + conversation,
                FIRST.plusNanos(number * 1_000_000L),
                "c-" + conversation + "-m" + number,
                "user",
                "Is an MRI scan covered?",
                374);
    }

    Event toEvent() {
        return Event.builder(ACTION)
                .tenant(tenantId)
                .actor(actorId)
                .object(OBJECT_TYPE, conversationId)
                .occurredAt(occurredAt)
                .attribute("message_id", messageId)
                .attribute("role", role)
                .attribute("text", text)
                .attribute("tokens", tokens)
                .build();
    }
}
