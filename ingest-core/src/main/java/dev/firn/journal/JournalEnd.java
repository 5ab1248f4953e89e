package dev.firn.journal;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the journal ends by its files' own account. A tailer that meets a hole says "no more data" for ever; this looks from the other side:
 * the newest file's header says where its newest record begins, and that record is read through the file, not through the tailer.
 *
 * <p>One thread. {@link #refresh} costs some tens of nanoseconds while nothing was appended.
 */
final class JournalEnd implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalReader.class);

    private final SingleChronicleQueue queue;
    private final Path directory;
    private final Path queueDirectory;
    private final RecordLayout layout = new RecordLayout();
    private final byte[] head = new byte[RecordLayout.MAX_RECORD_BYTES];

    /** The newest file that is begun, kept open: only its write position is looked at again. */
    private @Nullable Newest newest;

    private long sequence;
    private long writePosition;
    private int emptyCycle = -1;
    private @Nullable String problem;

    private record Newest(CycleFile file, SingleChronicleQueueStore store, DocumentFile documents) {}

    JournalEnd(SingleChronicleQueue queue, Path directory, Path queueDirectory) {
        this.queue = queue;
        this.directory = directory;
        this.queueDirectory = queueDirectory;
    }

    /** The newest record's sequence, 0 if there is none; as of the last {@link #refresh}. */
    long sequence() {
        return sequence;
    }

    /** Why the newest record cannot be read, or null. */
    @Nullable
    String problem() {
        return problem;
    }

    void throwIfDamaged(long lastGoodSequence) {
        if (problem != null) {
            throw new DamagedJournalException(
                    Damage.UNREACHABLE, directory, lastGoodSequence, "newest record: " + problem);
        }
    }

    void refresh() {
        Newest known = newest;
        try {
            if (known == null
                    || problem != null
                    || queue.lastCycle() != known.file().cycle()
                    || known.store().writePosition() < writePosition) {
                release();
                locate();
            } else if (known.store().writePosition() != writePosition) {
                writePosition = known.store().writePosition();
                readNewest(known.file(), known.documents());
            }
        } catch (IOException e) {
            // An interrupt closes the file that is kept open; the next look begins anew.
            close();
            throw new UncheckedIOException("journal's end not read: directory=" + directory, e);
        }
    }

    private void locate() throws IOException {
        problem = null;
        List<CycleFile> files = CycleFile.list(queueDirectory);
        for (int i = files.size() - 1; i >= 0; i--) {
            try {
                if (endsWith(files.get(i))) {
                    return;
                }
            } catch (NoSuchFileException e) {
                // Deleted since it was listed: nothing of it is newest any more.
                continue;
            }
        }
        sequence = 0;
    }

    /** True if the search ends with this file: it holds the newest record or is damaged. */
    private boolean endsWith(CycleFile file) throws IOException {
        if (!file.isWhole()) {
            problem = "file was cut: file=" + file.path().getFileName();
            return true;
        }
        DocumentFile documents = DocumentFile.open(file.path());
        boolean kept = false;
        try {
            if (isEmpty(file, documents)) {
                return false;
            }
            SingleChronicleQueueStore store = documents.isBegun() ? acquire(file) : null;
            if (store == null) {
                problem = "file header cannot be read: file=" + file.path().getFileName();
                return true;
            }
            writePosition = store.writePosition();
            kept = newest == null;
            if (kept) {
                newest = new Newest(file, store, documents);
            }
            boolean found = readNewest(file, documents);
            if (!kept) {
                queue.closeStore(store);
            }
            return found;
        } finally {
            if (!kept) {
                documents.close();
            }
        }
    }

    /** All of a file is looked at when it is first seen without records; one that held nothing then cannot have lost its beginning since. */
    private boolean isEmpty(CycleFile file, DocumentFile documents) throws IOException {
        if (file.cycle() == emptyCycle) {
            return documents.isUnfinished();
        }
        boolean empty = documents.holdsNothing();
        if (empty) {
            emptyCycle = file.cycle();
        }
        return empty;
    }

    private @Nullable SingleChronicleQueueStore acquire(CycleFile file) {
        try {
            return queue.storeForCycle(file.cycle(), queue.epoch(), false, null);
        } catch (Exception | InternalError | AssertionError e) {
            LOG.warn("journal file not opened: file={}", file.path(), e);
            return null;
        }
    }

    /** Begins at the write position and goes on, since a writer that was killed may have appended one record without moving it. */
    private boolean readNewest(CycleFile file, DocumentFile documents) throws IOException {
        long found = documents.lastRecordFrom(writePosition);
        if (found == DocumentFile.NONE) {
            if (writePosition == 0) {
                return false;
            }
            problem = "nothing where it should be: file=" + file.path().getFileName() + " offset=" + writePosition;
            return true;
        }
        int length = documents.length(found);
        String wrong = length > head.length
                ? "record too long: bytes=" + length
                : documents.read(found, head, length) ? layout.headerProblem(head, length) : "file ends within it";
        if (wrong == null) {
            sequence = RecordLayout.sequence(head);
        } else {
            problem = wrong + " file=" + file.path().getFileName() + " offset=" + found;
        }
        return true;
    }

    private void release() throws IOException {
        Newest known = newest;
        newest = null;
        if (known != null) {
            queue.closeStore(known.store());
            known.documents().close();
        }
    }

    @Override
    public void close() {
        try {
            release();
        } catch (IOException e) {
            throw new UncheckedIOException("journal's end not closed: directory=" + directory, e);
        }
    }
}
