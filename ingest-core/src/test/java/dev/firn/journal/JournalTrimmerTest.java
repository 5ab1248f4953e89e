package dev.firn.journal;

import static dev.firn.journal.Samples.HOUR_MICROS;
import static dev.firn.journal.Samples.START_MICROS;
import static dev.firn.journal.Samples.append;
import static dev.firn.journal.Samples.files;
import static dev.firn.journal.Samples.range;
import static dev.firn.journal.Samples.readAll;
import static dev.firn.journal.Samples.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.firn.journal.TrimReport.Deleted;
import dev.firn.journal.TrimReport.Kept;
import dev.firn.journal.TrimReport.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class JournalTrimmerTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant START = Instant.EPOCH.plusMillis(START_MICROS / 1_000);
    private static final Instant MUCH_LATER = START.plus(Duration.ofDays(3_650));

    @TempDir
    Path temporary;

    private void commit(long sequence) {
        new CommittedPosition(sequence, "duckdb").write(temporary);
    }

    private TrimReport trim(Duration retention, Instant now) {
        return JournalTrimmer.trim(temporary, retention, now);
    }

    private static String name(int hour) {
        return "20231114-22F.cq4 20231114-23F.cq4 20231115-00F.cq4 20231115-01F.cq4".split(" ")[hour];
    }

    /** Of four files, oldest first. */
    private static List<Kept> kept(Reason... reasons) {
        List<Kept> kept = new ArrayList<>();
        for (int i = 0; i < reasons.length; i++) {
            kept.add(new Kept(name(4 - reasons.length + i), reasons[i]));
        }
        return kept;
    }

    private static long bytes(long first, long last) {
        return range(first, last).stream()
                .mapToLong(i -> RecordLayout.HEADER_BYTES + Samples.LANE.length + Samples.canonical(i).length)
                .sum();
    }

    @Test
    void whatIsCommittedAndOldGoesOldestFirst() {
        write(temporary, 4, 10);
        commit(40);

        TrimReport report = trim(HOUR, START.plus(HOUR.multipliedBy(2)));

        assertThat(report.producerId()).isEqualTo(ProducerId.read(temporary).orElseThrow());
        assertThat(report.deleted())
                .containsExactly(
                        new Deleted(name(0), 1, 10, bytes(1, 10)), new Deleted(name(1), 11, 20, bytes(11, 20)));
        assertThat(report.kept()).isEqualTo(kept(Reason.TOO_YOUNG, Reason.NEWEST));
        assertThat(report.firstSequence()).isEqualTo(1);
        assertThat(report.lastSequence()).isEqualTo(20);
        assertThat(report.bytes()).isEqualTo(bytes(1, 20));
        assertThat(files(temporary)).hasSize(2);
        assertThat(readAll(temporary)).isEqualTo(range(21, 40));
    }

    @Test
    void fileStaysUntilItsYoungestRecordIsAsOldAsTheRetentionTime() {
        write(temporary, 4, 10);
        commit(40);
        assertThat(trim(HOUR, START.plus(HOUR).minusNanos(1_000)).kept())
                .isEqualTo(kept(Reason.TOO_YOUNG, Reason.TOO_YOUNG, Reason.TOO_YOUNG, Reason.NEWEST));
        assertThat(trim(HOUR, START.plus(HOUR)).lastSequence()).isEqualTo(10);
    }

    @Test
    void fileStaysUntilItsLastRecordIsCommitted() {
        write(temporary, 4, 10);
        assertThat(trim(Duration.ZERO, MUCH_LATER).kept())
                .as("nothing was ever committed")
                .isEqualTo(kept(Reason.NOT_COMMITTED, Reason.NOT_COMMITTED, Reason.NOT_COMMITTED, Reason.NEWEST));
        commit(19);
        assertThat(trim(Duration.ZERO, MUCH_LATER).lastSequence()).isEqualTo(10);
        commit(20);
        assertThat(trim(Duration.ZERO, MUCH_LATER).kept()).isEqualTo(kept(Reason.NOT_COMMITTED, Reason.NEWEST));
        assertThat(readAll(temporary)).isEqualTo(range(21, 40));
    }

    @Test
    void nothingGoesOnAPositionThatCannotBeBelieved() throws IOException {
        write(temporary, 4, 10);
        List<Kept> all = kept(Reason.NOT_COMMITTED, Reason.NOT_COMMITTED, Reason.NOT_COMMITTED, Reason.NEWEST);
        commit(41);
        assertThat(trim(Duration.ZERO, MUCH_LATER).kept())
                .as("behind the journal's end")
                .isEqualTo(all);
        commit(19);
        Path file = temporary.resolve("committed");
        Files.writeString(file, Files.readString(file).replace("sequence=19", "sequence=39"));
        assertThat(trim(Duration.ZERO, MUCH_LATER).kept()).as("changed").isEqualTo(all);
    }

    @Test
    void newestFileStaysWhateverItsAge() {
        write(temporary, 4, 10);
        commit(40);
        assertThat(trim(Duration.ZERO, MUCH_LATER).kept()).isEqualTo(kept(Reason.NEWEST));
        assertThat(trim(Duration.ZERO, MUCH_LATER).deleted()).isEmpty();
        write(temporary, 1, 1);
        assertThat(readAll(temporary)).isEqualTo(range(31, 41));
    }

    /** A writer was killed, or is at work, after it made a file and before its first record: the next sequence follows from the file before. */
    @Test
    void newestRecordStaysAlsoWhereAFileWithoutRecordsIsNewer() throws IOException {
        write(temporary, 3, 10);
        Files.createFile(temporary.resolve("queue").resolve(name(3)));
        commit(30);

        assertThat(trim(Duration.ZERO, MUCH_LATER).kept()).isEqualTo(kept(Reason.NEWEST, Reason.NEWEST));

        try (Journal journal = Journal.open(temporary)) {
            assertThat(append(journal, START_MICROS)).isEqualTo(31);
        }
    }

    @Test
    void emptyJournalIsLeftAlone() {
        write(temporary, 0, 0);
        commit(0);
        TrimReport report = trim(Duration.ZERO, MUCH_LATER);
        assertThat(report.deleted()).isEmpty();
        assertThat(report.kept()).isEmpty();
        assertThat(report.firstSequence()).isZero();
        assertThat(report.lastSequence()).isZero();
        assertThat(report.bytes()).isZero();
    }

    @Test
    void dryRunTellsTheSameAndDeletesNothing() {
        write(temporary, 4, 10);
        commit(25);
        TrimReport told = JournalTrimmer.dryRun(temporary, HOUR, MUCH_LATER);
        assertThat(told.deleted()).hasSize(2);
        assertThat(readAll(temporary)).isEqualTo(range(1, 40));
        assertThat(trim(HOUR, MUCH_LATER)).isEqualTo(told);
    }

    @Test
    void clockThatJumpedBackDeletesNothing() {
        write(temporary, 4, 10);
        commit(40);
        assertThat(trim(Duration.ZERO, START.minus(HOUR)).deleted()).isEmpty();
        assertThat(trim(Duration.ZERO, Instant.EPOCH).deleted()).isEmpty();
    }

    @Test
    void ageIsThatOfTheYoungestRecordNotOfTheLast() {
        long minute = HOUR_MICROS / 60;
        try (Journal journal = Journal.open(temporary)) {
            append(journal, START_MICROS + 50 * minute);
            // The writer's clock jumped back.
            append(journal, START_MICROS + 10 * minute);
            append(journal, START_MICROS + HOUR_MICROS);
        }
        commit(3);
        assertThat(trim(HOUR, START.plus(Duration.ofMinutes(109))).deleted()).isEmpty();
        assertThat(trim(HOUR, START.plus(Duration.ofMinutes(110))).lastSequence())
                .isEqualTo(2);
    }

    @Test
    void ageIsNotThatOfTheFile() throws IOException {
        write(temporary, 4, 10);
        commit(40);
        for (Path file : files(temporary)) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        }
        assertThat(trim(HOUR, START).deleted()).isEmpty();
        for (Path file : files(temporary)) {
            Files.setLastModifiedTime(file, FileTime.from(MUCH_LATER));
        }
        assertThat(trim(HOUR, MUCH_LATER).deleted()).hasSize(3);
    }

    @Test
    void suspectJournalIsLeftAlone() throws IOException {
        write(temporary, 4, 10);
        commit(40);
        Files.createFile(temporary.resolve("suspect"));
        assertThat(trim(Duration.ZERO, MUCH_LATER).kept())
                .isEqualTo(kept(Reason.DAMAGED, Reason.DAMAGED, Reason.DAMAGED, Reason.NEWEST));
    }

    @Test
    void damagedFileStaysAndEverythingBehindIt() throws IOException {
        write(temporary, 4, 10);
        commit(40);
        flip(files(temporary).get(1), "\"n\":15,");
        assertThat(trim(Duration.ZERO, MUCH_LATER).kept())
                .isEqualTo(kept(Reason.DAMAGED, Reason.DAMAGED, Reason.NEWEST));
        assertThat(trim(Duration.ZERO, MUCH_LATER).deleted()).isEmpty();
        assertThat(files(temporary)).hasSize(3);
    }

    @Test
    void journalThatWasRepairedIsTrimmedOverWhatIsKnownToBeLost() throws IOException {
        write(temporary, 4, 10);
        commit(40);
        flip(files(temporary).get(1), "\"n\":15,");
        Files.delete(files(temporary).get(2));
        JournalReader.suspect(temporary, "a test damaged it");
        assertThat(trim(Duration.ZERO, MUCH_LATER).deleted()).isEmpty();
        try (Journal journal = Journal.open(temporary)) {
            assertThat(journal.unreportedDamage()).isNotEmpty();
        }

        TrimReport report = trim(Duration.ZERO, MUCH_LATER);

        assertThat(report.deleted())
                .containsExactly(
                        new Deleted(name(0), 1, 10, bytes(1, 10)),
                        new Deleted(name(1), 11, 20, bytes(11, 20) - bytes(15, 15)));
        assertThat(readAll(temporary)).isEqualTo(range(31, 40));
        write(temporary, 1, 1);
        assertThat(readAll(temporary)).isEqualTo(range(31, 41));
    }

    @Test
    void fileBeforeAGapStays() throws IOException {
        write(temporary, 4, 10);
        commit(40);
        Files.delete(files(temporary).get(1));
        assertThat(trim(Duration.ZERO, MUCH_LATER).kept())
                .containsExactly(
                        new Kept(name(0), Reason.DAMAGED),
                        new Kept(name(2), Reason.DAMAGED),
                        new Kept(name(3), Reason.NEWEST));
    }

    @ParameterizedTest
    @MethodSource("tenths")
    void cutFileStays(int tenth) throws IOException {
        write(temporary, 3, 1_000);
        commit(3_000);
        Path file = files(temporary).get(0);
        try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(offsetOf(file, "\"n\":1000,") * tenth / 10);
        }
        assertThat(trim(Duration.ZERO, MUCH_LATER).deleted()).isEmpty();
        assertThat(files(temporary)).hasSize(3);
    }

    static List<Integer> tenths() {
        return range(0, 10).stream().map(Long::intValue).toList();
    }

    private static void flip(Path file, String at) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long offset = offsetOf(file, at);
            bytes.seek(offset);
            int was = bytes.read();
            bytes.seek(offset);
            bytes.write(was ^ 1);
        }
    }

    private static long offsetOf(Path file, String text) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            byte[] head = new byte[2 << 20];
            bytes.readFully(head);
            int found = new String(head, StandardCharsets.ISO_8859_1).indexOf(text);
            assertThat(found).isPositive();
            return found;
        }
    }

    @Test
    void openWriterAndReadersGoOnInTheirProcesses() throws Exception {
        try (ChildJvm writer = ChildJvm.start(DialogueChild.class, "writer", temporary)) {
            assertThat(ask(writer, "append 0 10")).isEqualTo("10");
            try (ChildJvm behind = ChildJvm.start(DialogueChild.class, "reader", temporary);
                    ChildJvm ahead = ChildJvm.start(DialogueChild.class, "reader", temporary)) {
                assertThat(ask(behind, "first")).isEqualTo("1");
                assertThat(ask(ahead, "read")).isEqualTo("1..10 10");
                assertThat(ask(writer, "append 1 10")).isEqualTo("20");
                assertThat(ask(writer, "append 2 10")).isEqualTo("30");
                assertThat(ask(ahead, "read")).isEqualTo("11..30 20");
                commit(30);

                assertThat(trim(Duration.ZERO, MUCH_LATER).lastSequence()).isEqualTo(20);

                assertThat(ask(behind, "first")).isEqualTo("21");
                assertThat(ask(behind, "read")).isEqualTo("21..30 10");
                assertThat(ask(ahead, "read")).isEqualTo("nothing");
                assertThat(ask(writer, "append 2 5")).isEqualTo("35");
                assertThat(ask(writer, "append 3 5")).isEqualTo("40");
                assertThat(ask(ahead, "first")).isEqualTo("21");
                assertThat(ask(ahead, "read")).isEqualTo("31..40 10");
                assertThat(ask(behind, "read")).isEqualTo("31..40 10");
                commit(40);

                assertThat(trim(Duration.ZERO, MUCH_LATER).lastSequence()).isEqualTo(35);

                assertThat(ask(writer, "append 9 5")).isEqualTo("45");
                assertThat(ask(ahead, "read")).isEqualTo("41..45 5");
                assertThat(ask(behind, "first")).isEqualTo("36");
                assertThat(readAll(temporary)).isEqualTo(range(36, 45));
                try (ChildJvm late = ChildJvm.start(DialogueChild.class, "reader", temporary)) {
                    assertThat(ask(late, "first")).isEqualTo("36");
                    assertThat(ask(late, "read")).isEqualTo("36..45 10");
                    assertThat(late.end()).isZero();
                }
                assertThat(ahead.end()).isZero();
                assertThat(behind.end()).isZero();
            }
            assertThat(writer.end()).isZero();
        }
        try (ChildJvm next = ChildJvm.start(DialogueChild.class, "writer", temporary)) {
            assertThat(ask(next, "append 9 5")).isEqualTo("50");
            assertThat(ask(next, "append 10 5")).isEqualTo("55");
            assertThat(next.end()).isZero();
        }
        assertThat(readAll(temporary)).isEqualTo(range(36, 55));
    }

    private static String ask(ChildJvm child, String line) throws IOException {
        child.say(line);
        return child.line();
    }

    /** It maps what is deleted, reads it to its end, and finds that the next is not there: never in silence. */
    @Test
    void readerThatWasAboutToReadWhatIsDeletedMeetsAGap() {
        write(temporary, 4, 10);
        commit(40);
        try (JournalReader reader = JournalReader.open(temporary)) {
            List<Long> read = new ArrayList<>();
            reader.poll(record -> read.add(record.sequence()), 5);
            trim(Duration.ZERO, MUCH_LATER);
            assertThatExceptionOfType(DamagedJournalException.class).isThrownBy(() -> {
                while (read.size() < 40) {
                    reader.poll(record -> read.add(record.sequence()), 5);
                }
            });
            assertThat(read).isEqualTo(range(1, read.size()));
            reader.seek(reader.firstSequence());
            assertThat(readAll(reader)).isEqualTo(range(31, 40));
        }
    }

    @Test
    void argumentsAreChecked() {
        write(temporary, 1, 1);
        for (Duration wrong : List.of(Duration.ofNanos(-1), JournalTrimmer.MAX_RETENTION.plusNanos(1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> trim(wrong, MUCH_LATER))
                    .withMessageContaining("retention=" + wrong);
        }
        assertThat(trim(JournalTrimmer.MAX_RETENTION, MUCH_LATER).deleted()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JournalTrimmer.trim(temporary.resolve("none"), Duration.ZERO, MUCH_LATER));
    }

    static List<Long> seeds() {
        return range(1, 40);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingGoesThatIsYoungOrNotCommittedAndTheRestStaysWhole(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Long> times = new ArrayList<>();
        long gone = 0;
        for (int round = 0; round < 4; round++) {
            try (Journal journal = Journal.open(temporary)) {
                assertThat(journal.lastSequence()).isEqualTo(times.size());
                for (int i = random.nextInt(30); i > 0; i--) {
                    // Forward for the most part, at times back.
                    long last = times.isEmpty() ? START_MICROS : times.get(times.size() - 1);
                    times.add(last + random.nextLong(-HOUR_MICROS / 2, HOUR_MICROS));
                    append(journal, times.get(times.size() - 1));
                }
            }
            long committed = random.nextLong(gone, times.size() + 1);
            commit(committed);
            Duration retention = Duration.ofMinutes(random.nextInt(300));
            Instant now = START.plus(Duration.ofMinutes(random.nextInt(2_000)));

            trim(retention, now);

            List<Long> left = readAll(temporary);
            long before = gone;
            gone = times.size() - left.size();
            assertThat(left).isEqualTo(range(gone + 1, times.size()));
            assertThat(left.isEmpty()).isEqualTo(times.isEmpty());
            assertThat(gone).isLessThanOrEqualTo(committed);
            long oldest = now.minus(retention).toEpochMilli() * 1_000;
            assertThat(times.subList((int) before, (int) gone)).allMatch(time -> time <= oldest);
        }
    }
}
