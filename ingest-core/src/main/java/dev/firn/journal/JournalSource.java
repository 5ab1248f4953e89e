package dev.firn.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;

/** What a reader reads from, once the journal has files. */
record JournalSource(SingleChronicleQueue queue, RecordReader records, JournalRecord record, JournalEnd end)
        implements AutoCloseable {
    static JournalSource open(Path directory, Path queueDirectory) {
        SingleChronicleQueue queue = Queues.openForReading(queueDirectory);
        if (queue.lastCycle() < newestCycle(queueDirectory)) {
            queue.close();
            Queues.renewTable(queueDirectory);
            queue = Queues.openForReading(queueDirectory);
        }
        boolean opened = false;
        try {
            RecordReader records = new RecordReader(queue, directory, queueDirectory);
            JournalRecord record = new JournalRecord(records.buffer());
            opened = true;
            return new JournalSource(queue, records, record, new JournalEnd(queue, directory, queueDirectory));
        } finally {
            if (!opened) {
                queue.close();
            }
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
