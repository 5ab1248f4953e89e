package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Whose sequences they are: one journal, for ever. It is made with the journal and never changes, so that a sequence number together with it
 * names one record in the world.
 */
public record ProducerId(UUID uuid) {
    static final String FILE_NAME = "producer";

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
        String text;
        try {
            text = Files.readString(directory.resolve(FILE_NAME), StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("producer id not read: directory=" + directory, e);
        }
        try {
            return Optional.of(parse(text.strip()));
        } catch (IllegalArgumentException e) {
            throw new DamagedJournalException(
                    Damage.WRONG_FILE, directory, 0, "not a producer id: file=" + FILE_NAME, e);
        }
    }

    static ProducerId create(Path directory) throws IOException {
        ProducerId created = new ProducerId(UUID.randomUUID());
        PrivateFiles.replace(directory.resolve(FILE_NAME), (created + "\n").getBytes(StandardCharsets.US_ASCII));
        return created;
    }
}
