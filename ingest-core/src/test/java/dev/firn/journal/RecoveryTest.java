package dev.firn.journal;

import static dev.firn.journal.JournalFiles.PAGE;
import static dev.firn.journal.JournalFiles.asAfterAKill;
import static dev.firn.journal.JournalFiles.documentOf;
import static dev.firn.journal.JournalFiles.flip;
import static dev.firn.journal.JournalFiles.head;
import static dev.firn.journal.JournalFiles.offsetOf;
import static dev.firn.journal.JournalFiles.overwrite;
import static dev.firn.journal.JournalFiles.truncate;
import static dev.firn.journal.Samples.HOUR_MICROS;
import static dev.firn.journal.Samples.START_MICROS;
import static dev.firn.journal.Samples.append;
import static dev.firn.journal.Samples.appendAll;
import static dev.firn.journal.Samples.files;
import static dev.firn.journal.Samples.range;
import static dev.firn.journal.Samples.readAll;
import static dev.firn.journal.Samples.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.openhft.chronicle.wire.Wires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That a damaged journal is repaired when it is opened: all that is whole is delivered, all that is not is named. */
class RecoveryTest {
    private static final int FILES = 3;
    private static final int RECORDS = 1_200;
    private static final int LAST = FILES * RECORDS;
    private static final String ROUNDS_PROPERTY = "dev.firn.recovery.rounds";

    @TempDir
    Path temporary;

    /** Which bytes of which file a record has, with its document's header. */
    private record Location(Path file, long from, long to) {}

    private Map<Long, Location> written(int files, int records) throws IOException {
        write(temporary, files, records);
        Map<Long, Location> locations = new TreeMap<>();
        for (Path file : files(temporary)) {
            byte[] content = head(file);
            for (int document : JournalFiles.documents(content)) {
                ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
                long sequence = buffer.getLong(document + Integer.BYTES + RecordLayout.SEQUENCE_OFFSET);
                int length = Wires.lengthOf(buffer.getInt(document));
                locations.put(sequence, new Location(file, document, document + Integer.BYTES + length));
            }
        }
        return locations;
    }

    /** Opens, and checks what every recovery must do; returns what is missing. */
    private List<Long> recovered(long last) throws IOException {
        List<Long> missing;
        try (Journal journal = Journal.open(temporary)) {
            assertThat(journal.lastSequence()).isEqualTo(last);
            missing = sequences(journal.unreportedDamage());
            List<Long> read = readAll(temporary);
            assertThat(read).isSorted();
            assertThat(merged(read, missing)).isEqualTo(range(1, last));
            assertThat(append(journal, START_MICROS + FILES * HOUR_MICROS)).isEqualTo(last + 1);
            assertThat(readAll(temporary)).hasSize(read.size() + 1).endsWith(last + 1);
        }
        assertThat(Files.exists(temporary.resolve(Suspicion.FILE_NAME))).isFalse();
        assertThat(Files.exists(temporary.resolve(Repair.SCRATCH_DIRECTORY))).isFalse();
        assertThat(Journal.check(temporary).isClean()).isTrue();
        try (Journal journal = Journal.open(temporary, untouched())) {
            assertThat(journal.lastSequence()).isEqualTo(last + 1);
            assertThat(sequences(journal.unreportedDamage())).isEqualTo(missing);
        }
        return missing;
    }

    /** As it goes: a reader meets the damage, whoever runs it says so, and the application is started again. */
    private List<Long> recoveredAfterReading(long last) throws IOException {
        try {
            readAll(temporary);
        } catch (DamagedJournalException e) {
            JournalReader.suspect(temporary, e.getMessage());
        }
        return recovered(last);
    }

    private static List<Long> merged(List<Long> some, List<Long> others) {
        return Stream.concat(some.stream(), others.stream()).sorted().toList();
    }

    private static List<Long> sequences(List<MissingRange> ranges) {
        return ranges.stream()
                .flatMapToLong(range -> LongStream.rangeClosed(range.first(), range.last()))
                .boxed()
                .toList();
    }

    /** For an opening that must repair nothing. */
    private static Surroundings untouched() {
        return new Surroundings() {
            @Override
            void reached(String step) {
                if (!step.startsWith("table ")) {
                    throw new AssertionError("repaired again: " + step);
                }
            }
        };
    }

    /** What becomes of one file of a journal. */
    enum Harm {
        PAGE_OF_ZEROS {
            @Override
            void to(Path file, long from, long to, SplittableRandom random) throws IOException {
                overwrite(file, (from + to) / 2 / PAGE * PAGE, new byte[PAGE]);
            }
        },
        PAGE_OF_GARBAGE {
            @Override
            void to(Path file, long from, long to, SplittableRandom random) throws IOException {
                byte[] garbage = new byte[PAGE];
                random.nextBytes(garbage);
                overwrite(file, (from + to) / 2 / PAGE * PAGE, garbage);
            }
        },
        FLIPPED_BIT {
            @Override
            void to(Path file, long from, long to, SplittableRandom random) throws IOException {
                flip(file, from + random.nextLong(to - from));
            }
        },
        CUT {
            @Override
            void to(Path file, long from, long to, SplittableRandom random) throws IOException {
                truncate(file, from + random.nextLong(to - from));
            }
        },
        CUT_TO_NOTHING {
            @Override
            void to(Path file, long from, long to, SplittableRandom random) throws IOException {
                truncate(file, 0);
            }
        },
        GARBAGE_FOR_A_HEADER {
            @Override
            void to(Path file, long from, long to, SplittableRandom random) throws IOException {
                byte[] garbage = new byte[PAGE];
                random.nextBytes(garbage);
                overwrite(file, 0, garbage);
            }
        },
        NO_BEGINNING {
            @Override
            void to(Path file, long from, long to, SplittableRandom random) throws IOException {
                overwrite(file, 0, new byte[(int) (from + to) / 2]);
            }
        },
        NO_END {
            @Override
            void to(Path file, long from, long to, SplittableRandom random) throws IOException {
                overwrite(file, (from + to) / 2, new byte[JournalFiles.HEAD_BYTES]);
            }
        },
        DELETED {
            @Override
            void to(Path file, long from, long to, SplittableRandom random) throws IOException {
                Files.delete(file);
            }
        };

        /** Records lie between these offsets. */
        abstract void to(Path file, long from, long to, SplittableRandom random) throws IOException;
    }

    private void harm(Harm harm, int number, Map<Long, Location> locations, SplittableRandom random)
            throws IOException {
        long first = (long) number * RECORDS + 1;
        Location begin = locations.get(first);
        harm.to(begin.file(), begin.from(), locations.get(first + RECORDS - 1).to(), random);
    }

    /** The records whose bytes are not what they were, given the files' content before. */
    private static List<Long> touched(Map<Long, Location> locations, Map<Path, byte[]> before) throws IOException {
        List<Long> touched = new ArrayList<>();
        Map<Path, byte[]> now = new TreeMap<>();
        for (Path file : before.keySet()) {
            now.put(file, Files.exists(file) ? Arrays.copyOf(head(file), JournalFiles.HEAD_BYTES) : new byte[0]);
        }
        locations.forEach((sequence, location) -> {
            byte[] old = before.get(location.file());
            byte[] found = now.get(location.file());
            int from = (int) location.from();
            int to = (int) location.to();
            if (found.length == 0 || !Arrays.equals(old, from, to, found, from, to)) {
                touched.add(sequence);
            }
        });
        return touched;
    }

    private Map<Path, byte[]> contents() throws IOException {
        Map<Path, byte[]> contents = new TreeMap<>();
        for (Path file : files(temporary)) {
            contents.put(file, head(file));
        }
        return contents;
    }

    static Stream<Arguments> harmsOfEachFile() {
        return Arrays.stream(Harm.values())
                .flatMap(harm -> IntStream.range(0, FILES).mapToObj(number -> Arguments.of(harm, number)));
    }

    @ParameterizedTest(name = "{0} in file {1}")
    @MethodSource("harmsOfEachFile")
    void allThatIsWholeIsDeliveredAndTheRestNamed(Harm harm, int number) throws IOException {
        Map<Long, Location> locations = written(FILES, RECORDS);
        Map<Path, byte[]> before = contents();
        harm(harm, number, locations, new SplittableRandom(number));
        List<Long> touched = touched(locations, before);

        List<Long> missing = recoveredAfterReading(LAST);

        assertThat(missing).isSubsetOf(touched);
        if (harm == Harm.DELETED || harm == Harm.CUT_TO_NOTHING) {
            assertThat(missing).isEqualTo(range((long) number * RECORDS + 1, (number + 1L) * RECORDS));
        } else if (harm != Harm.GARBAGE_FOR_A_HEADER && harm != Harm.FLIPPED_BIT) {
            assertThat(missing).isNotEmpty();
        }
        if (harm != Harm.DELETED && harm != Harm.CUT_TO_NOTHING) {
            assertThat(temporary.resolve(Repair.DAMAGED_DIRECTORY).resolve(name(number)))
                    .exists();
        }
    }

    private static String name(int number) {
        return CycleFile.nameOf((int) (START_MICROS / HOUR_MICROS) + number);
    }

    static Stream<Arguments> tenCutsOfEachFile() {
        return IntStream.range(0, FILES)
                .boxed()
                .flatMap(number -> IntStream.range(0, 10).mapToObj(tenth -> Arguments.of(number, tenth)));
    }

    @ParameterizedTest(name = "file {0} at {1} tenths")
    @MethodSource("tenCutsOfEachFile")
    void cutFileKeepsWhatLiesInFrontOfTheCut(int number, int tenth) throws IOException {
        Map<Long, Location> locations = written(FILES, RECORDS);
        Map<Path, byte[]> before = contents();
        long first = (long) number * RECORDS + 1;
        Path file = locations.get(first).file();
        truncate(file, locations.get(first + RECORDS - 1).to() * tenth / 10);
        List<Long> touched = touched(locations, before);

        assertThat(recoveredAfterReading(LAST)).isEqualTo(touched).isNotEmpty();
    }

    static Stream<Arguments> pairsOfHarms() {
        return Stream.of(
                Arguments.of(Harm.FLIPPED_BIT, 0, Harm.DELETED, 1),
                Arguments.of(Harm.PAGE_OF_ZEROS, 1, Harm.CUT, 2),
                Arguments.of(Harm.DELETED, 0, Harm.DELETED, 2),
                Arguments.of(Harm.NO_END, 0, Harm.NO_BEGINNING, 1),
                Arguments.of(Harm.GARBAGE_FOR_A_HEADER, 1, Harm.CUT_TO_NOTHING, 2),
                Arguments.of(Harm.PAGE_OF_GARBAGE, 2, Harm.PAGE_OF_ZEROS, 2));
    }

    @ParameterizedTest(name = "{0} in file {1}, {2} in file {3}")
    @MethodSource("pairsOfHarms")
    void twoDamagesAtOnceAreRepairedAtOnce(Harm one, int here, Harm other, int there) throws IOException {
        Map<Long, Location> locations = written(FILES, RECORDS);
        Map<Path, byte[]> before = contents();
        harm(one, here, locations, new SplittableRandom(1));
        harm(other, there, locations, new SplittableRandom(2));
        List<Long> touched = touched(locations, before);

        assertThat(recoveredAfterReading(LAST)).isSubsetOf(touched);
    }

    @Test
    void allFilesAreGone() throws IOException {
        write(temporary, FILES, RECORDS);
        for (Path file : files(temporary)) {
            Files.delete(file);
        }
        assertThat(recovered(LAST)).isEqualTo(range(1, LAST));
    }

    static List<Long> seeds() {
        return range(1, Long.getLong(ROUNDS_PROPERTY, 60));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomDamageTakesOnlyWhatItTouches(long seed) throws IOException {
        int records = 300;
        Map<Long, Location> locations = written(FILES, records);
        Map<Path, byte[]> before = contents();
        SplittableRandom random = new SplittableRandom(seed);
        for (int damages = 1 + random.nextInt(3); damages > 0; damages--) {
            Path file = files(temporary).get(random.nextInt(FILES));
            long length = random.nextBoolean() ? head(file).length / 40 : 100 << 10;
            long at = random.nextLong(length);
            byte[] bytes = new byte[1 + random.nextInt(random.nextBoolean() ? 16 : 3 * PAGE)];
            switch (random.nextInt(5)) {
                case 0 -> flip(file, at);
                case 1 -> overwrite(file, at, bytes);
                case 2 -> overwrite(file, at / PAGE * PAGE, new byte[PAGE]);
                case 3 -> {
                    random.nextBytes(bytes);
                    overwrite(file, at, bytes);
                }
                default -> {
                    // A part of a file, records among it, where it does not belong.
                    byte[] content = before.get(files(temporary).get(random.nextInt(FILES)));
                    int from = random.nextInt((int) length) & -4;
                    overwrite(file, at & -4, Arrays.copyOfRange(content, from, from + bytes.length));
                }
            }
        }
        List<Long> touched = touched(locations, before);
        JournalReader.suspect(temporary, "test");

        assertThat(recovered(3L * records)).isSubsetOf(touched);
    }

    @Test
    void recordThatCannotBeReachedIsSalvaged() throws IOException {
        write(temporary, 1, 100);
        Path file = files(temporary).get(0);
        // Declared metadata, a record is passed over; its bytes are whole.
        overwrite(file, documentOf(file, 40) + 3, new byte[] {0x40});
        JournalReader.suspect(temporary, "test");

        assertThat(recovered(100)).isEmpty();
    }

    @Test
    void damageSaysWhatBecameOfEachRecord() throws IOException {
        write(temporary, FILES, RECORDS);
        flip(files(temporary).get(0), offsetOf(files(temporary).get(0), 40) + 5);
        flip(files(temporary).get(0), documentOf(files(temporary).get(0), 50) + Integer.BYTES + 20);
        overwrite(files(temporary).get(0), documentOf(files(temporary).get(0), 60), new byte[100]);
        Files.delete(files(temporary).get(1));
        Instant now = Instant.parse("2026-11-20T12:00:00Z");
        Surroundings surroundings = new Surroundings() {
            @Override
            Instant now() {
                return now;
            }
        };
        try (Journal journal = Journal.open(temporary, surroundings)) {
            assertThat(journal.unreportedDamage())
                    .containsExactly(
                            new MissingRange(40, 40, Damage.WRONG_HASH, name(0), now),
                            new MissingRange(50, 50, Damage.MALFORMED_RECORD, name(0), now),
                            new MissingRange(60, 60, Damage.MALFORMED_RECORD, name(0), now),
                            new MissingRange(RECORDS + 1, 2 * RECORDS, Damage.GAP, MissingRange.UNKNOWN_FILE, now));
        }
    }

    @Test
    void damageIsReportedOnceAndThatIsDurable() throws IOException {
        write(temporary, 2, 100);
        Files.delete(files(temporary).get(0));
        try (Journal journal = Journal.open(temporary)) {
            assertThat(sequences(journal.unreportedDamage())).isEqualTo(range(1, 100));
        }
        try (Journal journal = Journal.open(temporary)) {
            assertThat(sequences(journal.unreportedDamage())).isEqualTo(range(1, 100));
            journal.damageReported();
            assertThat(journal.unreportedDamage()).isEmpty();
            journal.damageReported();
        }
        flip(files(temporary).get(0), offsetOf(files(temporary).get(0), 150) + 5);
        JournalReader.suspect(temporary, "test");
        try (Journal journal = Journal.open(temporary)) {
            assertThat(sequences(journal.unreportedDamage())).containsExactly(150L);
        }
        try (JournalReader reader = JournalReader.open(temporary)) {
            assertThat(sequences(reader.missing())).hasSize(101).contains(1L, 100L, 150L);
        }
    }

    @Test
    void trimmedFilesAreNotMissing() throws IOException {
        write(temporary, FILES, 100);
        new CommittedPosition(100, "duckdb").write(temporary);
        Files.delete(files(temporary).get(0));
        try (Journal journal = Journal.open(temporary, untouched())) {
            assertThat(journal.lastSequence()).isEqualTo(300);
        }
        assertThat(Journal.check(temporary).isClean()).isTrue();
        assertThat(Journal.repair(temporary).isClean()).isTrue();
    }

    @Test
    void damagedBeginningOfATrimmedJournalIsNamed() throws IOException {
        write(temporary, FILES, 100);
        new CommittedPosition(150, "duckdb").write(temporary);
        Files.delete(files(temporary).get(0));
        try (Journal journal = Journal.open(temporary)) {
            append(journal, START_MICROS + FILES * HOUR_MICROS);
        }
        Path file = files(temporary).get(0);
        flip(file, offsetOf(file, 101) + 5);
        Journal.repair(temporary);
        try (JournalReader reader = JournalReader.open(temporary)) {
            assertThat(sequences(reader.missing())).containsExactly(101L);
            assertThat(readAll(reader)).isEqualTo(range(102, 301));
        }
    }

    /** Else an uploader would take what is lost for trimmed, and stop. */
    @Test
    void lostBeginningIsNamedThoughItWasCommittedAndIsNotTrimmed() throws IOException {
        write(temporary, FILES, 100);
        new CommittedPosition(150, "duckdb").write(temporary);
        truncate(files(temporary).get(0), 0);
        assertThat(recovered(300)).isEqualTo(range(1, 100));
        try (JournalReader reader = JournalReader.open(temporary)) {
            assertThat(reader.firstSequence()).isEqualTo(1);
            reader.seek(1);
            assertThat(readAll(reader)).isEqualTo(range(101, 301));
        }
    }

    @Test
    void fileThatIsBroughtBackIsReadAgain() throws IOException {
        write(temporary, FILES, 100);
        Path file = files(temporary).get(1);
        Path elsewhere = temporary.resolve("elsewhere");
        Files.move(file, elsewhere);
        try (Journal journal = Journal.open(temporary)) {
            assertThat(sequences(journal.unreportedDamage())).isEqualTo(range(101, 200));
        }
        Files.move(elsewhere, file);
        assertThat(Journal.repair(temporary).missing()).isEmpty();
        assertThat(readAll(temporary)).isEqualTo(range(1, 300));
        try (JournalReader reader = JournalReader.open(temporary)) {
            assertThat(reader.missing()).isEmpty();
        }
    }

    @Test
    void sequencesBehindALostEndAreNotGivenAgain() throws IOException {
        write(temporary, 1, 100);
        new CommittedPosition(120, "duckdb").write(temporary);
        Path file = files(temporary).get(0);
        overwrite(file, documentOf(file, 91), new byte[1 << 20]);
        asAfterAKill(temporary, 95);

        assertThat(recovered(120)).isEqualTo(range(91, 120));
    }

    /** The header of a record names its sequence even where its content is gone. */
    @Test
    void sequenceOfABrokenLastRecordIsNotGivenAgain() throws IOException {
        write(temporary, 1, 100);
        Path file = files(temporary).get(0);
        flip(file, offsetOf(file, 100) + 5);
        asAfterAKill(temporary, 90);

        assertThat(recovered(100)).containsExactly(100L);
    }

    @Test
    void killedWriterIsFollowedByOneThatRepairsNothing() throws IOException {
        write(temporary, 2, RECORDS);
        asAfterAKill(temporary, 2L * RECORDS - 50);
        try (Journal journal = Journal.open(temporary, untouched())) {
            assertThat(append(journal, START_MICROS + HOUR_MICROS)).isEqualTo(2 * RECORDS + 1);
        }
        assertThat(files(temporary)).hasSize(2);
        assertThat(Files.exists(temporary.resolve(Repair.DAMAGED_DIRECTORY))).isFalse();
    }

    /** What was copied, but not published, is nobody's record; a longer one than the next lies behind the end. */
    @Test
    void recordThatAKilledWriterDidNotFinishIsWrittenOver() throws IOException {
        write(temporary, 1, 100);
        Path file = files(temporary).get(0);
        byte[] content = head(file);
        int end = JournalFiles.endOf(content);
        int from = (int) documentOf(file, 90);
        byte[] unfinished = Arrays.copyOfRange(content, from, end);
        unfinished[3] |= (byte) 0x80;
        overwrite(file, end, Arrays.copyOf(unfinished, (int) (documentOf(file, 91) - from)));
        asAfterAKill(temporary, 90);

        assertThat(recovered(100)).isEmpty();
        assertThat(Files.exists(temporary.resolve(Repair.DAMAGED_DIRECTORY))).isFalse();
    }

    /** What a writer leaves that is killed between two of a batch's writes, or within one: a page of it, all but a page, all. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 700, PAGE, 3 * PAGE, Integer.MAX_VALUE})
    void batchThatAKilledWriterDidNotPublishIsRemoved(int bytesWritten) throws IOException {
        Path other = temporary.resolve("other");
        write(other, 1, 200);
        Path otherFile = files(other).get(0);
        byte[] content = head(otherFile);
        int from = (int) documentOf(otherFile, 101);
        int to = JournalFiles.endOf(content);
        write(temporary, 1, 100);
        Path file = files(temporary).get(0);
        int end = JournalFiles.endOf(head(file));
        assertThat(end).isEqualTo(from);
        byte[] batch = Arrays.copyOfRange(content, from, from + Math.min(bytesWritten, to - from));
        overwrite(file, end, batch);
        overwrite(file, end + 3, new byte[] {(byte) 0x80});
        asAfterAKill(temporary, 100);

        assertThat(Journal.check(temporary).isClean()).isTrue();
        assertThat(recovered(100)).isEmpty();
        assertThat(Files.exists(temporary.resolve(Repair.DAMAGED_DIRECTORY))).isFalse();
        byte[] after = head(file);
        int endMark = JournalFiles.endOf(after) + 2 * Integer.BYTES;
        assertThat(IntStream.range(endMark, after.length).filter(at -> after[at] != 0))
                .as("what is not zero behind the end")
                .isEmpty();
    }

    /** One bit in the byte that makes a batch visible; the records behind it are whole, and were durable. */
    @Test
    void publishedBatchWhoseHeaderSaysThatItIsNotIsSalvaged() throws IOException {
        write(temporary, 1, 200);
        Path file = files(temporary).get(0);
        overwrite(file, documentOf(file, 151) + 3, new byte[] {(byte) 0x80});
        asAfterAKill(temporary, 200);

        assertThat(recovered(200)).isEmpty();
        assertThat(Files.exists(temporary.resolve(Repair.DAMAGED_DIRECTORY))).isTrue();
    }

    /** The same in a file so long that no batch could reach to its end; nothing tells that it was published but that. */
    @Test
    void moreThanABatchBehindAHeaderThatSaysItIsNotPublishedIsSalvaged() throws IOException {
        write(temporary, 1, 3_000);
        Path file = files(temporary).get(0);
        overwrite(file, documentOf(file, 101) + 3, new byte[] {(byte) 0x80});
        asAfterAKill(temporary, 100);
        JournalReader.suspect(temporary, "asked for");

        assertThat(recovered(3_000)).isEmpty();
    }

    @Test
    void endedFileTakesNoMoreRecords() throws IOException {
        write(temporary, 2, 100);
        Files.delete(files(temporary).get(1));
        asAfterAKill(temporary, 100);
        try (Journal journal = Journal.open(temporary, untouched())) {
            assertThat(append(journal, START_MICROS)).isEqualTo(101);
        }
        assertThat(readAll(temporary)).isEqualTo(range(1, 101));
    }

    @Test
    void tableOfFilesIsMadeAnew() throws IOException {
        for (int how = 0; how < 4; how++) {
            write(temporary, 1, 100);
            Path table = temporary.resolve("queue").resolve(Queues.TABLE);
            byte[] garbage = new byte[PAGE];
            new SplittableRandom(how).nextBytes(garbage);
            switch (how) {
                case 0 -> Files.delete(table);
                case 1 -> overwrite(table, 0, garbage);
                case 2 -> overwrite(table, 0, new byte[(int) Files.size(table)]);
                default -> truncate(table, 100);
            }
            try (Journal journal = Journal.open(temporary)) {
                assertThat(journal.lastSequence()).isEqualTo(100 * (how + 1));
                assertThat(journal.unreportedDamage()).isEmpty();
            }
            assertThat(readAll(temporary)).isEqualTo(range(1, 100L * (how + 1)));
        }
    }

    @Test
    void withoutADurablePointEverythingIsVerified() throws IOException {
        write(temporary, 1, 100);
        Path file = files(temporary).get(0);
        flip(file, offsetOf(file, 40) + 5);
        for (int how = 0; how < 2; how++) {
            Path durable = temporary.resolve(JournalState.FILE_NAME);
            if (how == 0) {
                Files.delete(durable);
            } else {
                flip(durable, 20);
            }
            try (Journal journal = Journal.open(temporary)) {
                assertThat(sequences(journal.unreportedDamage())).containsExactly(40L);
            }
        }
    }

    @Test
    void damageBehindTheDurablePointIsFoundAndInFrontOfItWhenSuspected() throws IOException {
        write(temporary, 1, 100);
        Path file = files(temporary).get(0);
        flip(file, offsetOf(file, 40) + 5);
        asAfterAKill(temporary, 50);
        try (Journal journal = Journal.open(temporary, untouched())) {
            assertThat(journal.lastSequence()).isEqualTo(100);
        }
        asAfterAKill(temporary, 39);
        try (Journal journal = Journal.open(temporary)) {
            assertThat(sequences(journal.unreportedDamage())).containsExactly(40L);
        }
        flip(file, offsetOf(file, 30) + 5);
        DamagedJournalException e = catchThrowableOfType(DamagedJournalException.class, () -> readAll(temporary));
        JournalReader.suspect(temporary, e.getMessage());
        try (Journal journal = Journal.open(temporary)) {
            assertThat(sequences(journal.unreportedDamage())).containsExactly(30L, 40L);
        }
    }

    @Test
    void listOfMissingSequencesIsFoundAgain() throws IOException {
        write(temporary, FILES, 100);
        Files.delete(files(temporary).get(1));
        assertThat(sequences(Journal.repair(temporary).missing())).isEqualTo(range(101, 200));
        Path list = temporary.resolve(MissingRanges.FILE_NAME);
        flip(list, 20);
        assertThat(Journal.check(temporary).setAside()).containsExactly(MissingRanges.FILE_NAME);
        try (Journal journal = Journal.open(temporary)) {
            assertThat(sequences(journal.unreportedDamage())).isEqualTo(range(101, 200));
        }
        Files.delete(list);
        try (Journal journal = Journal.open(temporary)) {
            assertThat(sequences(journal.unreportedDamage())).isEqualTo(range(101, 200));
        }
    }

    @Test
    void repairReportsWhatItDid() throws IOException {
        Map<Long, Location> locations = written(FILES, 100);
        Path file = files(temporary).get(1);
        flip(file, offsetOf(file, 140) + 5);
        assertThat(locations).hasSize(300);

        RepairReport expected = Journal.check(temporary);
        assertThat(expected.isClean()).isFalse();
        assertThat(Files.exists(temporary.resolve(Repair.DAMAGED_DIRECTORY))).isFalse();
        RepairReport report = Journal.repair(temporary);

        assertThat(report.files()).isEqualTo(3);
        assertThat(report.records()).isEqualTo(299);
        assertThat(report.salvaged()).isEqualTo(99);
        assertThat(sequences(report.missing())).containsExactly(140L);
        assertThat(report.setAside()).containsExactly(name(1));
        assertThat(expected)
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(".*foundAt")
                .isEqualTo(report);
        assertThat(Journal.repair(temporary).isClean()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> Journal.repair(temporary.resolve("missing")));
        assertThatIllegalArgumentException().isThrownBy(() -> Journal.check(temporary.resolve("missing")));
    }

    @Test
    void checkLooksAtAJournalThatIsWritten() {
        try (Journal journal = Journal.open(temporary)) {
            appendAll(journal, 1_000, START_MICROS);
            journal.sync();
            assertThat(Journal.check(temporary).isClean()).isTrue();
            appendAll(journal, 1_000, START_MICROS + HOUR_MICROS);
            assertThat(Journal.check(temporary)).isEqualTo(new RepairReport(2, 2_000, 0, List.of(), List.of()));
        }
        assertThatExceptionOfType(JournalLockedException.class).isThrownBy(() -> {
            try (Journal journal = Journal.open(temporary)) {
                Journal.repair(journal.directory());
            }
        });
    }

    @Test
    @Timeout(60)
    void checkTakesNoAppendForDamage() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Journal journal = Journal.open(temporary)) {
            append(journal, START_MICROS);
            Future<?> writer = thread.submit(() -> {
                for (int i = 0; i < 40_000; i++) {
                    append(journal, START_MICROS + i / 10_000 * HOUR_MICROS);
                }
            });
            do {
                assertThat(Journal.check(temporary)).matches(RepairReport::isClean);
            } while (!writer.isDone());
            writer.get();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void withoutRoomNothingIsChanged() throws IOException {
        write(temporary, 1, 100);
        Path file = files(temporary).get(0);
        flip(file, offsetOf(file, 40) + 5);
        byte[] before = head(file);
        JournalReader.suspect(temporary, "test");
        Surroundings full = new Surroundings() {
            @Override
            long usableBytes(Path directory) {
                return 1 << 20;
            }
        };
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Journal.open(temporary, full))
                .withMessageContaining("make room on the disk");
        assertThat(head(file)).isEqualTo(before);
        assertThat(Files.exists(temporary.resolve(MissingRanges.FILE_NAME))).isFalse();
        assertThat(recovered(100)).containsExactly(40L);
    }

    /** A full disk is no reason to keep a journal shut that needs nothing. */
    @Test
    void withoutDamageNoRoomIsNeeded() {
        write(temporary, 2, 100);
        JournalReader.suspect(temporary, "test");
        Surroundings full = new Surroundings() {
            @Override
            long usableBytes(Path directory) {
                return 0;
            }
        };
        try (Journal journal = Journal.open(temporary, full)) {
            assertThat(journal.lastSequence()).isEqualTo(200);
        }
    }

    /** To make a file private and to sync it is one step, of which only this can be seen. */
    @Test
    void everyFileIsSyncedBeforeARepairNotesThatAllIsDurable() throws IOException {
        write(temporary, 4, 10);
        for (Path file : files(temporary)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
        assertThat(Journal.repair(temporary).isClean()).isTrue();
        assertThat(files(temporary))
                .hasSize(4)
                .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------"));
    }

    /** Ends a repair behind one of its steps, as a kill would. */
    private static final class EndsBehind extends Surroundings {
        private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
        private int steps;

        EndsBehind(int steps) {
            this.steps = steps;
        }

        @Override
        Instant now() {
            return NOW;
        }

        @Override
        void reached(String step) throws IOException {
            if (--steps == 0) {
                throw new IOException("killed behind: " + step);
            }
        }
    }

    private void makeDamaged() throws IOException {
        write(temporary, FILES, 100);
        List<Path> files = files(temporary);
        flip(files.get(0), offsetOf(files.get(0), 40) + 5);
        Files.delete(files.get(1));
        overwrite(files.get(2), documentOf(files.get(2), 250), new byte[1 << 20]);
    }

    /** All that a repair leaves, but for what each run of a journal changes. */
    private Map<String, Object> state() throws IOException {
        Map<String, Object> state = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(temporary)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                String name = temporary.relativize(path).toString();
                state.put(name, path.endsWith(MissingRanges.FILE_NAME) ? Files.readString(path) : "");
            }
        }
        state.put("read", readAll(temporary));
        return state;
    }

    @Test
    void repairThatIsKilledAndBegunAgainEndsTheSame() throws IOException {
        makeDamaged();
        Journal.open(temporary, new EndsBehind(Integer.MAX_VALUE)).close();
        Map<String, Object> expected = state();
        int steps = 0;
        for (boolean killed = true; killed; ) {
            steps++;
            try (Stream<Path> paths = Files.walk(temporary)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    if (!path.equals(temporary)) {
                        Files.delete(path);
                    }
                }
            }
            makeDamaged();
            try {
                Journal.open(temporary, new EndsBehind(steps)).close();
                killed = false;
            } catch (UncheckedIOException e) {
                assertThat(e).hasRootCauseMessage(e.getCause().getMessage()).hasStackTraceContaining("killed behind");
                // And once more at the first step of the next, and then to the end.
                try {
                    Journal.open(temporary, new EndsBehind(1)).close();
                } catch (UncheckedIOException again) {
                    assertThat(again).hasStackTraceContaining("killed behind");
                    Journal.open(temporary, new EndsBehind(Integer.MAX_VALUE)).close();
                }
            }
            assertThat(state()).as("killed behind step %d", steps).isEqualTo(expected);
        }
        assertThat(steps).isGreaterThan(9);
    }

    @Test
    void readerPassesOverWhatIsMissing() throws IOException {
        makeDamaged();
        Journal.repair(temporary);
        try (JournalReader reader = JournalReader.open(temporary)) {
            List<Long> there = Stream.of(range(1, 39), range(41, 100), range(201, 249))
                    .flatMap(List::stream)
                    .toList();
            assertThat(readAll(reader)).isEqualTo(there);
            assertThat(reader.lastSequence()).isEqualTo(249);
            assertThat(reader.lastKnownSequence()).isEqualTo(300);
            for (long wanted = 1; wanted <= 301; wanted++) {
                long sequence = wanted;
                reader.seek(wanted);
                assertThat(readAll(reader))
                        .isEqualTo(there.stream().filter(s -> s >= sequence).toList());
            }
            assertThatIllegalArgumentException().isThrownBy(() -> reader.seek(302));
            reader.seek(260);
            try (Journal journal = Journal.open(temporary)) {
                assertThat(append(journal, START_MICROS)).isEqualTo(301);
            }
            assertThat(readAll(reader)).containsExactly(301L);
            reader.seek(120);
            assertThat(readAll(reader)).startsWith(201L).endsWith(301L);
        }
    }

    /** One that met the damage, one that stands behind it, one that waits at the end. */
    @Test
    void openReadersGoOnBehindARepair() throws IOException {
        write(temporary, FILES, 100);
        Path file = files(temporary).get(1);
        try (JournalReader met = JournalReader.open(temporary);
                JournalReader behind = JournalReader.open(temporary);
                JournalReader waiting = JournalReader.open(temporary)) {
            behind.seek(160);
            behind.poll(record -> {}, 1);
            assertThat(readAll(waiting)).hasSize(300);
            flip(file, offsetOf(file, 140) + 5);
            met.seek(130);
            assertThatExceptionOfType(DamagedJournalException.class).isThrownBy(() -> readAll(met));
            assertThatExceptionOfType(DamagedJournalException.class).isThrownBy(() -> readAll(met));

            JournalReader.suspect(temporary, "test");
            try (Journal journal = Journal.open(temporary)) {
                append(journal, START_MICROS + 2 * HOUR_MICROS);
                append(journal, START_MICROS + 4 * HOUR_MICROS);

                assertThat(readAll(met)).isEqualTo(range(141, 302));
                assertThat(readAll(behind)).isEqualTo(range(161, 302));
                assertThat(readAll(waiting)).containsExactly(301L, 302L);
                append(journal, START_MICROS + 4 * HOUR_MICROS);
                assertThat(met.lastSequence()).isEqualTo(303);
                waiting.force();
            }
        }
    }

    @Test
    void suspicionIsNotedOnceAndHoldsNoControlCharacters() throws IOException {
        write(temporary, 1, 1);
        JournalReader.suspect(temporary, "first\nreason");
        JournalReader.suspect(temporary, "second");
        assertThat(Suspicion.read(temporary)).contains("first?reason");
    }
}
