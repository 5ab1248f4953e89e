package dev.firn.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Records whose content follows from their sequence, so that a reader can tell each from every other. */
final class Samples {
    static final byte[] LANE = "APPLICATION".getBytes(StandardCharsets.US_ASCII);
    static final long HOUR_MICROS = 3_600_000_000L;
    /** 2023-11-14T22:00Z, the beginning of a file. */
    static final long START_MICROS = 1_699_999_200_000_000L;

    private Samples() {}

    static byte[] canonical(long sequence) {
        String padding = "x".repeat((int) (sequence * 31 % 400));
        return ("{\"n\":" + sequence + ",\"p\":\"" + padding + "\"}").getBytes(StandardCharsets.US_ASCII);
    }

    static long append(Journal journal, long receivedAtMicros) {
        byte[] canonical = canonical(journal.lastSequence() + 1);
        return journal.append(receivedAtMicros, LANE, LANE.length, canonical, canonical.length);
    }

    static void appendAll(Journal journal, int count, long receivedAtMicros) {
        for (int i = 0; i < count; i++) {
            append(journal, receivedAtMicros);
        }
    }

    /** Makes a journal with so many records in each of so many hours. */
    static void write(Path directory, int hours, int recordsPerHour) {
        try (Journal journal = Journal.open(directory)) {
            for (int hour = 0; hour < hours; hour++) {
                appendAll(journal, recordsPerHour, START_MICROS + hour * HOUR_MICROS);
            }
        }
    }

    static void assertGood(JournalRecord record) {
        byte[] expected = canonical(record.sequence());
        assertThat(record.canonical()).isEqualTo(expected);
        assertThat(record.eventId()).isEqualTo(sha256(expected));
        assertThat(record.lane()).isEqualTo("APPLICATION");
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Polls until nothing comes, and returns the sequences. */
    static List<Long> readAll(JournalReader reader) {
        List<Long> sequences = new ArrayList<>();
        RecordHandler handler = record -> {
            assertGood(record);
            sequences.add(record.sequence());
        };
        while (reader.poll(handler, 100) > 0) {
            // The handler collects.
        }
        return sequences;
    }

    static List<Long> readAll(Path directory) {
        try (JournalReader reader = JournalReader.open(directory)) {
            return readAll(reader);
        }
    }

    static List<Long> range(long first, long last) {
        List<Long> range = new ArrayList<>();
        for (long i = first; i <= last; i++) {
            range.add(i);
        }
        return range;
    }

    static List<Path> files(Path directory) {
        return CycleFile.list(directory.resolve(Journal.QUEUE_DIRECTORY)).stream()
                .map(CycleFile::path)
                .toList();
    }
}
