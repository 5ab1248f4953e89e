package dev.firn.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The file {@code suspect}: as long as it is there, the journal is not opened for writing without a look at every record. */
final class Suspicion {
    static final String FILE_NAME = "suspect";
    private static final int MAX_REASON = 1_000;

    private Suspicion() {}

    /** Why, if there is one. */
    static Optional<String> read(Path directory) throws IOException {
        try {
            return Optional.of(Files.readString(directory.resolve(FILE_NAME), StandardCharsets.ISO_8859_1)
                    .strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Durably; an earlier one stays. */
    static void note(Path directory, String reason) throws IOException {
        if (!Files.exists(directory.resolve(FILE_NAME))) {
            String line = reason.replaceAll("[^\\x20-\\x7E]", "?");
            String text = line.substring(0, Math.min(MAX_REASON, line.length())) + "\n";
            PrivateFiles.replace(directory.resolve(FILE_NAME), text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    static void clear(Path directory) throws IOException {
        if (Files.deleteIfExists(directory.resolve(FILE_NAME))) {
            PrivateFiles.syncDirectory(directory);
        }
    }
}
