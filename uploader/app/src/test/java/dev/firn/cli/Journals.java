package dev.firn.cli;

import dev.firn.event.Event;
import dev.firn.journal.Journal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Journals as an application would have left them. */
final class Journals {
    private static final byte[] LANE = "APPLICATION".getBytes(StandardCharsets.US_ASCII);

    private Journals() {}

    /** The hour in which a record came in decides its file. */
    static void append(Path journal, Instant receivedAt, int records) {
        try (Journal open = Journal.open(journal)) {
            for (int i = 0; i < records; i++) {
                byte[] canonical = event(open.lastSequence() + 1).canonical().getBytes(StandardCharsets.UTF_8);
                open.append(receivedAt.toEpochMilli() * 1_000 + i, LANE, LANE.length, canonical, canonical.length);
            }
        }
    }

    /** The event that has this sequence. */
    static Event event(long sequence) {
        return Event.builder("conversation.started")
                .tenant("HCS0001")
                .actor("user-1")
                .object("conversation", "c-" + sequence)
                .occurredAt(Instant.parse("2020-01-01T09:00:00Z"))
                .build();
    }

    /** The files with records, oldest first. */
    static List<Path> files(Path journal) throws IOException {
        try (Stream<Path> files = Files.list(journal.resolve("queue"))) {
            return files.filter(file -> file.toString().endsWith(".cq4"))
                    .sorted()
                    .toList();
        }
    }

    /** Changes one byte of the payload of a record. */
    static void damage(Path journal, long sequence) throws IOException {
        String object = "\"c-" + sequence + "\"";
        for (Path file : files(journal)) {
            byte[] bytes = Files.readAllBytes(file);
            int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(object);
            if (at >= 0) {
                bytes[at + 1] = 'C';
                Files.write(file, bytes);
                return;
            }
        }
        throw new IllegalArgumentException("no such record: sequence=" + sequence);
    }

    /** As {@code cp -r} does. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> entries = Files.walk(from)) {
            for (Path entry : entries.toList()) {
                Files.copy(entry, to.resolve(from.relativize(entry)));
            }
        }
    }
}
