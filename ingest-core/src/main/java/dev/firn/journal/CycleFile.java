package dev.firn.journal;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of records: those received in one hour, or later while no newer file existed. Behind a power cut the next one is begun ahead of its
 * hour.
 *
 * @param cycle hours since 1970-01-01T00:00Z
 */
record CycleFile(int cycle, Path path) implements Comparable<CycleFile> {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final String SUFFIX = ".cq4";
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern(Queues.ROLL_CYCLE.format());
    private static final int SECONDS_PER_CYCLE = Queues.ROLL_CYCLE.lengthInMillis() / 1_000;

    /** All files, oldest first. */
    static List<CycleFile> list(Path queueDirectory) {
        List<CycleFile> files = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(queueDirectory, "*" + SUFFIX)) {
            for (Path path : paths) {
                String name = path.getFileName().toString();
                files.add(new CycleFile(cycleOf(name.substring(0, name.length() - SUFFIX.length()), path), path));
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("journal files not listed: directory=" + queueDirectory, e);
        }
        files.sort(null);
        return files;
    }

    /** All files, oldest first, without newest ones in which no record was ever begun. */
    static List<CycleFile> listBegun(Path queueDirectory) throws IOException {
        List<CycleFile> files = list(queueDirectory);
        int count = files.size();
        while (count > 0 && files.get(count - 1).holdsNothing()) {
            count--;
        }
        return files.subList(0, count);
    }

    /**
     * All files, oldest first, after removal of newest ones in which no record was ever begun. For the only writer: a queue whose newest
     * file is such takes no record in a later hour, whenever it is opened.
     */
    static List<CycleFile> listWithoutUnfinished(Path queueDirectory) throws IOException {
        List<CycleFile> files = list(queueDirectory);
        List<CycleFile> begun = listBegun(queueDirectory);
        for (CycleFile unfinished : files.subList(begun.size(), files.size())) {
            LOG.warn("journal file removed, a writer was killed before its first record: file={}", unfinished.path());
            Files.delete(unfinished.path());
        }
        if (begun.size() < files.size()) {
            PrivateFiles.syncDirectory(queueDirectory);
        }
        return begun;
    }

    /**
     * The oldest file.
     *
     * @param cycle    {@link JournalState#NO_CYCLE} if there is none
     * @param sequence of its first record, 0 if there is none
     */
    record Oldest(int cycle, long sequence) {}

    static Oldest oldest(Path queueDirectory) throws IOException {
        List<CycleFile> files = list(queueDirectory);
        return files.isEmpty()
                ? new Oldest(JournalState.NO_CYCLE, 0)
                : new Oldest(files.get(0).cycle(), files.get(0).firstSequence());
    }

    /** Its first record's sequence; 0 if it does not begin with a record whose header is whole, or is gone. */
    long firstSequence() throws IOException {
        try (DocumentFile documents = DocumentFile.open(path)) {
            long first = documents.firstRecord();
            byte[] head = new byte[RecordLayout.HEADER_BYTES + RecordLayout.MAX_LANE_BYTES];
            int length = first == DocumentFile.NONE ? 0 : documents.length(first);
            return documents.read(first, head, Math.min(length, head.length))
                            && new RecordLayout().headerProblem(head, length) == null
                    ? RecordLayout.sequence(head)
                    : 0;
        } catch (NoSuchFileException e) {
            // Deleted since it was listed.
            return 0;
        }
    }

    private boolean holdsNothing() throws IOException {
        try (DocumentFile documents = DocumentFile.open(path)) {
            return documents.holdsNothing();
        } catch (NoSuchFileException e) {
            // Deleted since it was listed.
            return true;
        }
    }

    static String nameOf(int cycle) {
        return LocalDateTime.ofEpochSecond((long) cycle * SECONDS_PER_CYCLE, 0, ZoneOffset.UTC)
                        .format(NAME)
                + SUFFIX;
    }

    private static int cycleOf(String name, Path path) {
        try {
            return Math.toIntExact(LocalDateTime.parse(name, NAME).toEpochSecond(ZoneOffset.UTC) / SECONDS_PER_CYCLE);
        } catch (DateTimeParseException e) {
            throw new DamagedJournalException(
                    Damage.WRONG_FILE, path.toAbsolutePath().getParent(), 0, "not a journal file: file=" + path, e);
        }
    }

    String name() {
        return path.getFileName().toString();
    }

    static long startMillis(int cycle) {
        return (long) cycle * Queues.ROLL_CYCLE.lengthInMillis();
    }

    /**
     * True if the file has a size that the writer gives, or none yet. A shorter one must not be mapped: touching what is missing is a fault
     * that can end the JVM.
     */
    boolean isWhole() {
        long size = size();
        return size == 0
                || size >= Queues.BLOCK_BYTES + Queues.OVERLAP_BYTES
                        && (size - Queues.OVERLAP_BYTES) % Queues.BLOCK_BYTES == 0;
    }

    private long size() {
        try {
            return Files.size(path);
        } catch (NoSuchFileException e) {
            // Deleted since it was listed.
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException("journal file not read: file=" + path, e);
        }
    }

    @Override
    public int compareTo(CycleFile other) {
        return Integer.compare(cycle, other.cycle);
    }
}
