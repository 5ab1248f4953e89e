package dev.firn.journal;

import static dev.firn.journal.Samples.HOUR_MICROS;
import static dev.firn.journal.Samples.LANE;
import static dev.firn.journal.Samples.START_MICROS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Power cuts, simulated: of each page of each file either what was synced last or what was written since is left, at random, and the same for
 * the files' names and sizes. Files that the journal replaces atomically are taken to be as it wrote them.
 *
 * <p>{@code -Ddev.firn.powercut.seeds=N} sets how many histories are tried.
 */
class PowerCutTest {
    private static final String SEEDS_PROPERTY = "dev.firn.powercut.seeds";
    private static final int PAGE = JournalFiles.PAGE;
    private static final int CUTS = 3;
    /** All that these tests write into a file lies in front of this. */
    private static final int WRITTEN_BYTES = 2 << 20;

    @TempDir
    Path temporary;

    /** What events were given which sequence; more than one only if that was never durable, nor seen by anybody. */
    private final Map<Long, String> given = new TreeMap<>();

    private long durable;
    private long committed;
    private long receivedAtMicros = START_MICROS;
    private int number;

    static Stream<Long> seeds() {
        return Samples.range(1, Long.getLong(SEEDS_PROPERTY, 40)).stream();
    }

    /** A file's content; its size can be far beyond, with nothing written there. */
    private record Image(byte[] written, long size) {
        static Image of(Path file) throws IOException {
            long size = Files.size(file);
            try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r")) {
                byte[] written = new byte[(int) Math.min(size, WRITTEN_BYTES)];
                opened.readFully(written);
                return new Image(written, size);
            }
        }

        /** Each page from this or the other. */
        Image mixedWith(Image synced, SplittableRandom random) {
            int probability = 1 + random.nextInt(9);
            byte[] mixed = Arrays.copyOf(written, Math.max(written.length, synced.written.length));
            for (int at = 0; at < mixed.length; at += PAGE) {
                if (random.nextInt(10) < probability) {
                    Arrays.fill(mixed, at, Math.min(mixed.length, at + PAGE), (byte) 0);
                    int length = Math.min(PAGE, synced.written.length - at);
                    if (length > 0) {
                        System.arraycopy(synced.written, at, mixed, at, length);
                    }
                }
            }
            return new Image(mixed, random.nextBoolean() ? size : synced.size);
        }

        void writeTo(Path file) throws IOException {
            try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
                opened.setLength(0);
                opened.setLength(size);
                byte[] used = Arrays.copyOf(written, (int) Math.min(size, written.length));
                for (int at = 0; at < used.length; at += PAGE) {
                    int to = Math.min(used.length, at + PAGE);
                    if (!isZero(used, at, to)) {
                        opened.seek(at);
                        opened.write(used, at, to - at);
                    }
                }
            }
        }

        private static boolean isZero(byte[] bytes, int from, int to) {
            for (int i = from; i < to; i++) {
                if (bytes[i] != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private Map<Path, Image> images() throws IOException {
        Map<Path, Image> images = new TreeMap<>();
        try (Stream<Path> files = Files.list(temporary.resolve(Journal.QUEUE_DIRECTORY))) {
            for (Path file : files.toList()) {
                images.put(file, Image.of(file));
            }
        }
        Path state = temporary.resolve(JournalState.FILE_NAME);
        images.put(state, Image.of(state));
        return images;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatWasDurableIsThereAndNoSequenceIsGivenTwice(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int cut = 0; cut < CUTS; cut++) {
            Map<Path, Image> synced;
            Map<Path, Image> current;
            boolean power = random.nextInt(4) > 0;
            try (Journal journal = Journal.open(temporary)) {
                verify(journal);
                synced = images();
                for (int i = random.nextInt(12); i > 0; i--) {
                    appendSome(journal, random);
                    if (random.nextInt(3) > 0) {
                        Map<Path, Image> before = images();
                        journal.sync();
                        durable = journal.durableSequence();
                        synced = afterSync(synced, before);
                        commitSome(random);
                    }
                }
                appendSome(journal, random);
                current = images();
            }
            restore(current);
            if (power) {
                cut(synced, current, random);
            } else {
                // All that was written is still there, and somebody may have seen it.
                durable = given.keySet().stream().reduce(0L, Math::max);
            }
        }
        try (Journal journal = Journal.open(temporary)) {
            verify(journal);
            appendSome(journal, random);
            verify(journal);
        }
        try (Journal journal = Journal.open(temporary)) {
            verify(journal);
        }
        assertThat(Journal.check(temporary).isClean()).isTrue();
    }

    private void appendSome(Journal journal, SplittableRandom random) {
        for (int i = 1 + random.nextInt(random.nextInt(4) == 0 ? 600 : 30); i > 0; i--) {
            if (random.nextInt(500) == 0) {
                receivedAtMicros += HOUR_MICROS;
            }
            String event = "{\"n\":" + number++ + ",\"p\":\"" + "x".repeat(random.nextInt(500)) + "\"}";
            byte[] canonical = event.getBytes(StandardCharsets.US_ASCII);
            long sequence = journal.append(receivedAtMicros, LANE, LANE.length, canonical, canonical.length);
            String before = given.put(sequence, event);
            assertThat(before)
                    .as("sequence %d was durable: %d", sequence, durable)
                    .matches(old -> old == null || sequence > Math.max(durable, committed));
        }
    }

    /** Content that was there before a sync is on the disk after it; the table and the state are not synced with each. */
    private Map<Path, Image> afterSync(Map<Path, Image> synced, Map<Path, Image> before) {
        Map<Path, Image> after = new TreeMap<>(before);
        boolean rolled = !synced.keySet().equals(before.keySet());
        after.putAll(Map.of(state(), synced.get(state())));
        if (!rolled) {
            after.put(table(), synced.get(table()));
        }
        return after;
    }

    private Path state() {
        return temporary.resolve(JournalState.FILE_NAME);
    }

    private Path table() {
        return temporary.resolve(Journal.QUEUE_DIRECTORY).resolve(Queues.TABLE);
    }

    private void commitSome(SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            committed = Math.max(committed, durable - random.nextInt(20));
            new CommittedPosition(Math.max(0, committed), "duckdb").write(temporary);
        }
    }

    private void restore(Map<Path, Image> images) throws IOException {
        try (Stream<Path> files = Files.list(temporary.resolve(Journal.QUEUE_DIRECTORY))) {
            for (Path file : files.toList()) {
                if (!images.containsKey(file)) {
                    Files.delete(file);
                }
            }
        }
        for (Map.Entry<Path, Image> image : images.entrySet()) {
            image.getValue().writeTo(image.getKey());
        }
    }

    private void cut(Map<Path, Image> synced, Map<Path, Image> current, SplittableRandom random) throws IOException {
        Map<Path, Image> left = new TreeMap<>();
        for (Map.Entry<Path, Image> entry : current.entrySet()) {
            Image old = synced.get(entry.getKey());
            if (old != null) {
                left.put(entry.getKey(), entry.getValue().mixedWith(old, random));
            } else if (random.nextBoolean()) {
                left.put(entry.getKey(), entry.getValue().mixedWith(new Image(new byte[0], 0), random));
            }
        }
        restore(left);
        // Nothing of what was never durable may have been seen.
        given.keySet().removeIf(sequence -> sequence > Math.max(durable, committed));
        JournalState state = JournalState.read(temporary).orElseThrow();
        new JournalState(
                        state.closed(),
                        state.durable(),
                        state.oldestCycle(),
                        state.oldestSequence(),
                        state.minimumCycle(),
                        "of-another-boot")
                .write(temporary);
    }

    private void verify(Journal journal) throws IOException {
        Map<Long, String> read = new TreeMap<>();
        List<Long> order = new ArrayList<>();
        Set<Long> missing = new HashSet<>();
        try (JournalReader reader = JournalReader.open(temporary)) {
            while (reader.poll(
                            record -> {
                                order.add(record.sequence());
                                read.put(record.sequence(), new String(record.canonical(), StandardCharsets.US_ASCII));
                            },
                            1_000)
                    > 0) {
                // The handler collects.
            }
            reader.missing().forEach(range -> {
                for (long sequence = range.first(); sequence <= range.last(); sequence++) {
                    missing.add(sequence);
                }
            });
            for (long sequence = 1; sequence <= journal.lastSequence(); sequence += 97) {
                reader.seek(sequence);
            }
        }
        assertThat(order).isSorted().doesNotHaveDuplicates();
        for (long sequence = 1; sequence <= journal.lastSequence(); sequence++) {
            assertThat(read.containsKey(sequence)).as("sequence %d", sequence).isNotEqualTo(missing.contains(sequence));
        }
        assertThat(order).allMatch(sequence -> sequence <= journal.lastSequence());
        for (Map.Entry<Long, String> event : given.entrySet()) {
            if (event.getKey() <= Math.max(durable, committed)) {
                assertThat(read).contains(event);
            }
        }
        assertThat(journal.lastSequence()).isGreaterThanOrEqualTo(Math.max(durable, committed));
        // What came through the cut is seen from now on.
        given.putAll(read);
        durable = journal.lastSequence();
    }
}
