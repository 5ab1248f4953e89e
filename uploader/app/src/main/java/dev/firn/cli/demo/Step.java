package dev.firn.cli.demo;

import dev.firn.event.Event;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the platform hands to its client: it becomes exactly one record of the journal.
 *
 * @param kind  what it is
 * @param event the event, or null
 * @param line  the malformed line, or null
 */
public record Step(Kind kind, @Nullable Event event, byte @Nullable [] line) {
    /** What a platform hands over. */
    public enum Kind {
        /** An event for the first time. */
        GENERATED,
        /** An event once more, as after a time-out. */
        RESENT,
        /** A line that is no event. */
        MALFORMED
    }

    static Step generated(Event event) {
        return new Step(Kind.GENERATED, event, null);
    }

    static Step resent(Event event) {
        return new Step(Kind.RESENT, event, null);
    }

    static Step malformed(byte[] line) {
        return new Step(Kind.MALFORMED, null, line);
    }
}
