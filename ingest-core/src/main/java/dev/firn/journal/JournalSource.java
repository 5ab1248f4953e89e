package dev.firn.journal;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;

/** What a reader reads from, once the journal has files. */
record JournalSource(
        SingleChronicleQueue queue,
        RecordReader records,
        JournalRecord record,
        JournalEnd end,
        Path table,
        Optional<Object> tableKey)
        implements AutoCloseable {
    private static final String UNREADABLE_TABLE = "table of files cannot be read: file=" + Queues.TABLE;
    private static final int MAX_ATTEMPTS = 20;
    private static final long ATTEMPT_PARK_NS = TimeUnit.MILLISECONDS.toNanos(50);

    static JournalSource open(Path directory, Path queueDirectory) {
        return open(directory, queueDirectory, KnownMissing.of(directory));
    }

    static JournalSource open(Path directory, Path queueDirectory, KnownMissing missing) {
        Path table = queueDirectory.resolve(Queues.TABLE);
        // Before the queue is opened: at worst it is opened once more than needed.
        Optional<Object> tableKey = keyOf(table);
        SingleChronicleQueue queue = openQueue(directory, queueDirectory);
        if (queue.lastCycle() < newestCycle(queueDirectory)) {
            queue.close();
            Queues.renewTable(queueDirectory);
            tableKey = keyOf(table);
            queue = openQueue(directory, queueDirectory);
        }
        boolean opened = false;
        try {
            RecordReader records = new RecordReader(queue, directory, queueDirectory, missing);
            JournalRecord record = new JournalRecord(records.buffer());
            opened = true;
            JournalEnd end = new JournalEnd(queue, directory, queueDirectory);
            return new JournalSource(queue, records, record, end, table, tableKey);
        } finally {
            if (!opened) {
                queue.close();
            }
        }
    }

    /** A writer that is just starting, or a repair, makes the table anew: what cannot be read then can be read a moment later. */
    private static SingleChronicleQueue openQueue(Path directory, Path queueDirectory) {
        for (int attempt = 1; ; attempt++) {
            try {
                return openQueueOnce(directory, queueDirectory);
            } catch (DamagedJournalException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(ATTEMPT_PARK_NS);
            }
        }
    }

    private static SingleChronicleQueue openQueueOnce(Path directory, Path queueDirectory) {
        try {
            if (Queues.isTableSound(queueDirectory)) {
                return Queues.openForReading(queueDirectory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("journal's table not read: directory=" + queueDirectory, e);
        } catch (IllegalStateException | UncheckedIOException e) {
            // The JVM's or the system's refusal, not the table's.
            throw e;
        } catch (Exception | InternalError | AssertionError e) {
            throw new DamagedJournalException(Damage.UNREACHABLE, directory, 0, UNREADABLE_TABLE, e);
        }
        throw new DamagedJournalException(Damage.UNREACHABLE, directory, 0, UNREADABLE_TABLE);
    }

    /**
     * True if a repair has replaced files since this was opened: it renews the queue's table as its last step, and a table that is open here
     * keeps its number. Never true where files have no numbers.
     */
    boolean isOutdated() {
        return !keyOf(table).equals(tableKey);
    }

    private static Optional<Object> keyOf(Path table) {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(table, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("journal's table not found: file=" + table, e);
        }
    }

    /** The cycle of the newest file that holds a record; such a file has been entered into the queue's table before. */
    private static int newestCycle(Path queueDirectory) {
        List<CycleFile> files = CycleFile.list(queueDirectory);
        for (int i = files.size() - 1; i >= 0; i--) {
            try (DocumentFile documents = DocumentFile.open(files.get(i).path())) {
                if (documents.firstRecord() != DocumentFile.NONE) {
                    return files.get(i).cycle();
                }
            } catch (NoSuchFileException e) {
                // Deleted since it was listed.
                continue;
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "journal file not read: file=" + files.get(i).path(), e);
            }
        }
        return Integer.MIN_VALUE;
    }

    @Override
    public void close() {
        records.close();
        end.close();
        queue.close();
    }
}
