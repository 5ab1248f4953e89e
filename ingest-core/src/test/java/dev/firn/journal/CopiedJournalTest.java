package dev.firn.journal;

import static dev.firn.journal.Samples.START_MICROS;
import static dev.firn.journal.Samples.append;
import static dev.firn.journal.Samples.range;
import static dev.firn.journal.Samples.readAll;
import static dev.firn.journal.Samples.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who a journal is when its directory was copied, moved, mounted elsewhere, or made by an earlier version. */
@Timeout(120)
class CopiedJournalTest {
    @TempDir
    Path temporary;

    private Path original;
    private Path copy;

    @BeforeEach
    void makeJournalAndCopy() throws IOException {
        original = temporary.resolve("original");
        copy = temporary.resolve("copy");
        write(original, 2, 10);
        new CommittedPosition(15, "duckdb").write(original);
        copyTo(original, copy);
    }

    private static void copyTo(Path from, Path to) throws IOException {
        for (Path file : walk(from)) {
            Path target = to.resolve(from.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectory(target);
            } else {
                copyFile(file, target);
            }
        }
    }

    /** Only what may have been written to: behind that the files are as good as endless. */
    private static void copyFile(Path from, Path to) throws IOException {
        try (RandomAccessFile source = new RandomAccessFile(from.toFile(), "r");
                RandomAccessFile target = new RandomAccessFile(to.toFile(), "rw")) {
            byte[] head = new byte[(int) Math.min(source.length(), 2 << 20)];
            source.readFully(head);
            target.write(head);
            target.setLength(source.length());
        }
    }

    private static List<Path> walk(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.sorted().toList();
        }
    }

    private static ProducerId producerOf(Path directory) {
        return ProducerId.read(directory).orElseThrow();
    }

    private static List<String> producerLines(Path directory) throws IOException {
        return Files.readAllLines(directory.resolve("producer"));
    }

    private static void assertRefused(Path directory) {
        assertThatExceptionOfType(CopiedJournalException.class).isThrownBy(() -> Journal.open(directory));
    }

    private static long inode(Path file) throws IOException {
        return (long) Files.getAttribute(file, "unix:ino");
    }

    @Test
    void copyIsRefusedWithWhatWasFoundAndWhatToDo() throws IOException {
        ProducerId producer = producerOf(original);
        long recorded = inode(original.resolve("producer"));
        long found = inode(copy.resolve("producer"));

        assertThatExceptionOfType(CopiedJournalException.class)
                .isThrownBy(() -> Journal.open(copy))
                .withMessageContaining("directory=" + copy + " producer=" + producer)
                .withMessageContaining("recorded: inode=" + recorded + " host=" + Host.id())
                .withMessageContaining("found: inode=" + found + " host=" + Host.id())
                .withMessageContaining("as MOVED if the original is gone")
                .withMessageContaining("or else as NEW_PRODUCER")
                .satisfies(e -> assertThat(e.producerId()).isEqualTo(producer));
    }

    @Test
    void refusalChangesNothing() throws IOException {
        // A file that the writer would clear away.
        Files.createFile(copy.resolve("queue").resolve("20991231-23F.cq4"));
        List<Path> before = walk(copy);
        byte[] producer = Files.readAllBytes(copy.resolve("producer"));

        assertRefused(copy);
        assertRefused(copy);

        assertThat(walk(copy)).isEqualTo(before);
        assertThat(copy.resolve("producer")).hasBinaryContent(producer);
    }

    @Test
    void copyCanBeRead() {
        assertThat(readAll(copy)).isEqualTo(range(1, 20));
    }

    @Test
    void originalIsNotDisturbedByACopy() {
        assertRefused(copy);
        write(original, 1, 1);
        assertThat(readAll(original)).isEqualTo(range(1, 21));
    }

    @Test
    void renamedDirectoryIsNoCopy() throws IOException {
        Path renamed = Files.move(original, temporary.resolve("renamed"));
        write(renamed, 1, 1);
        assertThat(readAll(renamed)).isEqualTo(range(1, 21));
    }

    @Test
    void placeIsThatOfTheFileThatTellsIt() throws IOException {
        assertThat(producerLines(original))
                .containsExactly(
                        producerOf(original).toString(),
                        "host=" + Host.id(),
                        "inode=" + inode(original.resolve("producer")));
    }

    @Test
    void journalOfTheFirstVersionGetsItsPlaceWhenItIsOpened() throws IOException {
        ProducerId producer = producerOf(copy);
        Files.writeString(copy.resolve("producer"), producer + "\n");

        write(copy, 1, 1);

        assertThat(producerLines(copy))
                .containsExactly(producer.toString(), "host=" + Host.id(), "inode=" + inode(copy.resolve("producer")));
        assertThat(readAll(copy)).isEqualTo(range(1, 21));
        Path copyOfIt = temporary.resolve("copy-of-it");
        copyTo(copy, copyOfIt);
        assertRefused(copyOfIt);
    }

    /** A container that is started anew has another host name each time, and its volume. */
    @Test
    void sameVolumeOnAnotherHostGoesOnAndIsToldOnce() throws Exception {
        Path file = original.resolve("producer");
        ProducerId producer = producerOf(original);
        overwrite(file, producer + "\nhost=pod-1\ninode=" + inode(file) + "\n");

        for (int start = 1; start <= 2; start++) {
            try (ChildJvm child = ChildJvm.start(JournalChild.class, original)) {
                assertThat(child.line()).isEqualTo("open " + (20 + start) + " " + (20 + start));
                assertThat(child.end()).isZero();
                if (start == 1) {
                    assertThat(child.errors())
                            .containsOnlyOnce("WARN")
                            .contains("another host")
                            .contains("host=pod-1")
                            .contains("host=" + Host.id());
                } else {
                    assertThat(child.errors()).isEmpty();
                }
            }
            assertThat(producerLines(original))
                    .containsExactly(producer.toString(), "host=" + Host.id(), "inode=" + inode(file));
        }
    }

    /** Without a new inode. */
    private static void overwrite(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    @Test
    void fileSystemWithoutLastingInodesIsNotChecked() throws IOException {
        Path file = copy.resolve("producer");
        overwrite(file, producerOf(copy) + "\nhost=" + Host.id() + "\ninode=none\n");
        write(copy, 1, 1);
        assertThat(readAll(copy)).isEqualTo(range(1, 21));
    }

    @ParameterizedTest
    @CsvSource({
        "7, 7, true",
        "7, 8, false",
        "none, 8, true",
        "7, none, true",
        "none, none, true",
        "copy, 7, false",
        "copy, none, false"
    })
    void placesAreTheSameByTheirInodes(String recorded, String found, boolean same) {
        assertThat(new JournalPlace("a", recorded).mayBe(new JournalPlace("a", found)))
                .isEqualTo(same);
        assertThat(new JournalPlace("a", recorded).mayBe(new JournalPlace("b", found)))
                .isEqualTo(same);
    }

    @Test
    void creationThatWasInterruptedIsDoneAgain() throws IOException {
        Path directory = Files.createDirectory(temporary.resolve("new"));
        Files.writeString(directory.resolve(".producer.tmp"), "half an id, and more than one line\n\n".repeat(20));
        write(directory, 1, 1);
        assertThat(readAll(directory)).containsExactly(1L);
        assertThat(producerLines(directory)).hasSize(3);
        assertThat(directory.resolve(".producer.tmp")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "not a uuid\n",
                "00000000-0000-0000-0000-00000000000\n",
                "00000000-0000-0000-0000-000000000001\nhost=a\n",
                "00000000-0000-0000-0000-000000000001\nhost=a\ninode=\n",
                "00000000-0000-0000-0000-000000000001\nhost=a\ninode=x\n",
                "00000000-0000-0000-0000-000000000001\nhost=a\ninode=7",
                "00000000-0000-0000-0000-000000000001\nhost=a b\ninode=7\n",
                "00000000-0000-0000-0000-000000000001\nhost=a\ninode=7\nmore\n"
            })
    void whatIsNoProducerIsDamage(String content) throws IOException {
        overwrite(original.resolve("producer"), content);
        assertThatExceptionOfType(DamagedJournalException.class)
                .isThrownBy(() -> Journal.open(original))
                .satisfies(e -> assertThat(e.damage()).isEqualTo(Damage.WRONG_FILE));
        assertThat(original.resolve("producer")).hasContent(content);
    }

    @Test
    void movedJournalGoesOnAsTheSameProducer() throws IOException {
        ProducerId producer = producerOf(original);

        assertThat(Journal.adopt(copy, Adoption.MOVED)).isEqualTo(producer);

        write(copy, 1, 1);
        assertThat(producerOf(copy)).isEqualTo(producer);
        assertThat(readAll(copy)).isEqualTo(range(1, 21));
        assertThat(CommittedPosition.read(copy)).contains(new CommittedPosition(15, "duckdb"));
        Path next = temporary.resolve("next");
        copyTo(copy, next);
        assertRefused(next);
    }

    @Test
    void newProducerBeginsWithSequence1AndTheOriginalsRecordsAreAside() throws IOException {
        ProducerId producer = producerOf(original);
        Files.writeString(copy.resolve("of-a-later-version"), "x");

        ProducerId created = Journal.adopt(copy, Adoption.NEW_PRODUCER);

        assertThat(created).isNotEqualTo(producer);
        assertThat(producerOf(copy)).isEqualTo(created);
        assertThat(readAll(copy)).isEmpty();
        try (Journal journal = Journal.open(copy)) {
            assertThat(journal.producerId()).isEqualTo(created);
            assertThat(append(journal, START_MICROS)).isEqualTo(1);
        }
        assertThat(CommittedPosition.read(copy)).isEmpty();

        Path aside = copy.resolve("copied-" + producer);
        assertThat(producerOf(aside)).isEqualTo(producer);
        assertThat(readAll(aside)).isEqualTo(range(1, 20));
        assertThat(CommittedPosition.read(aside)).contains(new CommittedPosition(15, "duckdb"));
        assertThat(aside.resolve("of-a-later-version")).exists();
        assertRefused(aside);
    }

    /** What of the original is still mapped comes first. */
    private static void pollALot(JournalReader reader) {
        for (int i = 0; i < 10; i++) {
            reader.poll(record -> {}, 100);
        }
    }

    @Test
    void openReaderOfTheOriginalTakesNothingOfTheNewProducer() {
        try (JournalReader reader = JournalReader.open(copy);
                JournalReader late = JournalReader.open(copy)) {
            assertThat(reader.poll(record -> {}, 5)).isEqualTo(5);
            Journal.adopt(copy, Adoption.NEW_PRODUCER);
            write(copy, 1, 30);

            List<Runnable> attempts = List.of(
                    reader::force,
                    reader::lastSequence,
                    () -> reader.seek(1),
                    () -> pollALot(reader),
                    () -> pollALot(late));
            assertThat(attempts)
                    .allSatisfy(attempt -> assertThatExceptionOfType(DamagedJournalException.class)
                            .isThrownBy(attempt::run)
                            .satisfies(e -> assertThat(e.damage()).isEqualTo(DamagedJournalException.Damage.WRONG_FILE))
                            .withMessageContaining("another producer's journal now"));
        }
        assertThat(readAll(copy)).isEqualTo(range(1, 30));
    }

    @Test
    void copyIsKnownForOneWithoutBeingOpenedForWriting() throws IOException {
        List<Path> before = walk(copy);
        assertThat(Journal.isCopy(copy)).isTrue();
        assertThat(Journal.isCopy(original)).isFalse();
        assertThat(walk(copy)).isEqualTo(before);
        try (Journal journal = Journal.open(original)) {
            assertThat(Journal.isCopy(original)).as("while it is written").isFalse();
            assertThat(append(journal, START_MICROS)).isEqualTo(21);
        }
        Journal.adopt(copy, Adoption.MOVED);
        assertThat(Journal.isCopy(copy)).isFalse();
    }

    @Test
    void originalGoesOnBesideItsNewProducer() {
        Journal.adopt(copy, Adoption.NEW_PRODUCER);
        write(copy, 1, 3);
        write(original, 1, 3);
        assertThat(readAll(original)).isEqualTo(range(1, 23));
        assertThat(readAll(copy)).isEqualTo(range(1, 3));
    }

    @Test
    void whatWasAsideByMistakeCanBeTakenBack() {
        ProducerId producer = producerOf(copy);
        Journal.adopt(copy, Adoption.NEW_PRODUCER);
        Path aside = copy.resolve("copied-" + producer);

        assertThat(Journal.adopt(aside, Adoption.MOVED)).isEqualTo(producer);

        write(aside, 1, 1);
        assertThat(readAll(aside)).isEqualTo(range(1, 21));
    }

    /** A clone of the whole volume cannot be told from the volume; whoever knows better must be able to say so. */
    @Test
    void journalThatDoesNotLookCopiedCanBecomeANewProducer() {
        ProducerId producer = producerOf(original);
        assertThat(Journal.adopt(original, Adoption.NEW_PRODUCER)).isNotEqualTo(producer);
        write(original, 1, 1);
        assertThat(readAll(original)).containsExactly(1L);
        assertThat(readAll(original.resolve("copied-" + producer))).isEqualTo(range(1, 20));
    }

    @Test
    void recordsThatWereMovedAsideBeforeAreNotMixedWithOthers() throws IOException {
        ProducerId producer = producerOf(copy);
        Path aside = Files.createDirectory(copy.resolve("copied-" + producer));
        assertThatIllegalStateException()
                .isThrownBy(() -> Journal.adopt(copy, Adoption.NEW_PRODUCER))
                .withMessageContaining("aside=" + aside);
        assertRefused(copy);
        assertThat(readAll(copy)).isEqualTo(range(1, 20));
    }

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Adopts, and ends after so many steps as a crash would. */
    private static void crashAfter(int steps, Path directory) throws IOException {
        List<Integer> done = new ArrayList<>();
        CopiedJournal.adopt(directory, Adoption.NEW_PRODUCER, () -> {
            done.add(1);
            if (done.size() == steps) {
                throw new Crash();
            }
        });
    }

    @ParameterizedTest(name = "looks copied: {0}")
    @ValueSource(booleans = {true, false})
    void adoptionThatWasInterruptedIsRefusedAsACopyAndGoesOnWhenRepeated(boolean looksCopied) throws IOException {
        int crashes = 0;
        boolean crashed = true;
        while (crashed) {
            Path directory = temporary.resolve("journal-" + crashes);
            copyTo(original, directory);
            if (!looksCopied) {
                ProducerFile.write(directory, producerOf(original));
            }
            crashed = false;
            try {
                crashAfter(crashes + 1, directory);
            } catch (Crash e) {
                crashed = true;
                crashes++;
                assertRefused(directory);
                assertThat(producerOf(directory)).isEqualTo(producerOf(original));
                Journal.adopt(directory, Adoption.NEW_PRODUCER);
            }
            assertThat(producerOf(directory)).isNotEqualTo(producerOf(original));
            write(directory, 1, 2);
            assertThat(readAll(directory)).containsExactly(1L, 2L);
            Path aside = directory.resolve("copied-" + producerOf(original));
            assertThat(readAll(aside)).isEqualTo(range(1, 20));
            assertThat(CommittedPosition.read(aside)).isPresent();
            assertThat(CommittedPosition.read(directory)).isEmpty();
        }
        assertThat(crashes).isGreaterThanOrEqualTo(6);
    }

    @Test
    void journalWhoseRecordsAreOnTheirWayAsideIsNotMoved() throws IOException {
        assertThatExceptionOfType(Crash.class).isThrownBy(() -> crashAfter(4, copy));
        assertThatIllegalStateException()
                .isThrownBy(() -> Journal.adopt(copy, Adoption.MOVED))
                .withMessageContaining("Adopt it as NEW_PRODUCER");
        assertRefused(copy);
    }

    @Test
    void journalThatIsBeingWrittenIsNotAdopted() {
        try (Journal journal = Journal.open(original)) {
            for (Adoption adoption : Adoption.values()) {
                assertThatExceptionOfType(JournalLockedException.class)
                        .isThrownBy(() -> Journal.adopt(original, adoption));
            }
            assertThat(append(journal, START_MICROS)).isEqualTo(21);
        }
    }

    @Test
    void directoryWithoutJournalIsNotAdopted() throws IOException {
        Path empty = Files.createDirectory(temporary.resolve("empty"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Journal.adopt(empty, Adoption.MOVED))
                .withMessageContaining("directory=" + empty);
        assertThat(empty).isEmptyDirectory();
    }
}
