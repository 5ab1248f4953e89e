package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.firn.journal.JournalReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk on which room gets scarce while {@code emit} reads: a file that is allocated, not written, takes it. */
class DiskLowTest {
    private static final long MARGIN_MB = 2_000;
    private static final int LINES_BEFORE = 1_000;

    @TempDir
    private Path directory;

    private static byte[] line(long n) {
        return ("{\"tenant_id\":\"t\",\"action\":\"a.b\",\"actor_id\":\"x\",\"object_type\":\"o\",\"object_id\":\"" + n
                        + "\",\"occurred_at\":\"2025-01-01T00:00:00Z\"}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Lines for ever; some of them come before the disk is filled. */
    private final class Endless extends InputStream {
        private byte[] line = new byte[0];
        private int at;
        private long number;

        @Override
        public int read() throws IOException {
            if (at == line.length) {
                if (number == LINES_BEFORE) {
                    allocate(directory.resolve("ballast"), 2 * MARGIN_MB);
                }
                line = line(++number);
                at = 0;
            }
            return line[at++];
        }
    }

    private static void allocate(Path file, long megabytes) throws IOException {
        Process allocate = new ProcessBuilder("fallocate", "-l", megabytes + "M", file.toString())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(allocate.waitFor()).as("exit code of fallocate").isZero();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void emitStopsWithTheLineFromWhichToGoOn() throws Exception {
        long freeMb = directory.toFile().getUsableSpace() >> 20;
        assumeTrue(freeMb > 4 * MARGIN_MB, "too little room on this disk to take some of it: MB=" + freeMb);
        try {
            allocate(directory.resolve("trial"), 1);
        } catch (IOException | AssertionError e) {
            assumeTrue(false, "files cannot be allocated here: " + e.getMessage());
        }
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new Endless(),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                100,
                Map.of("FIRN_MIN_FREE_MB", Long.toString(freeMb - MARGIN_MB)));
        String dir = directory.resolve("data").toString();

        int code = Firn.run(console, "emit", "--dir", dir);

        String said = err.toString(StandardCharsets.UTF_8);
        assertThat(code).as(said).isEqualTo(Exit.FAILED);
        Matcher line = Pattern.compile("or go on from line=([0-9]+) of file=-").matcher(said);
        assertThat(line.find()).as(said).isTrue();
        long next = Long.parseLong(line.group(1));
        assertThat(next).isGreaterThan(1);
        Files.delete(directory.resolve("ballast"));
        assertThat(CommandRun.withInput(line(next), "emit", "--dir", dir).code())
                .isZero();
        assertEachLineOnce(Path.of(dir, "journals", "cli"), next);
    }

    private static void assertEachLineOnce(Path journal, long lines) {
        try (JournalReader reader = JournalReader.open(journal)) {
            assertThat(reader.lastSequence()).isEqualTo(lines);
            while (reader.poll(
                            record -> assertThat(new String(record.canonical(), StandardCharsets.UTF_8))
                                    .contains("\"object_id\":\"" + record.sequence() + "\""),
                            1_000)
                    > 0) {
                // Reads on.
            }
        }
    }
}
