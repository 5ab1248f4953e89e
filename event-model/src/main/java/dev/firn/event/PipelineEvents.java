package dev.firn.event;

import java.time.Instant;

/**
 * What Firn tells about its own journals, of tenant {@link Event#SYSTEM_TENANT}: applications may not write these. Sequences
 * are those of the producer, from 1; times are microseconds since 1970-01-01 UTC. None of the texts may be content of an
 * event.
 */
public final class PipelineEvents {
    private PipelineEvents() {}

    /**
     * Events were not taken, and nobody else will tell.
     *
     * @param reason why, the name of the outcome
     */
    public static Event eventsDropped(
            String producerId,
            long count,
            long firstDroppedAtMicros,
            long lastDroppedAtMicros,
            String reason,
            Instant occurredAt) {
        return event("pipeline.events_dropped", producerId, occurredAt)
                .attribute("count", count)
                .attribute("first_dropped_at", EventTime.instant(firstDroppedAtMicros))
                .attribute("last_dropped_at", EventTime.instant(lastDroppedAtMicros))
                .attribute("reason", reason)
                .build();
    }

    /**
     * Records cannot be read any more.
     *
     * @param damage what was found
     * @param file   in which file of the journal
     */
    public static Event journalDamaged(
            String producerId, long firstSequence, long lastSequence, String damage, String file, Instant occurredAt) {
        return event("pipeline.journal_damaged", producerId, occurredAt)
                .attribute("first_sequence", firstSequence)
                .attribute("last_sequence", lastSequence)
                .attribute("damage", damage)
                .attribute("file", file)
                .build();
    }

    /**
     * Files whose records are all committed were deleted.
     *
     * @param files how many
     * @param bytes their size on disk
     */
    public static Event journalTrimmed(
            String producerId, long firstSequence, long lastSequence, long files, long bytes, Instant occurredAt) {
        return event("pipeline.journal_trimmed", producerId, occurredAt)
                .attribute("first_sequence", firstSequence)
                .attribute("last_sequence", lastSequence)
                .attribute("files", files)
                .attribute("bytes", bytes)
                .build();
    }

    /** Not checked against the catalogue: a report must not fail because a journal outgrew what a view reads. */
    private static Event.Builder event(String action, String producerId, Instant occurredAt) {
        return Event.builder(action)
                .tenant(Event.SYSTEM_TENANT)
                .actor(Event.SYSTEM_ACTOR)
                .object("producer", producerId)
                .occurredAt(occurredAt);
    }
}
