package dev.firn.journal;

/** What became of the original of a copied journal: only a person can know. */
public enum Adoption {
    /**
     * The original is gone, and nothing was written to it after the copy was made. The same producer goes on in the copy, behind the last record
     * in it. Not for an old backup: sequences that the original gave after it would be given again, to other events.
     */
    MOVED,

    /**
     * The original lives on, or wrote more after the copy was made. The records in the copy are moved aside into {@code copied-<producer>}
     * within the directory, with everything that was said about them; the directory becomes a new producer's, which begins with sequence 1.
     */
    NEW_PRODUCER
}
