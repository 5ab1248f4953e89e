package com.example.plain;

import static java.util.Objects.requireNonNull;

import dev.firn.ingest.EventClient;
import dev.firn.ingest.EventWriter;

/** What the application does. It knows a client, and neither journal nor warehouse: its tests give it a client that records. */
final class Conversations {
    private final EventClient events;

    Conversations(EventClient events) {
        this.events = requireNonNull(events, "events");
    }

    /**
     * Records that a user sent a message.
     *
     * @return the event's sequence, or 0 if the client is told to drop what it has no room for, and did
     * @throws IllegalArgumentException if the values make no event; the message names the field and the rule, never the value
     * @throws BusyException            if there is no room now; nothing was recorded, the caller may try again
     * @throws IllegalStateException    if the application is closing, or the action is not an application's to write
     */
    long messageSent(String tenant, String user, String conversation, String messageId, String text) {
        EventWriter event = events.event("conversation.message_sent")
                .tenant(tenant)
                .actor(user)
                .object("conversation", conversation)
                .attribute("message_id", messageId)
                .attribute("role", "user")
                .attribute("text", text);
        long answer = event.emit();
        return answer > 0 ? answer : notAccepted(answer, event);
    }

    private static long notAccepted(long answer, EventWriter event) {
        String outcome = EventClient.outcome(answer);
        return switch (outcome) {
            case "DROPPED" -> 0;
            case "RING_FULL", "DISK_LOW" -> throw new BusyException("no room for the event: outcome=" + outcome);
            case "INVALID" -> throw new IllegalArgumentException(event.problem());
            default -> throw new IllegalStateException("event not accepted: outcome=" + outcome);
        };
    }
}
