package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.event.Event;
import dev.firn.journal.CommittedPosition;
import dev.firn.journal.JournalReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Really kills {@code emit} and {@code upload}, again and again, and runs them again on the same input. */
class KillTest {
    private static final int EVENTS = 30_000;
    private static final int KILLS = 10;

    @TempDir
    private Path directory;

    private Path input() throws IOException {
        Path input = directory.resolve("events.ndjson");
        try (BufferedWriter lines = Files.newBufferedWriter(input)) {
            for (int i = 0; i < EVENTS; i++) {
                String canonical = Event.builder("conversation.message_sent")
                        .tenant("HCS0001")
                        .actor("user-1")
                        .occurredAt(Instant.parse("2026-11-20T09:00:00Z").plusMillis(i))
                        .attribute("n", i)
                        .build()
                        .canonical();
                lines.write(canonical.replace(",\"v\":3}", "}\n"));
            }
        }
        return input;
    }

    private Path data() {
        return directory.resolve("data");
    }

    private long journaled() {
        Path journal = new DataDirectory(data()).journal(DataDirectory.OWN_JOURNAL);
        if (!JournalReader.isJournal(journal)) {
            return 0;
        }
        try (JournalReader reader = JournalReader.open(journal)) {
            return reader.lastSequence();
        }
    }

    private long committed() {
        return CommittedPosition.read(new DataDirectory(data()).journal(DataDirectory.OWN_JOURNAL))
                .map(CommittedPosition::sequence)
                .orElse(0L);
    }

    private void assertEachEventOnceAndVerified() {
        CommandRun upload = CommandRun.of("upload", "--dir", data().toString());
        assertThat(upload.code()).as(upload.toString()).isZero();
        CommandRun count = CommandRun.of(
                "query", "--dir", data().toString(), "--format", "csv", "SELECT COUNT(*) AS N FROM ACTIVITY.EVENTS");
        assertThat(count.out()).isEqualTo("N\r\n" + EVENTS + "\r\n");
        CommandRun verify = CommandRun.of("verify", "--dir", data().toString());
        assertThat(verify.code()).as(verify.toString()).isZero();
    }

    @Test
    void emitKilledAtRandomMomentsAndRunAgainGivesEachEventOnce() throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        Path input = input();
        int inTheMiddle = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            long before = journaled();
            long target = before + random.nextInt(EVENTS * 3 / 4);
            Process emit = FirnProcess.start(
                    directory.resolve("output"), "emit", "--dir", data().toString(), input.toString());
            while (emit.isAlive() && journaled() < target) {
                Thread.onSpinWait();
            }
            emit.destroyForcibly().waitFor();
            long written = journaled() - before;
            inTheMiddle += written > 0 && written < EVENTS ? 1 : 0;
        }
        assertThat(inTheMiddle).as("kills while events were being written").isGreaterThanOrEqualTo(KILLS / 2);
        CommandRun last = CommandRun.of("emit", "--dir", data().toString(), input.toString());
        assertThat(last.code()).as(last.toString()).isZero();

        assertEachEventOnceAndVerified();
    }

    @Test
    void uploadKilledAtRandomMomentsAndRunAgainGivesEachEventOnce() throws Exception {
        SplittableRandom random = new SplittableRandom(12);
        CommandRun emit = CommandRun.of("emit", "--dir", data().toString(), input().toString());
        assertThat(emit.code()).as(emit.toString()).isZero();
        int inTheMiddle = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            long before = committed();
            long target = before + random.nextInt(1_000, 4_001);
            Process upload = FirnProcess.start(
                    directory.resolve("output"), "upload", "--dir", data().toString(), "--batch-rows", "1000");
            while (upload.isAlive() && committed() < target) {
                Thread.onSpinWait();
            }
            upload.destroyForcibly().waitFor();
            long after = committed();
            inTheMiddle += after > before && after < EVENTS ? 1 : 0;
        }
        assertThat(inTheMiddle).as("kills while rows were being committed").isGreaterThanOrEqualTo(KILLS / 2);

        assertEachEventOnceAndVerified();
    }
}
