package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one journal in order and verifies each record: that its bytes are those that were written, and that it follows the one before it.
 * Any number of readers, in any process, also while the journal is written; a reader changes nothing in it, not even a damaged file.
 *
 * <p><b>Threads.</b> One at a time.
 *
 * <p><b>Durability.</b> A record can be read before it is on disk. What leaves the host must be durable: see {@link #force}.
 *
 * <p><b>Cost.</b> A record of 300 bytes takes about a quarter of a microsecond, mostly for its hash, and no allocation; {@link #seek} some
 * ten microseconds and the opening of a few files. A reader holds two megabytes of heap and maps the file that it reads.
 *
 * <p><b>Damage</b> is an exception, never silence: where a hole in a file makes it look as if nothing more had been written, two polls in a
 * row that find nothing although the file's header tells of more end in {@link DamagedJournalException}. The reader then repeats that
 * exception until it is moved with {@link #seek}.
 */
public final class JournalReader implements AutoCloseable {
    private final Path directory;
    private final Path queueDirectory;
    private final ProducerId producerId;
    private final Set<Integer> unforcedCycles = new LinkedHashSet<>();

    private @Nullable JournalSource source;
    private @Nullable DamagedJournalException damage;
    private long aheadWhileWaitingFor = -1;
    private int newestUnforcedCycle = -1;
    private boolean closed;

    private JournalReader(Path directory, ProducerId producerId) {
        this.directory = directory;
        this.queueDirectory = directory.resolve(Journal.QUEUE_DIRECTORY);
        this.producerId = producerId;
    }

    /** Whether there is a journal, possibly an empty one. */
    public static boolean isJournal(Path directory) {
        return Files.isRegularFile(requireNonNull(directory, "directory").resolve(ProducerId.FILE_NAME));
    }

    /**
     * Opens the journal in front of its first record.
     *
     * @throws IllegalArgumentException if the directory holds no journal, see {@link #isJournal}
     * @throws DamagedJournalException  if the producer's ID cannot be read
     * @throws IllegalStateException    if the JVM refuses what the journal needs; the message has the flags
     */
    public static JournalReader open(Path directory) {
        requireNonNull(directory, "directory");
        JvmSetup.prepare();
        Optional<ProducerId> producerId = ProducerId.read(directory);
        return new JournalReader(
                directory,
                producerId.orElseThrow(
                        () -> new IllegalArgumentException("directory must hold a journal, it has no file "
                                + ProducerId.FILE_NAME + ": directory=" + directory)));
    }

    public ProducerId producerId() {
        return producerId;
    }

    /** The oldest record's sequence, 0 if there is none. More than 1 once old files are deleted. */
    public long firstSequence() {
        JournalSource open = source();
        if (open == null) {
            return 0;
        }
        return open.records().firstSequence();
    }

    /** The newest record's sequence, 0 if there is none. */
    public long lastSequence() {
        JournalSource open = source();
        if (open == null) {
            return 0;
        }
        open.end().refresh();
        open.end().throwIfDamaged(lastGoodSequence(open));
        return open.end().sequence();
    }

    /**
     * Moves: the next record will be the one with this sequence.
     *
     * @param sequence from {@link #firstSequence} to {@link #lastSequence} plus one
     * @throws IllegalArgumentException if it is outside of these
     * @throws DamagedJournalException  if it is inside and cannot be reached
     */
    public void seek(long sequence) {
        JournalSource open = source();
        long first = Math.max(1, firstSequence());
        long last = 0;
        if (open != null) {
            open.end().refresh();
            // What can be read is to be readable, whatever became of the end.
            last = open.end().problem() == null ? open.end().sequence() : Long.MAX_VALUE - 1;
        }
        if (sequence < first || sequence > last + 1) {
            throw new IllegalArgumentException("sequence must be in the journal or the next one: sequence=" + sequence
                    + " first=" + first + " last=" + last + " directory=" + directory);
        }
        damage = null;
        aheadWhileWaitingFor = -1;
        if (open != null && !open.records().seek(sequence) && sequence <= last) {
            throw new DamagedJournalException(
                    Damage.UNREACHABLE, directory, 0, "record cannot be reached: sequence=" + sequence);
        }
    }

    /**
     * Hands the next records to the handler, in order, each verified before the handler sees it. Returns at once, also if there are none.
     *
     * @param limit at most so many, 1 or more
     * @return how many
     * @throws DamagedJournalException on a gap, a repeated sequence, a wrong hash or header, or an end that cannot be reached; records that
     *                                 were found good before it are handed out and counted first, by a poll of their own
     */
    public int poll(RecordHandler handler, int limit) {
        requireNonNull(handler, "handler");
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1: limit=" + limit);
        }
        if (damage != null) {
            throw damage;
        }
        JournalSource open = source();
        if (open == null) {
            return 0;
        }
        try {
            return poll(open, handler, limit);
        } catch (DamagedJournalException e) {
            damage = e;
            throw e;
        }
    }

    /**
     * Reads up to the end that the files tell of and never beyond, where the queue would wait for a file that a killed writer had only begun.
     * A record up to there must be found, since a file's header tells of it after it is complete; not to find it twice is damage, unless it
     * helps to open the files again: a writer makes an only begun file anew, while the old one is still mapped here.
     */
    private int poll(JournalSource open, RecordHandler handler, int limit) {
        open.end().refresh();
        long next = open.records().nextSequence();
        long last = open.end().problem() == null ? open.end().sequence() : Long.MAX_VALUE;
        if (Math.max(1, next) > last) {
            aheadWhileWaitingFor = -1;
            return 0;
        }
        int count = read(open, handler, limit, last);
        if (count > 0 || aheadWhileWaitingFor != next) {
            aheadWhileWaitingFor = count > 0 ? -1 : next;
            return count;
        }
        JournalSource again = reopened(open);
        count = read(again, handler, limit, last);
        if (count == 0) {
            again.end().refresh();
            again.end().throwIfDamaged(lastGoodSequence(again));
            throw new DamagedJournalException(
                    Damage.UNREACHABLE,
                    directory,
                    lastGoodSequence(again),
                    "no way to the newest record: expected=" + Math.max(1, next) + " newest="
                            + again.end().sequence());
        }
        return count;
    }

    /** Records that were found good before the damage are handed out and counted; the next poll throws. */
    private int read(JournalSource open, RecordHandler handler, int limit, long last) {
        RecordReader records = open.records();
        int count = 0;
        try {
            while (count < limit && records.nextSequence() <= last && records.next()) {
                hand(open, handler);
                count++;
            }
        } catch (DamagedJournalException e) {
            if (count == 0) {
                throw e;
            }
            damage = e;
        }
        return count;
    }

    private void hand(JournalSource open, RecordHandler handler) {
        int cycle = open.records().cycle();
        if (cycle != newestUnforcedCycle) {
            newestUnforcedCycle = cycle;
            unforcedCycles.add(cycle);
        }
        boolean handled = false;
        try {
            handler.onRecord(open.record());
            handled = true;
        } finally {
            if (!handled) {
                open.records().unread();
            }
        }
    }

    private JournalSource reopened(JournalSource open) {
        long next = open.records().nextSequence();
        open.close();
        source = null;
        JournalSource again = JournalSource.open(directory, queueDirectory);
        source = again;
        again.records().seek(next);
        return again;
    }

    /**
     * Brings everything that was polled so far onto the disk, whoever wrote it. To be called before records leave the host: a sequence that
     * was never durable may be given to another event after a power cut.
     *
     * @throws UncheckedIOException if the disk refused, or if the thread is interrupted
     */
    public void force() {
        try {
            for (int cycle : unforcedCycles) {
                PrivateFiles.syncFile(queueDirectory.resolve(CycleFile.nameOf(cycle)));
            }
            if (!unforcedCycles.isEmpty()) {
                PrivateFiles.syncDirectory(queueDirectory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("journal not synced: directory=" + directory, e);
        }
        unforcedCycles.clear();
        newestUnforcedCycle = -1;
    }

    private static long lastGoodSequence(JournalSource open) {
        return Math.max(0, open.records().nextSequence() - 1);
    }

    private @Nullable JournalSource source() {
        if (closed) {
            throw new IllegalStateException("reader is closed: directory=" + directory);
        }
        if (source == null && !CycleFile.list(queueDirectory).isEmpty()) {
            source = JournalSource.open(directory, queueDirectory);
        }
        return source;
    }

    /** A second call does nothing. */
    @Override
    public void close() {
        closed = true;
        if (source != null) {
            source.close();
            source = null;
        }
    }
}
