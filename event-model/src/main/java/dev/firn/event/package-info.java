/**
 * What an event is: its fields and their rules, its canonical form (RFC 8785), its content ID, and typed builders for
 * the actions that Firn knows.
 *
 * <pre>{@code
 * Event event = ConversationEvents.messageSent("HCS0001", "c-42", "m-1", "user")
 *         .actor("user-17")
 *         .occurredAt(Instant.now())
 *         .text("Is my flu shot covered?")
 *         .build();
 * event.eventId(); // 64 hex digits, the same for the same content, for ever
 * }</pre>
 */
@NullMarked
package dev.firn.event;

import org.jspecify.annotations.NullMarked;
