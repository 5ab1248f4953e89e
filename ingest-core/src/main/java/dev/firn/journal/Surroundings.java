package dev.firn.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** What a recovery asks the world around the journal; the tests have one that runs out of disk, or ends in the middle. */
class Surroundings {
    static final Surroundings REAL = new Surroundings();

    Instant now() {
        return Instant.now();
    }

    long usableBytes(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    /** A step of a repair is done. */
    void reached(String step) throws IOException {
        // Nobody waits for it here.
    }
}
