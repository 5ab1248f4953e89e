package dev.firn.journal;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * A position among the records, which it copies out one by one. Copying first and looking then is as fast as looking at the mapping, and
 * what was verified cannot change any more.
 *
 * <p>Within a file the index is dense, and so are the sequences but for those that are known to be lost: the record with sequence s has the
 * index s minus the file's first sequence, minus what is lost between them.
 * What is found there is checked all the same. In a damaged file Chronicle Queue fails in many ways, errors and undeclared checked
 * exceptions among them; they become one.
 * One thread.
 */
final class QueueCursor implements AutoCloseable {
    private static final int MAX_CORRECTIONS = 4;

    private final Path directory;
    private final Path queueDirectory;
    private final KnownMissing missing;
    private final ExcerptTailer tailer;
    private final RollCycle rollCycle = Queues.ROLL_CYCLE;
    private final RecordLayout layout = new RecordLayout();
    private final byte[] buffer = new byte[RecordLayout.MAX_RECORD_BYTES];

    private int length;
    private long index;
    private long documentOffset;
    private boolean pending;
    private long lastGoodSequence;

    QueueCursor(SingleChronicleQueue queue, Path directory, Path queueDirectory, KnownMissing missing) {
        this.missing = missing;
        this.directory = directory;
        this.queueDirectory = queueDirectory;
        try {
            this.tailer = queue.createTailer();
            // One thread at a time, not always the same.
            tailer.singleThreadedCheckDisabled(true);
        } catch (Exception | InternalError | AssertionError e) {
            throw damaged(Damage.UNREACHABLE, "oldest file cannot be read", e);
        }
    }

    /** Where {@link #next} puts records. */
    byte[] buffer() {
        return buffer;
    }

    /** Length of the record in the buffer. */
    int length() {
        return length;
    }

    /** For messages: what the caller has verified so far. */
    void lastGoodSequence(long sequence) {
        lastGoodSequence = sequence;
    }

    /** The file of the record in the buffer. */
    int cycle() {
        return rollCycle.toCycle(index);
    }

    /** Where the document of the record in the buffer begins in its file. */
    long document() {
        return documentOffset;
    }

    /** The sequence of a file's record by its number in the file, 0 if the queue's index does not lead there. */
    long sequenceAt(int cycle, long number) {
        return moveTo(cycle, number) ? sequenceHere() : 0;
    }

    boolean isFirstInFile() {
        return rollCycle.toSequenceNumber(index) == 0;
    }

    /** Where the record in the buffer was found, for messages. */
    String position() {
        return "file=" + CycleFile.nameOf(cycle()) + " index=" + rollCycle.toSequenceNumber(index);
    }

    /** Copies the next record into the buffer; false if there is none yet. It is not verified. */
    boolean next() {
        if (pending) {
            pending = false;
            return true;
        }
        try (DocumentContext document = tailer.readingDocument()) {
            Wire wire = document.wire();
            if (!document.isPresent() || wire == null) {
                return false;
            }
            Bytes<?> bytes = wire.bytes();
            long found = bytes.readRemaining();
            documentOffset = bytes.readPosition() - Integer.BYTES;
            index = document.index();
            if (found <= buffer.length) {
                length = (int) found;
                bytes.read(buffer, 0, length);
                return true;
            }
            throw damaged(Damage.MALFORMED_RECORD, position() + " record too long: bytes=" + found, null);
        } catch (DamagedJournalException e) {
            throw e;
        } catch (Exception | InternalError | AssertionError e) {
            throw damaged(Damage.UNREACHABLE, "nothing readable behind " + position(), e);
        }
    }

    /** Stands before the oldest record; false if there is none yet. */
    boolean toFirst() {
        for (CycleFile file : wholeFiles()) {
            if (firstSequence(file) != 0) {
                pending = moveTo(file.cycle(), 0);
                return pending;
            }
        }
        pending = false;
        return false;
    }

    /** The oldest record's sequence, 0 if there is none. */
    long firstSequence() {
        for (CycleFile file : wholeFiles()) {
            long first = firstSequence(file);
            if (first != 0) {
                return first;
            }
        }
        return 0;
    }

    /** Stands before the record with this sequence; false if it cannot be reached. */
    boolean to(long sequence) {
        List<CycleFile> files = wholeFiles();
        CycleFile file = null;
        long fileFirst = 0;
        int low = 0;
        int high = files.size() - 1;
        while (low <= high) {
            int at = (low + high) >>> 1;
            int probe = at;
            long first = firstSequence(files.get(probe));
            // A file without records has no first sequence; one before it decides.
            while (first == 0 && probe > low) {
                first = firstSequence(files.get(--probe));
            }
            if (first == 0 || first <= sequence) {
                if (first != 0) {
                    file = files.get(probe);
                    fileFirst = first;
                }
                low = at + 1;
            } else {
                high = probe - 1;
            }
        }
        if (file == null || !moveWithin(file.cycle(), sequence, numberInFile(fileFirst, sequence))) {
            pending = false;
            return false;
        }
        pending = true;
        return true;
    }

    private long numberInFile(long fileFirst, long sequence) {
        return sequence - fileFirst - missing.ranges().count(fileFirst, sequence - 1);
    }

    private boolean moveWithin(int cycle, long sequence, long guess) {
        long at = guess;
        int corrections = 0;
        while (at >= 0 && corrections < MAX_CORRECTIONS && moveTo(cycle, at)) {
            long found = sequenceHere();
            if (found == sequence) {
                return true;
            }
            at += sequence - found;
            corrections++;
        }
        if (corrections == 0) {
            return false;
        }
        // The index misleads; the records themselves do not.
        boolean more = moveTo(cycle, 0);
        while (more && cycle() == cycle) {
            if (sequenceHere() == sequence) {
                return true;
            }
            more = next();
        }
        return false;
    }

    /** The file's first sequence, 0 if it holds no record. The queue itself fails on files that were only just begun. */
    private long firstSequence(CycleFile file) {
        try (DocumentFile documents = DocumentFile.open(file.path())) {
            long first = documents.firstRecord();
            if (first == DocumentFile.NONE) {
                return 0;
            }
            byte[] header = new byte[RecordLayout.HEADER_BYTES];
            if (documents.read(first, header, header.length)) {
                return RecordLayout.sequence(header);
            }
            throw damaged(
                    Damage.UNREACHABLE, "file was cut: file=" + file.path().getFileName(), null);
        } catch (NoSuchFileException e) {
            // Deleted since it was listed.
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException("journal file not read: file=" + file.path(), e);
        }
    }

    private boolean moveTo(int cycle, long indexInCycle) {
        pending = false;
        try {
            long wanted = rollCycle.toIndex(cycle, indexInCycle);
            return tailer.moveToIndex(wanted) && next() && index == wanted;
        } catch (DamagedJournalException e) {
            throw e;
        } catch (Exception | InternalError | AssertionError e) {
            throw damaged(Damage.UNREACHABLE, "nothing readable: file=" + CycleFile.nameOf(cycle), e);
        }
    }

    private long sequenceHere() {
        @Nullable String problem = layout.headerProblem(buffer, length);
        if (problem != null) {
            throw damaged(Damage.MALFORMED_RECORD, position() + " " + problem, null);
        }
        return RecordLayout.sequence(buffer);
    }

    private List<CycleFile> wholeFiles() {
        List<CycleFile> files = CycleFile.list(queueDirectory);
        for (CycleFile file : files) {
            if (!file.isWhole()) {
                throw damaged(
                        Damage.UNREACHABLE, "file was cut: file=" + file.path().getFileName(), null);
            }
        }
        return files;
    }

    private DamagedJournalException damaged(Damage damage, String what, @Nullable Throwable cause) {
        return new DamagedJournalException(damage, directory, lastGoodSequence, what, cause);
    }

    @Override
    public void close() {
        tailer.close();
    }
}
