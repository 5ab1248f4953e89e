package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * exception until it is moved with {@link #seek}, or the journal was repaired: see {@link #suspect}. Sequences that a repair found to be lost
 * are passed over, see {@link #missing}; any other gap is damage.
 */
public final class JournalReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalReader.class);

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

    /**
     * The oldest sequence that is not trimmed, 0 if there is no record: the oldest record's, or a lower one if what was in front of it is lost.
     * More than 1 once old files are deleted.
     */
    public long firstSequence() {
        JournalSource open = upToDate();
        if (open == null) {
            return 0;
        }
        long first = open.records().firstSequence();
        return first == 0 ? 0 : missingRanges().previousPresent(first) + 1;
    }

    /**
     * What is known to be lost, in order; a poll passes over it, and a {@link #seek} to such a sequence goes to the next one that is there.
     * Reads a small file.
     */
    public List<MissingRange> missing() {
        return missingRanges().ranges();
    }

    /** The newest sequence that was ever given: {@link #lastSequence}, or a higher one whose record is lost. */
    public long lastKnownSequence() {
        long last = lastSequence();
        return Math.max(last, missingRanges().last());
    }

    /**
     * Notes durably that damage was met, so that the writer verifies and repairs the whole journal when it is opened the next time. To be
     * called by whoever catches a {@link DamagedJournalException} of a reader and may write to the directory. An earlier note stays.
     *
     * @param reason for people to read, without any content of events
     * @throws UncheckedIOException if it cannot be written
     */
    public static void suspect(Path directory, String reason) {
        requireNonNull(directory, "directory");
        requireNonNull(reason, "reason");
        try {
            Suspicion.note(directory, reason);
        } catch (IOException e) {
            throw new UncheckedIOException("suspicion not noted: directory=" + directory, e);
        }
    }

    /** The newest record's sequence, 0 if there is none. */
    public long lastSequence() {
        JournalSource open = upToDate();
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
     * @param sequence from {@link #firstSequence} to {@link #lastKnownSequence} plus one; instead of one that is lost, the next one that is
     *                 not
     * @throws IllegalArgumentException if it is outside of these
     * @throws DamagedJournalException  if it is inside and cannot be reached
     */
    public void seek(long sequence) {
        JournalSource open = upToDate();
        long first = Math.max(1, open == null ? 0 : open.records().firstSequence());
        long last = 0;
        if (open != null) {
            open.end().refresh();
            // What can be read is to be readable, whatever became of the end.
            last = open.end().problem() == null ? open.end().sequence() : Long.MAX_VALUE - 1;
        }
        MissingRanges missing = missingRanges();
        long present = sequence < 1 ? sequence : missing.nextPresent(sequence);
        long end = Math.max(last, missing.last());
        if (present < first || sequence > end + 1) {
            throw new IllegalArgumentException("sequence must be in the journal or the next one: sequence=" + sequence
                    + " first=" + first + " last=" + last + " directory=" + directory);
        }
        damage = null;
        aheadWhileWaitingFor = -1;
        if (open != null && !open.records().seek(sequence) && present <= last) {
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
        JournalSource open = source();
        if (damage != null) {
            if (open == null || !open.isOutdated()) {
                throw damage;
            }
            damage = null;
        }
        if (open == null) {
            return 0;
        }
        try {
            int count = poll(open, handler, limit);
            return count == 0 && open == source && open.isOutdated() ? poll(reopened(open), handler, limit) : count;
        } catch (DamagedJournalException e) {
            if (open == source && open.isOutdated()) {
                return poll(reopened(open), handler, limit);
            }
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
        requireSameProducer();
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
     * @throws UncheckedIOException    if the disk refused, or if the thread is interrupted
     * @throws DamagedJournalException if the journal was adopted as another producer's since it was opened: what was polled must not leave
     */
    public void force() {
        requireSameProducer();
        try {
            for (int cycle : unforcedCycles) {
                syncIfThere(queueDirectory.resolve(CycleFile.nameOf(cycle)));
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

    /** One that is gone was trimmed, so that its records are committed, or set aside by a repair, which synced what replaces it. */
    private static void syncIfThere(Path file) throws IOException {
        try {
            PrivateFiles.syncFile(file);
        } catch (NoSuchFileException e) {
            LOG.debug("journal file is gone, not synced: file={}", file);
        }
    }

    private static long lastGoodSequence(JournalSource open) {
        return Math.max(0, open.records().nextSequence() - 1);
    }

    private @Nullable JournalSource upToDate() {
        JournalSource open = source();
        return open != null && open.isOutdated() ? reopened(open) : open;
    }

    private MissingRanges missingRanges() {
        try {
            return MissingRanges.read(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("list of missing sequences not read: directory=" + directory, e);
        }
    }

    private @Nullable JournalSource source() {
        if (closed) {
            throw new IllegalStateException("reader is closed: directory=" + directory);
        }
        if (source == null && !CycleFile.list(queueDirectory).isEmpty()) {
            requireSameProducer();
            source = JournalSource.open(directory, queueDirectory);
        }
        return source;
    }

    /** A copy that was adopted meanwhile gives the same sequences to other events. */
    private void requireSameProducer() {
        if (!ProducerId.read(directory).equals(Optional.of(producerId))) {
            throw new DamagedJournalException(
                    Damage.WRONG_FILE, directory, 0, "another producer's journal now: open it again");
        }
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
