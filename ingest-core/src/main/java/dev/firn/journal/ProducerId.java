package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Whose sequences they are: one journal, for ever. It is made with the journal and never changes, so that a sequence number together with it
 * names one record in the world.
 */
public record ProducerId(UUID uuid) {
    static final String FILE_NAME = ProducerFile.NAME;

    public ProducerId {
        requireNonNull(uuid, "uuid");
    }

    /** Parses what {@link #toString} gives. */
    public static ProducerId parse(String text) {
        requireNonNull(text, "text");
        UUID uuid = UUID.fromString(text);
        if (!uuid.toString().equals(text)) {
            throw new IllegalArgumentException("producer id must be a lower-case UUID: text=" + text);
        }
        return new ProducerId(uuid);
    }

    /** The UUID, 36 characters. */
    @Override
    public String toString() {
        return uuid.toString();
    }

    /** Reads the journal's ID; empty if the directory holds no journal. */
    static Optional<ProducerId> read(Path directory) {
        return ProducerFile.read(directory).map(ProducerFile::id);
    }
}
