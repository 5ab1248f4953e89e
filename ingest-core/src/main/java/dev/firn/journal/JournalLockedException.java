package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** Another writer has the journal. Nothing was changed; a journal has one writer at a time. */
public final class JournalLockedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String owner;

    JournalLockedException(Path directory, String owner) {
        super("journal has another writer: directory=" + directory + " " + owner);
        this.owner = requireNonNull(owner, "owner");
    }

    /** Who holds it, as {@code pid=… host=… since=…}, for people to read. */
    public String owner() {
        return owner;
    }
}
