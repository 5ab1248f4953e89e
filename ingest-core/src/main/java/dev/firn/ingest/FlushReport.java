package dev.firn.ingest;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * How far a client's events had come when {@code flush} or {@code close} returned. All counts are of this client, since it was opened; they
 * include the few events that it writes itself, as {@code pipeline.events_dropped}.
 *
 * @param accepted events for which {@code emit} returned a sequence
 * @param appended of these, events in the journal's files: they survive the process
 * @param durable  of these, events synced to disk: they survive the machine
 * @param dropped  events that {@link BackPressure#DROP_AND_COUNT} lost
 * @param refused  events that were not accepted for any other reason; the caller was told and still has them
 * @param complete whether what was asked for was reached in time: for {@code flush}, that every event accepted before the call is appended;
 *                 for {@code close}, that every accepted event is durable and the journal's directory is free again
 * @param failure  why the client stopped by itself, if it did
 */
public record FlushReport(
        long accepted,
        long appended,
        long durable,
        long dropped,
        long refused,
        boolean complete,
        Optional<Throwable> failure) {
    public FlushReport {
        requireNonNull(failure, "failure");
    }

    /** Accepted events that are not appended: still waiting, or lost if the client has failed. */
    public long left() {
        return accepted - appended;
    }
}
