package dev.firn.journal;

import static dev.firn.journal.Samples.HOUR_MICROS;
import static dev.firn.journal.Samples.LANE;
import static dev.firn.journal.Samples.START_MICROS;
import static dev.firn.journal.Samples.append;
import static dev.firn.journal.Samples.appendAll;
import static dev.firn.journal.Samples.files;
import static dev.firn.journal.Samples.range;
import static dev.firn.journal.Samples.readAll;
import static dev.firn.journal.Samples.sha256;
import static dev.firn.journal.Samples.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path temporary;

    @Test
    void sequencesAreDenseAcrossRestartsAndFiles() {
        Path directory = temporary.resolve("journal");
        ProducerId producer;
        try (Journal journal = Journal.open(directory)) {
            producer = journal.producerId();
            assertThat(journal.lastSequence()).isZero();
            assertThat(append(journal, START_MICROS)).isEqualTo(1);
            assertThat(append(journal, START_MICROS + HOUR_MICROS)).isEqualTo(2);
            assertThat(append(journal, START_MICROS + 5 * HOUR_MICROS)).isEqualTo(3);
        }
        for (int restart = 0; restart < 3; restart++) {
            try (Journal journal = Journal.open(directory)) {
                assertThat(journal.producerId()).isEqualTo(producer);
                assertThat(journal.lastSequence()).isEqualTo(3 + restart);
                assertThat(append(journal, START_MICROS + (6 + restart) * HOUR_MICROS))
                        .isEqualTo(4 + restart);
            }
        }
        assertThat(readAll(directory)).isEqualTo(range(1, 6));
        assertThat(files(directory)).hasSize(6);
    }

    @Test
    void recordsOfEverySizeComeBack() {
        List<String> written = new ArrayList<>();
        try (Journal journal = Journal.open(temporary)) {
            for (int length : new int[] {1, 2, 3, 4, 5, 63, 64, 65, 4_095, 4_096, 65_536, 999_999, 1_000_000}) {
                byte[] canonical = new byte[length];
                Arrays.fill(canonical, (byte) length);
                written.add(length + " " + sha256(canonical));
                journal.append(START_MICROS, LANE, 1 + length % LANE.length, canonical, length);
            }
        }
        List<String> read = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(temporary)) {
            while (reader.poll(record -> read.add(record.canonicalLength() + " " + sha256(record.canonical())), 3)
                    > 0) {
                // The handler collects.
            }
        }
        assertThat(read).isEqualTo(written);
    }

    private static long add(Journal journal, long sequence, long receivedAtMicros) {
        byte[] canonical = Samples.canonical(sequence);
        return journal.add(receivedAtMicros, LANE, LANE.length, canonical, canonical.length);
    }

    private void assertEachCanBeSought(long first, long last) {
        try (JournalReader reader = JournalReader.open(temporary)) {
            assertThat(reader.lastSequence()).isEqualTo(last);
            for (long sequence = first; sequence <= last; sequence++) {
                reader.seek(sequence);
                long wanted = sequence;
                assertThat(reader.poll(record -> assertThat(record.sequence()).isEqualTo(wanted), 1))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void whatIsAddedIsSeenAndSyncedOnceItIsPublished() {
        try (Journal journal = Journal.open(temporary);
                JournalReader reader = JournalReader.open(temporary)) {
            append(journal, START_MICROS);
            for (long sequence = 2; sequence <= 10; sequence++) {
                assertThat(add(journal, sequence, START_MICROS)).isEqualTo(sequence);
            }
            assertThat(journal.isFull()).isFalse();
            assertThat(journal.lastSequence()).isEqualTo(1);
            assertThat(journal.sync()).isEqualTo(1);
            assertThat(readAll(reader)).containsExactly(1L);

            journal.publish();
            journal.publish();

            assertThat(journal.lastSequence()).isEqualTo(10);
            assertThat(journal.sync()).isEqualTo(10);
            assertThat(readAll(reader)).isEqualTo(range(2, 10));
        }
    }

    @Test
    void whatIsAddedIsPublishedWhenTheJournalIsClosed() {
        try (Journal journal = Journal.open(temporary)) {
            append(journal, START_MICROS);
            add(journal, 2, START_MICROS);
            add(journal, 3, START_MICROS + HOUR_MICROS);
        }
        assertThat(readAll(temporary)).isEqualTo(range(1, 3));
        assertThat(files(temporary)).hasSize(2);
    }

    @Test
    void fullBatchTakesNoRecordUntilItIsPublished() {
        try (Journal journal = Journal.open(temporary)) {
            append(journal, START_MICROS);
            long sequence = 1;
            while (!journal.isFull()) {
                add(journal, ++sequence, START_MICROS);
            }
            long next = sequence + 1;
            assertThatIllegalStateException()
                    .isThrownBy(() -> add(journal, next, START_MICROS))
                    .withMessageContaining("batch is full");

            journal.publish();

            assertThat(add(journal, next, START_MICROS)).isEqualTo(next);
        }
        assertThat(readAll(temporary)).first().isEqualTo(1L);
    }

    @Test
    void interruptLosesNothing() {
        try (Journal journal = Journal.open(temporary)) {
            append(journal, START_MICROS);
            add(journal, 2, START_MICROS);
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(journal::publish);
            assertThat(journal.lastSequence()).isEqualTo(1);
            assertThat(Thread.interrupted()).isTrue();

            journal.publish();

            assertThat(append(journal, START_MICROS)).isEqualTo(3);
        }
        assertThat(readAll(temporary)).isEqualTo(range(1, 3));
    }

    /** Batches of every length, index pages between them, long records and short, files that end: all by their index. */
    @Test
    void everyRecordOfEveryBatchCanBeSought() {
        SplittableRandom random = new SplittableRandom(7);
        long last = 0;
        try (Journal journal = Journal.open(temporary)) {
            for (int batch = 0; batch < 400; batch++) {
                long receivedAtMicros = START_MICROS + batch / 150 * HOUR_MICROS;
                for (int i = random.nextInt(60); i > 0 && !journal.isFull(); i--) {
                    byte[] canonical = Samples.canonical(++last);
                    if (random.nextInt(300) == 0) {
                        canonical = Arrays.copyOf(canonical, 30_000 + random.nextInt(300_000));
                    }
                    assertThat(journal.add(receivedAtMicros, LANE, LANE.length, canonical, canonical.length))
                            .isEqualTo(last);
                }
                journal.publish();
                assertThat(journal.lastSequence()).isEqualTo(last);
            }
        }
        assertThat(last).isGreaterThan(5_000);
        assertEachCanBeSought(1, last);
        assertThat(Journal.check(temporary).isClean()).isTrue();
    }

    /** The queue makes its file longer block by block, and a file of another length counts as cut. */
    @Test
    void batchesGoOnBehindTheEndOfABlock() {
        byte[] large = new byte[900_000];
        byte[] small = new byte[20_000];
        long last = 0;
        try (Journal journal = Journal.open(temporary)) {
            while (last < 12 * 256) {
                byte[] canonical = last % 50 == 0 ? large : small;
                last = journal.add(START_MICROS, LANE, LANE.length, canonical, canonical.length);
                if (journal.isFull()) {
                    journal.publish();
                }
            }
        }
        assertThat(files(temporary))
                .singleElement()
                .satisfies(file -> assertThat(file).hasSize(2 * Queues.BLOCK_BYTES + Queues.OVERLAP_BYTES));
        try (JournalReader reader = JournalReader.open(temporary)) {
            int read = 0;
            for (int count = 1; count > 0; read += count) {
                count = reader.poll(record -> {}, 1_000);
            }
            assertThat(read).isEqualTo(last);
        }
        assertThat(Journal.check(temporary).isClean()).isTrue();
    }

    /** A file has one page of its index for a million records. */
    @Test
    void recordsOnBothSidesOfAnIndexPageAreFound() {
        byte[] canonical = {'{', '}'};
        long last = 0;
        try (Journal journal = Journal.open(temporary)) {
            while (last < Queues.INDEX_PAGE_RECORDS + 600) {
                last = journal.add(START_MICROS, LANE, 1, canonical, canonical.length);
                if (journal.isFull()) {
                    journal.publish();
                }
            }
        }
        assertEachCanBeSought(Queues.INDEX_PAGE_RECORDS - 600, last);
    }

    @Test
    void clockThatGoesBackChangesNoOrder() {
        try (Journal journal = Journal.open(temporary)) {
            append(journal, START_MICROS + 2 * HOUR_MICROS);
            append(journal, START_MICROS);
            append(journal, START_MICROS + HOUR_MICROS);
        }
        // As after a clock was set back while nothing ran.
        try (Journal journal = Journal.open(temporary)) {
            append(journal, START_MICROS);
            append(journal, START_MICROS + 3 * HOUR_MICROS);
        }
        assertThat(readAll(temporary)).isEqualTo(range(1, 5));
        assertThat(files(temporary)).hasSize(2);
        List<Long> receivedAt = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(temporary)) {
            reader.poll(record -> receivedAt.add(record.receivedAtMicros()), 2);
        }
        assertThat(receivedAt).containsExactly(START_MICROS + 2 * HOUR_MICROS, START_MICROS);
    }

    @Test
    void syncReturnsWhatWasAppendedBefore() {
        try (Journal journal = Journal.open(temporary)) {
            assertThat(journal.durableSequence()).isZero();
            assertThat(journal.sync()).isZero();
            appendAll(journal, 3, START_MICROS);
            assertThat(journal.durableSequence()).isZero();
            assertThat(journal.sync()).isEqualTo(3);
            append(journal, START_MICROS + HOUR_MICROS);
            append(journal, START_MICROS + 2 * HOUR_MICROS);
            assertThat(journal.durableSequence()).isEqualTo(3);
            assertThat(journal.sync()).isEqualTo(5);
            assertThat(journal.durableSequence()).isEqualTo(5);
        }
        try (Journal journal = Journal.open(temporary)) {
            assertThat(journal.durableSequence()).isEqualTo(5);
        }
    }

    @Test
    void whatIsMadeIsPrivate() throws IOException {
        Path directory = temporary.resolve("parent").resolve("journals").resolve("one");
        try (Journal journal = Journal.open(directory)) {
            append(journal, START_MICROS);
            append(journal, START_MICROS + HOUR_MICROS);
            journal.sync();
            new CommittedPosition(1, "duckdb").write(directory);
        }
        List<String> modes = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(temporary.resolve("parent"))) {
            for (Path path : paths.sorted().toList()) {
                modes.add(temporary.relativize(path) + " "
                        + PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            }
        }
        assertThat(modes)
                .containsExactlyInAnyOrder(
                        "parent rwx------",
                        "parent/journals rwx------",
                        "parent/journals/one rwx------",
                        "parent/journals/one/committed rw-------",
                        "parent/journals/one/durable rw-------",
                        "parent/journals/one/producer rw-------",
                        "parent/journals/one/writer.lock rw-------",
                        "parent/journals/one/queue rwx------",
                        "parent/journals/one/queue/metadata.cq4t rw-------",
                        "parent/journals/one/queue/20231114-22F.cq4 rw-------",
                        "parent/journals/one/queue/20231114-23F.cq4 rw-------");
    }

    @Test
    void argumentsAreChecked() {
        try (Journal journal = Journal.open(temporary)) {
            byte[] bytes = new byte[1_000_001];
            assertThatIllegalArgumentException().isThrownBy(() -> journal.append(0, LANE, 0, bytes, 1));
            assertThatIllegalArgumentException().isThrownBy(() -> journal.append(0, bytes, 33, bytes, 1));
            assertThatIllegalArgumentException().isThrownBy(() -> journal.append(0, LANE, 1, bytes, 0));
            assertThatIllegalArgumentException().isThrownBy(() -> journal.append(0, LANE, 1, bytes, 1_000_001));
            assertThatIllegalArgumentException().isThrownBy(() -> journal.append(0, new byte[1], 2, bytes, 1));
            assertThatIllegalArgumentException().isThrownBy(() -> journal.append(0, LANE, 1, new byte[1], 2));
            assertThatIllegalArgumentException().isThrownBy(() -> journal.append(-1, LANE, 1, bytes, 1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> journal.append(253_402_300_800_000_000L, LANE, 1, bytes, 1));
            assertThat(append(journal, START_MICROS)).isEqualTo(1);
        }
        assertThat(readAll(temporary)).isEqualTo(range(1, 1));
    }

    @Test
    void afterAFailedAppendNoneFollows() throws IOException {
        Path obstacle = temporary.resolve("queue").resolve("20231114-23F.cq4");
        try (Journal journal = Journal.open(temporary)) {
            append(journal, START_MICROS);
            Files.createDirectory(obstacle);
            assertThatException().isThrownBy(() -> append(journal, START_MICROS + HOUR_MICROS));
            assertThatIllegalStateException()
                    .isThrownBy(() -> append(journal, START_MICROS))
                    .withMessageContaining("broken=true");
        }
        Files.delete(obstacle);
        try (Journal journal = Journal.open(temporary)) {
            assertThat(append(journal, START_MICROS + HOUR_MICROS)).isEqualTo(2);
        }
        assertThat(readAll(temporary)).isEqualTo(range(1, 2));
    }

    @Test
    void closedJournalTakesNothingAndClosesTwice() {
        Journal journal = Journal.open(temporary);
        append(journal, START_MICROS);
        journal.close();
        journal.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> append(journal, START_MICROS))
                .withMessageContaining("closed=true");
    }

    @Test
    void recordsWithoutTheirProducerAreNotAdopted() throws IOException {
        write(temporary, 1, 1);
        Files.delete(temporary.resolve("producer"));
        assertThatExceptionOfType(DamagedJournalException.class)
                .isThrownBy(() -> Journal.open(temporary))
                .satisfies(e -> assertThat(e.damage()).isEqualTo(Damage.WRONG_FILE));
        assertThat(Files.exists(temporary.resolve("producer"))).isFalse();
    }

    @Test
    void sequencesThatAreCommittedAreNotGivenAgain() throws IOException {
        write(temporary, 1, 10);
        new CommittedPosition(12, "duckdb").write(temporary);
        for (Path file : files(temporary)) {
            Files.delete(file);
        }
        try (Journal journal = Journal.open(temporary)) {
            assertThat(journal.lastSequence()).isEqualTo(12);
            assertThat(append(journal, START_MICROS)).isEqualTo(13);
        }
        assertThat(readAll(temporary)).containsExactly(13L);
    }
}
