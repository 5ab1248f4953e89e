package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What trimming did to a journal, or would do.
 *
 * @param producerId whose journal it is
 * @param deleted    the files that were deleted, or would be, oldest first; no sequence is missing between one and the next, but what the
 *                   journal had lost before
 * @param kept       the other files, oldest first
 */
public record TrimReport(ProducerId producerId, List<Deleted> deleted, List<Kept> kept) {
    public TrimReport {
        requireNonNull(producerId, "producerId");
        deleted = List.copyOf(deleted);
        kept = List.copyOf(kept);
    }

    /**
     * A file that was deleted, or would be.
     *
     * @param bytes length of its records; less than what the file took up
     */
    public record Deleted(String file, long firstSequence, long lastSequence, long bytes) {
        public Deleted {
            requireNonNull(file, "file");
        }
    }

    /** A file that stays. Those behind the first one that must stay do so for its reason, the newest excepted. */
    public record Kept(String file, Reason reason) {
        public Kept {
            requireNonNull(file, "file");
            requireNonNull(reason, "reason");
        }
    }

    /** Why a file stays. */
    public enum Reason {
        /** It holds the newest record, from which the next sequence follows, or was made after it. */
        NEWEST,
        /** It holds a record that the warehouse is not known to have. */
        NOT_COMMITTED,
        /** It holds a record that came in less than the retention time ago. */
        TOO_YOUNG,
        /** Something in the journal is not as it was written. It is to be repaired first: the file may be needed for that. */
        DAMAGED
    }

    /** The first sequence that was deleted, or would be; 0 if there is none. */
    public long firstSequence() {
        return deleted.isEmpty() ? 0 : deleted.get(0).firstSequence();
    }

    /** The last sequence that was deleted, or would be; 0 if there is none. */
    public long lastSequence() {
        return deleted.isEmpty() ? 0 : deleted.get(deleted.size() - 1).lastSequence();
    }

    /** Length of the records that were deleted, or would be. */
    public long bytes() {
        return deleted.stream().mapToLong(Deleted::bytes).sum();
    }
}
