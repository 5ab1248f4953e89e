package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.UUID;

/**
 * The directory is a copy of a journal, and two journals that go on with one producer's sequences would give the same sequence to different
 * events. Nothing was changed. {@link Journal#adopt} makes it a journal of its own, once somebody has said what became of the original.
 */
public final class CopiedJournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Not the record around it: what an exception holds must be serializable. */
    private final UUID producer;

    CopiedJournalException(Path directory, ProducerId producerId, JournalPlace recorded, JournalPlace found) {
        super("journal is a copy and was not opened: directory=" + directory + " producer=" + producerId + " recorded: "
                + recorded + ", found: " + found + ". Adopt it, as " + Adoption.MOVED
                + " if the original is gone and wrote nothing after the copy was made, so that its producer goes on here,"
                + " or else as " + Adoption.NEW_PRODUCER + ", so that this becomes a producer of its own");
        this.producer = requireNonNull(producerId, "producerId").uuid();
    }

    /** The original's producer. */
    public ProducerId producerId() {
        return new ProducerId(producer);
    }
}
