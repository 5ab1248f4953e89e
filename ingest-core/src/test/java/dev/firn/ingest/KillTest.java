package dev.firn.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.journal.ChildJvm;
import dev.firn.journal.Journal;
import dev.firn.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL of a process that emits as fast as it can, again and again, on one journal. */
class KillTest {
    private static final int KILLS = 8;

    @TempDir
    Path temporary;

    @Test
    @Timeout(60)
    void whatWasToldToBeDurableIsThere() throws Exception {
        SplittableRandom random = new SplittableRandom(17);
        long last = 0;
        Follower follower = new Follower();
        for (int kill = 1; kill <= KILLS; kill++) {
            long durable;
            try (ChildJvm child = ChildJvm.start(IngestChild.class, temporary)) {
                // All that an earlier run left is found by the next one, neither more nor less.
                assertThat(child.line()).isEqualTo("open " + last);
                durable = sequence(child.line());
                for (int i = random.nextInt(12); i > 0; i--) {
                    follower.poll();
                    durable = sequence(child.line());
                }
                child.kill();
                for (String line : child.remainingLines()) {
                    // The last line may be cut in the middle of its number, which only makes it smaller.
                    durable = line.startsWith("durable ") ? Math.max(durable, sequence(line)) : durable;
                }
            }
            long before = last;
            last = follower.readToTheEnd();
            assertThat(last).as("kill %d", kill).isGreaterThan(before).isGreaterThanOrEqualTo(durable);
            try (JournalReader reader = JournalReader.open(temporary)) {
                assertThat(reader.lastSequence()).isEqualTo(last);
                for (long sequence : new long[] {1, before + 1, durable, last}) {
                    reader.seek(sequence);
                    reader.poll(record -> assertThat(record.sequence()).isEqualTo(sequence), 1);
                }
            }
        }
        follower.reader.close();
        Follower afterwards = new Follower();
        assertThat(afterwards.readToTheEnd()).isEqualTo(last);
        afterwards.reader.close();
    }

    /** Reads while the writers come and go. The reader verifies each hash and that sequences are dense. */
    private final class Follower {
        private final JournalReader reader;
        private long last;

        Follower() throws IOException {
            // So that there is a journal before its first writer.
            try (Journal journal = Journal.open(temporary)) {
                reader = JournalReader.open(journal.directory());
            }
        }

        int poll() {
            return reader.poll(record -> assertThat(record.sequence()).isEqualTo(++last), 10_000);
        }

        long readToTheEnd() {
            for (int empty = 0; empty < 3; ) {
                empty = poll() == 0 ? empty + 1 : 0;
            }
            return last;
        }
    }

    private static long sequence(String line) {
        List<String> words = List.of(line.split(" "));
        assertThat(words.get(0)).isEqualTo("durable");
        return words.size() < 2 || words.get(1).isEmpty() ? 0 : Long.parseLong(words.get(1));
    }
}
