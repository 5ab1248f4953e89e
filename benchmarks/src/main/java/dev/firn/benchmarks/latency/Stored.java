package dev.firn.benchmarks.latency;

import dev.firn.event.ContentId;
import dev.firn.journal.JournalReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads back what a target wrote. */
final class Stored {
    private static final int BATCH = 10_000;
    private static final int ID_OFFSET = "{\"event_id\":\"".length();
    private static final int ID_LENGTH = 2 * ContentId.HASH_LENGTH;

    private final ContentId contentId = new ContentId();
    private final byte[] hash = new byte[ContentId.HASH_LENGTH];

    /** The records of a journal. Its reader verifies each. */
    static long records(Path journal) {
        long count = 0;
        try (JournalReader reader = JournalReader.open(journal)) {
            int read;
            do {
                read = reader.poll(record -> {}, BATCH);
                count += read;
            } while (read > 0);
            if (count != reader.lastSequence()) {
                throw new IllegalStateException("the journal does not end where its reader does: read=" + count
                        + " last=" + reader.lastSequence());
            }
        }
        return count;
    }

    /** The lines of a file in which the ID is that of the event. */
    static long lines(Path file) throws IOException {
        Stored stored = new Stored();
        long count = 0;
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                stored.check(
                        count,
                        line.substring(ID_OFFSET, ID_OFFSET + ID_LENGTH),
                        line.substring(LineEncoder.CANONICAL_OFFSET, line.length() - 1));
                count++;
            }
        }
        return count;
    }

    void check(long index, String id, String canonical) {
        byte[] bytes = canonical.getBytes(StandardCharsets.UTF_8);
        contentId.hash(bytes, 0, bytes.length, hash, 0);
        if (!ContentId.hex(hash, 0).equals(id)) {
            throw new IllegalStateException(
                    "an event is not as it was: index=" + index + " length=" + bytes.length + " id=" + id);
        }
    }
}
