package dev.firn.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces damaged files by ones with the same records, as far as these are whole. For the only writer, while it has no queue open.
 *
 * <p>Whatever moment it ends at, there is either the damaged file under its name or the whole replacement; to begin again ends the same.
 * The damaged file is kept in {@code damaged/}, for ever as far as this is concerned.
 */
final class Repair {
    static final String DAMAGED_DIRECTORY = "damaged";
    static final String SCRATCH_DIRECTORY = "repair";

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    /** Index pages and what else a file holds that is no record. */
    private static final long MARGIN_BYTES = 16L << 20;

    private final Path directory;
    private final Path queueDirectory;
    private final Path damaged;
    private final Path scratch;
    private final Surroundings surroundings;

    Repair(Path directory, Surroundings surroundings) {
        this.directory = directory;
        this.queueDirectory = directory.resolve(Journal.QUEUE_DIRECTORY);
        this.damaged = directory.resolve(DAMAGED_DIRECTORY);
        this.scratch = directory.resolve(SCRATCH_DIRECTORY);
        this.surroundings = surroundings;
    }

    /** @throws UncheckedIOException if the disk has no room for so many bytes more */
    void requireRoom(long recordBytes) throws IOException {
        long needed = recordBytes + MARGIN_BYTES;
        long usable = surroundings.usableBytes(directory);
        if (usable < needed) {
            throw new UncheckedIOException(
                    "damaged journal not repaired, nothing was changed: directory=" + directory
                            + ": make room on the disk and open it again",
                    new IOException("no room: neededBytes=" + needed + " usableBytes=" + usable));
        }
    }

    /** Puts a file with the whole records in the place of this one, or only takes it away if it has none. */
    void replace(Survey.Contents contents, boolean newest, long floor) throws IOException {
        CycleFile file = contents.file();
        if (contents.records() == 0) {
            setAside(file.path());
            Files.delete(file.path());
        } else {
            Path replacement = write(contents, newest, floor);
            surroundings.reached("replacement written");
            setAside(file.path());
            surroundings.reached("damaged file set aside");
            Files.move(replacement, file.path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        PrivateFiles.syncDirectory(queueDirectory);
        surroundings.reached("damaged file replaced");
        LOG.warn(
                "damaged journal file replaced: file={} records={} problem={} kept={}",
                file.path(),
                contents.records(),
                contents.problem(),
                damaged);
        removeScratch();
    }

    /** Writes the records with their bytes as they are into a queue of its own; only the newest file is left open for more. */
    private Path write(Survey.Contents contents, boolean newest, long floor) throws IOException {
        removeScratch();
        PrivateFiles.createDirectories(scratch);
        int cycle = contents.file().cycle();
        MonotoneTime time = new MonotoneTime(CycleFile.startMillis(cycle));
        FileScan.Result again;
        try (SingleChronicleQueue queue = Queues.openForWriting(scratch, time);
                ExcerptAppender appender = queue.createAppender()) {
            again = FileScan.scan(contents.file(), newest, floor, (record, length, run) -> {
                if (contents.takes(run, RecordLayout.sequence(record))) {
                    append(appender, record, length);
                }
            });
            if (!newest) {
                // A document in the next file, though it is taken back, ends this one.
                time.advanceTo(CycleFile.startMillis(cycle + 1));
                try (DocumentContext document = appender.writingDocument()) {
                    document.rollbackOnClose();
                }
            }
        }
        if (!again.runs().equals(contents.scan().runs())) {
            throw new IOException("damaged file reads differently each time: file="
                    + contents.file().path() + " records=" + contents.scan().records() + " then=" + again.records());
        }
        Path replacement = scratch.resolve(CycleFile.nameOf(cycle));
        PrivateFiles.restrict(replacement);
        PrivateFiles.syncFile(replacement);
        return replacement;
    }

    private static void append(ExcerptAppender appender, byte[] record, int length) {
        try (DocumentContext document = appender.writingDocument()) {
            Wire wire = document.wire();
            if (wire == null) {
                throw new IllegalStateException("replacement takes no records");
            }
            wire.bytes().write(record, 0, length);
        }
    }

    /** Keeps a file under a second name, durably. */
    void setAside(Path file) throws IOException {
        PrivateFiles.createDirectories(damaged);
        String name = file.getFileName().toString();
        Path kept = damaged.resolve(name);
        for (int suffix = 1; Files.exists(kept); suffix++) {
            if (Files.isSameFile(kept, file)) {
                // By a repair that did not get any further.
                return;
            }
            kept = damaged.resolve(name + "." + suffix);
        }
        try {
            Files.createLink(kept, file);
        } catch (UnsupportedOperationException | FileSystemException e) {
            LOG.debug("no hard links, damaged file is copied: file={}", file, e);
            Path copy = damaged.resolve("." + name + ".tmp");
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            PrivateFiles.syncFile(copy);
            Files.move(copy, kept, StandardCopyOption.ATOMIC_MOVE);
        }
        PrivateFiles.syncDirectory(damaged);
    }

    /** Makes the table by which the queue finds files anew. Readers take its new number for the sign to open all files again. */
    void renewTable() throws IOException {
        Files.deleteIfExists(queueDirectory.resolve(Queues.TABLE));
        PrivateFiles.syncDirectory(queueDirectory);
        surroundings.reached("table removed");
        Queues.renewTable(queueDirectory);
        PrivateFiles.restrict(queueDirectory.resolve(Queues.TABLE));
        surroundings.reached("table renewed");
    }

    /** What a repair leaves that did not get to its end. */
    void removeScratch() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(scratch)) {
            for (Path file : files) {
                Files.delete(file);
            }
        } catch (NoSuchFileException e) {
            return;
        }
        Files.delete(scratch);
    }
}
