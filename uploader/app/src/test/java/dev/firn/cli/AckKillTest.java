package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.event.Event;
import dev.firn.event.EventParser;
import dev.firn.journal.JournalReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Really kills {@code emit --ack} at random moments, over one journal that grows: it must hold at least what the last line
 * before the kill said, as it was given. {@code -Dfirn.kills=200} is the long form.
 */
class AckKillTest {
    private static final int KILLS = Integer.getInteger("firn.kills", 10);
    private static final int EVENTS = 40_000;
    private static final long LONGEST_RUN_MS = 2_000;

    @TempDir
    private Path directory;

    private final List<String> eventIds = new ArrayList<>(EVENTS);

    private Path input() throws IOException {
        Path input = directory.resolve("events.ndjson");
        EventParser parser = new EventParser();
        try (BufferedWriter lines = Files.newBufferedWriter(input)) {
            for (int i = 0; i < EVENTS; i++) {
                String canonical = Event.builder("conversation.message_sent")
                        .tenant("HCS0001")
                        .actor("user-1")
                        .occurredAt(Instant.parse("2026-11-20T09:00:00Z").plusMillis(i))
                        .attribute("n", i)
                        .build()
                        .canonical();
                String line = canonical.replace(",\"v\":3}", "}");
                eventIds.add(parser.parse(line).eventId());
                lines.write(line + "\n");
            }
        }
        return input;
    }

    private Path journal() {
        return new DataDirectory(directory.resolve("data")).journal(DataDirectory.OWN_JOURNAL);
    }

    /** What a reader of the pipe has: whole lines only. */
    private static List<Long> durable(Path output) throws IOException {
        String text = Files.readString(output, StandardCharsets.US_ASCII);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(line -> {
                    assertThat(line).matches("durable [0-9]+");
                    return Long.parseLong(line.substring(line.indexOf(' ') + 1));
                })
                .toList();
    }

    @Test
    void theJournalHoldsAtLeastWhatTheLastLineSaid() throws Exception {
        SplittableRandom random = new SplittableRandom(13);
        Path input = input();
        long verified = 0;
        long lines = 0;
        int amid = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Path output = Files.createFile(directory.resolve("out-" + kill));
            Process emit = FirnProcess.command(
                            "emit", "--ack", "--dir", directory.resolve("data").toString())
                    .redirectInput(input.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("err").toFile()))
                    .start();
            await(emit, output, random);
            emit.destroyForcibly().waitFor();

            List<Long> durable = durable(output);
            assertThat(durable).isSorted();
            lines += durable.size();
            if (!durable.isEmpty()) {
                // The first line is where the journal stood: what an earlier run had only appended counts with it.
                long base = durable.get(0);
                long last = durable.get(durable.size() - 1);
                assertThat(base).isGreaterThanOrEqualTo(verified);
                assertInput(base, last);
                amid += last > base && last < base + EVENTS ? 1 : 0;
                verified = last;
            }
        }
        assertWhole(verified);
        System.out.printf(
                "emit --ack: %d kills, %d of them amid the input, %d lines, %d records%n",
                KILLS, amid, lines, verified);
        assertThat(amid).as("kills amid the input").isPositive();
    }

    /** Half of the kills come at a random time, half behind a random number of acknowledged events. */
    private static void await(Process emit, Path output, SplittableRandom random) throws Exception {
        if (random.nextBoolean()) {
            emit.waitFor(random.nextLong(LONGEST_RUN_MS), TimeUnit.MILLISECONDS);
            return;
        }
        long more = random.nextLong(EVENTS);
        while (emit.isAlive()) {
            List<Long> durable = durable(output);
            if (!durable.isEmpty() && durable.get(durable.size() - 1) >= durable.get(0) + more) {
                return;
            }
            Thread.onSpinWait();
        }
    }

    /** The records behind {@code base} are the lines of the input, one each, hashes verified by the reader. */
    private void assertInput(long base, long last) {
        try (JournalReader reader = JournalReader.open(journal())) {
            assertThat(reader.lastSequence()).isGreaterThanOrEqualTo(last);
            reader.seek(base + 1);
            long[] next = {base + 1};
            while (next[0] <= last) {
                int read = reader.poll(
                        record -> {
                            assertThat(record.sequence()).isEqualTo(next[0]);
                            assertThat(record.eventId()).isEqualTo(eventIds.get((int) (next[0] - base - 1)));
                            next[0]++;
                        },
                        (int) Math.min(1_000, last - next[0] + 1));
                assertThat(read).as("records at sequence %d", next[0]).isPositive();
            }
        }
    }

    private void assertWhole(long last) {
        try (JournalReader reader = JournalReader.open(journal())) {
            long[] next = {1};
            while (reader.poll(record -> assertThat(record.sequence()).isEqualTo(next[0]++), 1_000) > 0) {
                // Reads on.
            }
            assertThat(next[0] - 1).isGreaterThanOrEqualTo(last);
            assertThat(reader.missing()).isEmpty();
        }
    }
}
