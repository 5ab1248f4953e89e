package dev.firn.embedded;

import static java.util.Objects.requireNonNull;

import dev.firn.ingest.FlushReport;
import java.util.Optional;

/**
 * How far everything had come when {@link Firn#close} returned. What is not committed is in the journal, and sent by the next start.
 *
 * @param client            the client's events, since the start
 * @param lastSequence      the journal's last sequence
 * @param committedSequence the last sequence that is in the warehouse, as far as is known
 * @param stopped           whether the uploader has ended and the warehouse is closed
 * @param uploadFailure     what keeps the rest from being uploaded, if anything is known
 */
public record CloseReport(
        FlushReport client,
        long lastSequence,
        long committedSequence,
        boolean stopped,
        Optional<UploadFailure> uploadFailure) {
    public CloseReport {
        requireNonNull(client, "client");
        requireNonNull(uploadFailure, "uploadFailure");
    }

    /** Events in the journal that are not known to be in the warehouse. */
    public long pending() {
        return Math.max(0, lastSequence - committedSequence);
    }

    /** Whether every accepted event is durable and in the warehouse, and everything is closed. */
    public boolean complete() {
        return client.complete() && stopped && pending() == 0;
    }
}
