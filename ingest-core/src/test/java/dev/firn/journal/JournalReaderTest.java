package dev.firn.journal;

import static dev.firn.journal.Samples.HOUR_MICROS;
import static dev.firn.journal.Samples.START_MICROS;
import static dev.firn.journal.Samples.append;
import static dev.firn.journal.Samples.appendAll;
import static dev.firn.journal.Samples.assertGood;
import static dev.firn.journal.Samples.files;
import static dev.firn.journal.Samples.range;
import static dev.firn.journal.Samples.readAll;
import static dev.firn.journal.Samples.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JournalReaderTest {
    /** As the bytes 00 00 00 80: little-endian, not complete, of unknown length. */
    private static final int NOT_COMPLETE = 0x80;

    @TempDir
    Path temporary;

    @Test
    void directoryWithoutJournalIsRefused() {
        assertThat(JournalReader.isJournal(temporary)).isFalse();
        assertThat(JournalReader.isJournal(temporary.resolve("missing"))).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JournalReader.open(temporary))
                .withMessageContaining("directory must hold a journal");
    }

    @Test
    void emptyJournalFillsUnderTheReader() {
        try (Journal journal = Journal.open(temporary);
                JournalReader reader = JournalReader.open(temporary)) {
            assertThat(JournalReader.isJournal(temporary)).isTrue();
            assertThat(reader.producerId()).isEqualTo(journal.producerId());
            assertThat(reader.firstSequence()).isZero();
            assertThat(reader.lastSequence()).isZero();
            reader.seek(1);
            for (int poll = 0; poll < 5; poll++) {
                assertThat(readAll(reader)).isEmpty();
            }
            append(journal, START_MICROS);
            assertThat(readAll(reader)).containsExactly(1L);
            append(journal, START_MICROS + 3 * HOUR_MICROS);
            append(journal, START_MICROS + 3 * HOUR_MICROS);
            assertThat(reader.firstSequence()).isEqualTo(1);
            assertThat(reader.lastSequence()).isEqualTo(3);
            assertThat(readAll(reader)).containsExactly(2L, 3L);
            assertThat(readAll(reader)).isEmpty();
        }
    }

    @Test
    void limitIsKept() {
        write(temporary, 1, 10);
        try (JournalReader reader = JournalReader.open(temporary)) {
            List<Long> sequences = new ArrayList<>();
            assertThat(reader.poll(record -> sequences.add(record.sequence()), 3))
                    .isEqualTo(3);
            assertThat(reader.poll(record -> sequences.add(record.sequence()), 1))
                    .isEqualTo(1);
            assertThat(reader.poll(record -> sequences.add(record.sequence()), 100))
                    .isEqualTo(6);
            assertThat(reader.poll(record -> sequences.add(record.sequence()), 100))
                    .isZero();
            assertThat(sequences).isEqualTo(range(1, 10));
            assertThatIllegalArgumentException().isThrownBy(() -> reader.poll(record -> {}, 0));
        }
    }

    @Test
    void seekFindsEverySequence() {
        write(temporary, 7, 300);
        int last = 7 * 300;
        try (JournalReader reader = JournalReader.open(temporary)) {
            SplittableRandom random = new SplittableRandom(11);
            for (int i = 0; i < 500; i++) {
                long wanted = i == 0 ? 1 : i == 1 ? last : 1 + random.nextInt(last);
                reader.seek(wanted);
                List<Long> found = new ArrayList<>();
                assertThat(reader.poll(
                                record -> {
                                    assertGood(record);
                                    found.add(record.sequence());
                                },
                                2))
                        .isPositive();
                assertThat(found).startsWith(wanted);
            }
        }
    }

    @Test
    void seekToTheEndWaitsForWhatComes() {
        write(temporary, 2, 5);
        try (JournalReader reader = JournalReader.open(temporary)) {
            reader.seek(11);
            for (int poll = 0; poll < 5; poll++) {
                assertThat(readAll(reader)).isEmpty();
            }
            write(temporary, 1, 1);
            assertThat(readAll(reader)).containsExactly(11L);
            reader.seek(4);
            assertThat(reader.firstSequence()).isEqualTo(1);
            assertThat(readAll(reader)).isEqualTo(range(4, 11));
        }
    }

    @Test
    void seekOutsideIsRefused() throws IOException {
        write(temporary, 3, 5);
        Files.delete(files(temporary).get(0));
        try (JournalReader reader = JournalReader.open(temporary)) {
            assertThat(reader.firstSequence()).isEqualTo(6);
            assertThat(reader.lastSequence()).isEqualTo(15);
            for (long outside : new long[] {Long.MIN_VALUE, -1, 0, 1, 5, 17, Long.MAX_VALUE}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> reader.seek(outside))
                        .withMessageContaining("first=6 last=15");
            }
            assertThat(readAll(reader)).isEqualTo(range(6, 15));
        }
    }

    /** What a writer leaves that is killed while it begins a file. */
    enum Unfinished {
        WITHOUT_SIZE,
        WITHOUT_HEADER,
        WITH_HALF_A_HEADER,
        WITHOUT_INDEX,
        WITH_HALF_AN_INDEX,
        WITHOUT_RECORD,
        WITH_HALF_A_RECORD
    }

    private void make(Unfinished unfinished, Path file) throws IOException {
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            if (unfinished == Unfinished.WITHOUT_SIZE) {
                return;
            }
            made.setLength(Queues.BLOCK_BYTES + Queues.OVERLAP_BYTES);
            if (unfinished == Unfinished.WITHOUT_HEADER) {
                return;
            }
            byte[] begun = begunFile(file.getFileName());
            int header = documentBytes(begun, 0);
            int index = documentBytes(begun, header);
            switch (unfinished) {
                case WITH_HALF_A_HEADER -> {
                    made.write(begun, 0, header / 2);
                    made.seek(0);
                    made.writeInt(NOT_COMPLETE);
                }
                case WITHOUT_INDEX -> made.write(begun, 0, header);
                case WITH_HALF_AN_INDEX -> {
                    made.write(begun, 0, header + index / 2);
                    made.seek(header);
                    made.writeInt(NOT_COMPLETE);
                }
                case WITHOUT_RECORD -> made.write(begun);
                default -> {
                    made.write(begun);
                    made.seek(header + index + documentBytes(begun, header + index));
                    made.writeInt(NOT_COMPLETE);
                    made.write(new byte[] {1, 0, 3, 0});
                }
            }
        }
    }

    /** A file's beginning, with all that precedes records. */
    private byte[] begunFile(Path name) throws IOException {
        Path elsewhere = temporary.resolve("elsewhere");
        try (SingleChronicleQueue queue = Queues.openForWriting(elsewhere, () -> (START_MICROS + HOUR_MICROS) / 1_000);
                DocumentContext document = queue.createAppender().writingDocument()) {
            document.rollbackOnClose();
        }
        try (InputStream begun = Files.newInputStream(elsewhere.resolve(name))) {
            return begun.readNBytes(128 << 10);
        }
    }

    private static int documentBytes(byte[] file, int offset) {
        int header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
        return (Integer.BYTES + Wires.lengthOf(header) + 3) & -4;
    }

    static Stream<Arguments> unfinishedFiles() {
        return Arrays.stream(Unfinished.values())
                .flatMap(unfinished -> Stream.of(1, 2, 3).map(hours -> Arguments.of(unfinished, hours)));
    }

    @ParameterizedTest
    @MethodSource("unfinishedFiles")
    void unfinishedFileIsPassedOver(Unfinished unfinished, int hoursUntilRestart) throws IOException {
        Path next = temporary.resolve("queue").resolve("20231114-23F.cq4");
        try (Journal journal = Journal.open(temporary)) {
            appendAll(journal, 300, START_MICROS);
            // So that the old file is marked as ended, which is done before the new one is made.
            append(journal, START_MICROS + HOUR_MICROS);
        }
        Files.delete(next);
        make(unfinished, next);
        JournalFiles.asAfterAKill(temporary, 300);
        try (JournalReader reader = JournalReader.open(temporary)) {
            assertThat(reader.lastSequence()).isEqualTo(300);
            assertThat(readAll(reader)).isEqualTo(range(1, 300));
            for (int poll = 0; poll < 5; poll++) {
                assertThat(readAll(reader)).isEmpty();
            }
            try (Journal journal = Journal.open(temporary)) {
                assertThat(journal.lastSequence()).isEqualTo(300);
                appendAll(journal, 2, START_MICROS + hoursUntilRestart * HOUR_MICROS);
                appendAll(journal, 2, START_MICROS + 4 * HOUR_MICROS);
            }
            List<Long> read = readAll(reader);
            if (read.isEmpty()) {
                // The old file is still mapped; that nothing comes once is no end.
                read = readAll(reader);
            }
            assertThat(read).isEqualTo(range(301, 304));
            for (long sequence : new long[] {1, 300, 301, 302, 303, 304}) {
                reader.seek(sequence);
                assertThat(readAll(reader)).isEqualTo(range(sequence, 304));
            }
        }
        assertThat(readAll(temporary)).isEqualTo(range(1, 304));
        write(temporary, 1, 1);
        assertThat(readAll(temporary)).isEqualTo(range(1, 305));
    }

    @Test
    void tableOfFilesIsNotNeeded() throws IOException {
        write(temporary, 3, 5);
        Files.delete(temporary.resolve("queue").resolve("metadata.cq4t"));
        assertThat(readAll(temporary)).isEqualTo(range(1, 15));
        write(temporary, 1, 5);
        assertThat(readAll(temporary)).isEqualTo(range(1, 20));
    }

    /** As a power cut leaves it: it is not synced with each record. */
    @Test
    void oldTableOfFilesHidesNoFile() throws IOException {
        write(temporary, 1, 5);
        Path table = temporary.resolve("queue").resolve("metadata.cq4t");
        byte[] old = Files.readAllBytes(table);
        try (Journal journal = Journal.open(temporary)) {
            appendAll(journal, 5, START_MICROS + HOUR_MICROS);
        }
        Files.write(table, old);
        try (JournalReader reader = JournalReader.open(temporary)) {
            assertThat(reader.lastSequence()).isEqualTo(10);
            assertThat(readAll(reader)).isEqualTo(range(1, 10));
        }
    }

    @Test
    void interruptedPollCanBeRepeated() {
        write(temporary, 1, 5);
        try (Journal journal = Journal.open(temporary);
                JournalReader reader = JournalReader.open(temporary)) {
            assertThat(readAll(reader)).isEqualTo(range(1, 5));
            append(journal, START_MICROS);
            Thread.currentThread().interrupt();
            assertThatException().isThrownBy(() -> reader.poll(record -> {}, 1));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(readAll(reader)).containsExactly(6L);
        }
    }

    @Test
    void recordWhoseHandlerFailedComesAgain() {
        write(temporary, 2, 5);
        try (JournalReader reader = JournalReader.open(temporary)) {
            List<Long> handled = new ArrayList<>();
            AtomicBoolean failing = new AtomicBoolean(true);
            RecordHandler handler = record -> {
                if (failing.get() && record.sequence() == 4) {
                    throw new IllegalStateException("not now");
                }
                handled.add(record.sequence());
            };
            assertThatIllegalStateException().isThrownBy(() -> reader.poll(handler, 100));
            assertThatIllegalStateException().isThrownBy(() -> reader.poll(handler, 100));
            failing.set(false);
            assertThat(reader.poll(handler, 100)).isEqualTo(7);
            assertThat(handled).isEqualTo(range(1, 10));
        }
    }

    @Test
    void lanesAreCached() {
        try (Journal journal = Journal.open(temporary)) {
            for (int i = 0; i < 300; i++) {
                byte[] lane = ("LANE_" + i % 100).getBytes(StandardCharsets.US_ASCII);
                journal.append(START_MICROS, lane, lane.length, new byte[] {1}, 1);
            }
        }
        Map<String, String> instances = new HashMap<>();
        try (JournalReader reader = JournalReader.open(temporary)) {
            reader.poll(
                    record -> {
                        String lane = record.lane();
                        assertThat(lane).isEqualTo("LANE_" + (record.sequence() - 1) % 100);
                        if ((record.sequence() - 1) % 100 < 60) {
                            assertThat(lane).isSameAs(instances.computeIfAbsent(lane, same -> same));
                        }
                    },
                    1_000);
        }
    }

    @Test
    void readingChangesNothing() throws IOException {
        write(temporary, 2, 100);
        Map<Path, FileTime> before = modified();
        try (JournalReader reader = JournalReader.open(temporary)) {
            reader.seek(50);
            readAll(reader);
            reader.force();
            reader.force();
        }
        assertThat(modified()).isEqualTo(before);
    }

    private Map<Path, FileTime> modified() throws IOException {
        Map<Path, FileTime> times = new HashMap<>();
        try (var paths = Files.walk(temporary)) {
            for (Path path : paths.toList()) {
                times.put(path, Files.getLastModifiedTime(path));
            }
        }
        return times;
    }

    @Test
    void closedReaderSaysSo() {
        write(temporary, 1, 1);
        JournalReader reader = JournalReader.open(temporary);
        readAll(reader);
        reader.close();
        reader.close();
        assertThatIllegalStateException().isThrownBy(() -> reader.poll(record -> {}, 1));
    }

    /** Also that a healthy end is never taken for damage: readers poll at every moment of appending and rolling. */
    @Test
    @Timeout(60)
    void twoReadersFollowTheWriter() throws Exception {
        int count = 60_000;
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Journal journal = Journal.open(temporary)) {
            Callable<Long> follow = () -> {
                long[] next = {1};
                try (JournalReader reader = JournalReader.open(temporary)) {
                    while (next[0] <= count && !Thread.currentThread().isInterrupted()) {
                        reader.poll(
                                record -> {
                                    assertThat(record.sequence()).isEqualTo(next[0]);
                                    next[0]++;
                                },
                                500);
                    }
                }
                return next[0] - 1;
            };
            Future<Long> one = threads.submit(follow);
            Future<Long> other = threads.submit(follow);
            for (int i = 0; i < count && !one.isDone() && !other.isDone(); i++) {
                append(journal, START_MICROS + i / 2_000 * HOUR_MICROS);
                if (i % 5_000 == 0) {
                    journal.sync();
                }
            }
            assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo(count);
            assertThat(other.get(30, TimeUnit.SECONDS)).isEqualTo(count);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Files grow by blocks of 64 MiB; a reader that stands in front of the new block must see into it. */
    @Test
    @Timeout(60)
    void readerFollowsOverTheEndOfABlock() {
        byte[] canonical = new byte[Journal.MAX_CANONICAL_BYTES];
        try (Journal journal = Journal.open(temporary);
                JournalReader reader = JournalReader.open(temporary)) {
            for (int i = 1; i <= 160; i++) {
                journal.append(START_MICROS, Samples.LANE, 1, canonical, canonical.length);
                assertThat(reader.poll(record -> {}, 10)).as("record %d", i).isEqualTo(1);
            }
        }
    }

    @Test
    void forceCoversEveryFileThatWasRead() {
        try (Journal journal = Journal.open(temporary);
                JournalReader reader = JournalReader.open(temporary)) {
            reader.force();
            appendAll(journal, 2, START_MICROS);
            appendAll(journal, 2, START_MICROS + HOUR_MICROS);
            assertThat(readAll(reader)).hasSize(4);
            reader.force();
            assertThat(journal.durableSequence()).isZero();
        }
    }
}
