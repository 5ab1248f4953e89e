package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.security.DigestException;
import java.util.List;
import java.util.Optional;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.ExcerptContext;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one journal: records with the sequences 1, 2, 3, …, none missing, for ever.
 *
 * <p><b>Threads.</b> {@link #add}, {@link #publish} and {@link #append} from one thread, {@link #sync} from one other at a time; both may run
 * at once and neither waits for the other. {@link #close} when neither runs. The rest from any thread.
 *
 * <p><b>Durability.</b> A record that was added is in memory. Once {@link #publish} has returned it is appended: readers see it and it survives
 * the process. It survives the machine once {@link #sync} has returned its sequence.
 *
 * <p><b>Cost.</b> {@code add} hashes and copies one record: some tenths of a microsecond for a typical event, no system call, no allocation.
 * {@code publish} makes three system calls for all of them together; it takes some milliseconds for each 64 MiB and when a new file begins,
 * each hour. {@code sync} waits for the disk. The journal holds one megabyte of heap and one and a half beside it.
 *
 * <p><b>JVM.</b> The first journal or reader of a JVM sets Chronicle Queue's system properties: no usage data, no banner, no disk monitor,
 * forced unlocking. An application that uses Chronicle Queue itself gets them too.
 */
public final class Journal implements AutoCloseable {
    /** Longest canonical form of an event. */
    public static final int MAX_CANONICAL_BYTES = RecordLayout.MAX_CANONICAL_BYTES;

    /** Longest name of a lane. */
    public static final int MAX_LANE_BYTES = RecordLayout.MAX_LANE_BYTES;

    static final String QUEUE_DIRECTORY = "queue";
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    /** 9999-12-31T23:59:59.999999Z. */
    private static final long MAX_MICROS = 253_402_300_799_999_999L;

    private static final VarHandle APPENDED;

    static {
        try {
            APPENDED = MethodHandles.lookup().findVarHandle(Journal.class, "appended", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Path directory;
    private final ProducerId producerId;
    private final WriterLock lock;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final MonotoneTime time;
    private final SyncedFiles files;
    private final JournalState.Writer state;
    private final RecordLayout layout = new RecordLayout();
    private final RecordBatch batch = new RecordBatch();
    private final Object syncing = new Object();

    /** The last record of what is not yet published, if it is one for the queue. */
    private final byte[] queued = new byte[RecordLayout.MAX_RECORD_BYTES];

    private int queuedLength;

    private int cycle = Integer.MIN_VALUE;
    private @Nullable SingleChronicleQueueStore store;
    /** Which of its blocks the queue has made the file long enough for. */
    private long block;

    /** How many records the file has, those included that are not yet published. */
    private long records;

    /** Whether the last of them has an entry in the queue's index. */
    private boolean endsWithIndexed;

    private long added;
    private boolean broken;
    private boolean unsyncable;
    private MissingRanges missing;

    @SuppressWarnings("unused") // by APPENDED
    private volatile long appended;

    private volatile long durable;
    private volatile boolean closed;

    private Journal(
            Path directory,
            ProducerId producerId,
            WriterLock lock,
            SingleChronicleQueue queue,
            MonotoneTime time,
            Recovery.Outcome found)
            throws IOException {
        this.directory = directory;
        this.producerId = producerId;
        this.lock = lock;
        this.queue = queue;
        this.time = time;
        this.files = new SyncedFiles(directory.resolve(QUEUE_DIRECTORY));
        this.missing = found.missing();
        this.appender = queue.createAppender();
        // Closed by another thread than the one that appends.
        appender.singleThreadedCheckDisabled(true);
        PrivateFiles.restrict(directory.resolve(QUEUE_DIRECTORY).resolve(Queues.TABLE));
        files.forceExisting();
        // Only now, and before the first append: what an earlier run left is durable as well.
        this.state = new JournalState.Writer(directory, stateOf(directory, false, found));
        appended = found.lastSequence();
        durable = found.lastSequence();
        added = found.lastSequence();
    }

    private static JournalState stateOf(Path directory, boolean closed, Recovery.Outcome found) throws IOException {
        CycleFile.Oldest oldest = CycleFile.oldest(directory.resolve(QUEUE_DIRECTORY));
        return new JournalState(
                closed,
                found.lastSequence(),
                oldest.cycle(),
                oldest.sequence(),
                found.minimumCycle(),
                JournalState.currentBootId());
    }

    /**
     * Opens the journal in this directory, makes it if there is none; missing directories are made 0700. Verifies the ends of its files, and,
     * if it was not closed in order, each record since the last durable one; syncs what an earlier run left. Takes some hundred milliseconds
     * the first time in a JVM.
     *
     * <p>Where anything is wrong, or {@link JournalReader#suspect} was called, it verifies every record, some seconds for a gigabyte, and
     * repairs, some ten seconds for a gigabyte of damaged files: what is whole is kept with its sequence, what is lost is named by
     * {@link #unreportedDamage} and its sequences are given to no other event. Damaged files are kept in {@code damaged/}. The disk needs room
     * for a copy of each of them.
     *
     * @throws JournalLockedException  if a process, this one included, has it open for writing
     * @throws CopiedJournalException  if the directory is a copy of another journal's; nothing was changed, see {@link #adopt}
     * @throws DamagedJournalException if the damage is none that can be repaired
     * @throws IllegalStateException   if the JVM refuses what the journal needs; the message has the flags
     * @throws UncheckedIOException    if a file cannot be made, read or synced, or there is no room for a repair
     */
    public static Journal open(Path directory) {
        return open(directory, Surroundings.REAL);
    }

    static Journal open(Path directory, Surroundings surroundings) {
        requireNonNull(directory, "directory");
        JvmSetup.prepare();
        try {
            PrivateFiles.createDirectories(directory);
            WriterLock lock = WriterLock.acquire(directory);
            boolean opened = false;
            try {
                Journal journal = open(directory, lock, surroundings);
                opened = true;
                return journal;
            } finally {
                if (!opened) {
                    lock.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("journal not opened: directory=" + directory, e);
        }
    }

    /**
     * Verifies every record of a journal that nobody has open for writing, and repairs what is damaged, as {@link #open} would.
     *
     * @throws IllegalArgumentException if the directory holds no journal; otherwise like {@link #open}
     */
    public static RepairReport repair(Path directory) {
        requireJournal(directory);
        try {
            return repair(directory, Surroundings.REAL);
        } catch (IOException e) {
            throw new UncheckedIOException("journal not repaired: directory=" + directory, e);
        }
    }

    static RepairReport repair(Path directory, Surroundings surroundings) throws IOException {
        JvmSetup.prepare();
        WriterLock lock = WriterLock.acquire(directory);
        try (lock) {
            requireProducer(directory, CycleFile.list(directory.resolve(QUEUE_DIRECTORY)));
            Recovery.Outcome outcome = new Recovery(directory, surroundings).run(true);
            try (SyncedFiles files = new SyncedFiles(directory.resolve(QUEUE_DIRECTORY))) {
                files.forceAll();
            }
            stateOf(directory, true, outcome).write(directory);
            return outcome.report().orElseThrow();
        }
    }

    /**
     * Tells what {@link #repair} would find and do. Changes nothing, and a writer may be at work. Reads everything twice: some seconds for a
     * gigabyte.
     *
     * @throws IllegalArgumentException if the directory holds no journal
     * @throws UncheckedIOException     if a file cannot be read
     */
    public static RepairReport check(Path directory) {
        requireJournal(directory);
        JvmSetup.prepare();
        try {
            return new Recovery(directory, Surroundings.REAL).check();
        } catch (IOException e) {
            throw new UncheckedIOException("journal not verified: directory=" + directory, e);
        }
    }

    private static void requireJournal(Path directory) {
        if (!JournalReader.isJournal(directory)) {
            throw new IllegalArgumentException(
                    "directory must hold a journal, it has no file " + ProducerFile.NAME + ": directory=" + directory);
        }
    }

    /**
     * Whether the directory is a copy of another journal's, so that {@link #open} would refuse it. Changes nothing, and a writer may be at work.
     *
     * @throws IllegalArgumentException if the directory holds no journal
     * @throws DamagedJournalException  if the producer's ID cannot be read
     * @throws UncheckedIOException     if a file cannot be read
     */
    public static boolean isCopy(Path directory) {
        requireJournal(directory);
        try {
            return ProducerFile.isCopy(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("not known whether journal is a copy: directory=" + directory, e);
        }
    }

    /**
     * Says what became of the original of a copied journal, so that the copy can be opened for writing. Repeated after a crash it goes on where
     * that ended it. No uploader or other reader may have the directory open: what was read before is another producer's than what comes after.
     *
     * @return the producer that goes on in this directory
     * @throws IllegalArgumentException if the directory holds no journal
     * @throws IllegalStateException    if another adoption is in the way; the message says which
     * @throws JournalLockedException   if a process, this one included, has it open for writing
     * @throws UncheckedIOException     if a file cannot be written or moved; the directory is still a copy then
     */
    public static ProducerId adopt(Path directory, Adoption adoption) {
        requireJournal(directory);
        requireNonNull(adoption, "adoption");
        try {
            WriterLock lock = WriterLock.acquire(directory);
            try (lock) {
                return CopiedJournal.adopt(directory, adoption);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("journal not adopted: directory=" + directory + " adoption=" + adoption, e);
        }
    }

    private static Journal open(Path directory, WriterLock lock, Surroundings surroundings) throws IOException {
        Path queueDirectory = directory.resolve(QUEUE_DIRECTORY);
        ProducerId producerId = requireProducer(directory, CycleFile.list(queueDirectory));
        PrivateFiles.createDirectories(queueDirectory);
        Recovery.Outcome found = new Recovery(directory, surroundings).run(false);
        MonotoneTime time = new MonotoneTime(CycleFile.startMillis(found.minimumCycle()));
        SingleChronicleQueue queue = Queues.openForWriting(queueDirectory, time);
        boolean opened = false;
        try {
            Queues.forgetKilledWriter(queue);
            clearUnpublished(queue, queueDirectory);
            Journal journal = new Journal(directory, producerId, lock, queue, time, found);
            opened = true;
            return journal;
        } finally {
            if (!opened) {
                queue.close();
            }
        }
    }

    /** Of a writer that was killed while it wrote; all that was published is verified by now. */
    private static void clearUnpublished(SingleChronicleQueue queue, Path queueDirectory) throws IOException {
        List<CycleFile> files = CycleFile.list(queueDirectory);
        if (files.isEmpty()) {
            return;
        }
        CycleFile newest = files.get(files.size() - 1);
        SingleChronicleQueueStore store = queue.storeForCycle(newest.cycle(), queue.epoch(), false, null);
        try (DocumentFile documents = DocumentFile.open(newest.path())) {
            long end = documents.endBehind(requireNonNull(store, "store").writePosition());
            if (!documents.isEndedAt(end) && RecordBatch.clearBehind(newest.path(), end)) {
                LOG.info(
                        "records removed that a killed writer had not published: file={} offset={}",
                        newest.path(),
                        end);
            }
        } finally {
            queue.closeStore(store);
        }
    }

    private static ProducerId requireProducer(Path directory, List<CycleFile> existing) throws IOException {
        Optional<ProducerId> known = ProducerFile.claim(directory);
        if (known.isEmpty() && !existing.isEmpty()) {
            throw new DamagedJournalException(
                    Damage.WRONG_FILE, directory, 0, "records without a producer id: file=" + ProducerId.FILE_NAME);
        }
        return known.isPresent() ? known.get() : ProducerFile.create(directory);
    }

    /**
     * What was found to be lost, by this or an earlier opening, and nobody was told of; in order. Whoever tells of it calls
     * {@link #damageReported} afterwards.
     */
    public List<MissingRange> unreportedDamage() {
        synchronized (syncing) {
            return missing.unreported();
        }
    }

    /**
     * All of {@link #unreportedDamage} was told to somebody, and is not told again. Durable.
     *
     * @throws UncheckedIOException if that cannot be written
     */
    public void damageReported() {
        synchronized (syncing) {
            if (missing.unreported().isEmpty()) {
                return;
            }
            MissingRanges reported = missing.allReported();
            try {
                reported.write(directory);
            } catch (IOException e) {
                throw new UncheckedIOException("damage not noted as reported: directory=" + directory, e);
            }
            missing = reported;
        }
    }

    public ProducerId producerId() {
        return producerId;
    }

    public Path directory() {
        return directory;
    }

    /** The last appended sequence, 0 if there is none. */
    public long lastSequence() {
        return (long) APPENDED.getAcquire(this);
    }

    /** The last sequence known to be on disk, as {@link #sync} found it. */
    public long durableSequence() {
        return durable;
    }

    /**
     * Appends one record, and what was added before: {@link #add}, then {@link #publish}. Returns its sequence: the last one plus one.
     *
     * @throws UncheckedIOException if there is no room; the record is added and no reader sees it, see {@link #publish}
     */
    public long append(long receivedAtMicros, byte[] lane, int laneLength, byte[] canonical, int length) {
        long sequence = add(receivedAtMicros, lane, laneLength, canonical, length);
        publish();
        return sequence;
    }

    /**
     * Takes one record, to be appended by the next {@link #publish}, and returns its sequence: the last one plus one. Copies from the arrays,
     * keeps none.
     *
     * @param receivedAtMicros when the event came in, microseconds since 1970-01-01T00:00Z, until the year 9999
     * @param lane             ASCII bytes, 1 to 32 of them
     * @param canonical        the event's canonical form, 1 to 1,000,000 bytes
     * @throws IllegalStateException if {@link #isFull}, or the journal takes no more records
     */
    public long add(long receivedAtMicros, byte[] lane, int laneLength, byte[] canonical, int length) {
        if (laneLength < 1 || laneLength > MAX_LANE_BYTES || laneLength > lane.length) {
            throw new IllegalArgumentException("lane must be 1 to 32 bytes: laneLength=" + laneLength);
        }
        if (length < 1 || length > MAX_CANONICAL_BYTES || length > canonical.length) {
            throw new IllegalArgumentException("canonical form must be 1 to 1000000 bytes: length=" + length);
        }
        if (receivedAtMicros < 0 || receivedAtMicros > MAX_MICROS) {
            throw new IllegalArgumentException(
                    "time of receipt must be from 1970 to 9999: receivedAtMicros=" + receivedAtMicros);
        }
        requireWritable();
        if (isFull()) {
            throw new IllegalStateException("journal's batch is full and must be published: directory=" + directory
                    + " records=" + (added - lastSequence()));
        }
        time.advanceTo(receivedAtMicros / 1_000);
        long sequence = added + 1;
        try {
            if (isForQueue()) {
                queuedLength = layout.encode(queued, sequence, receivedAtMicros, lane, laneLength, canonical, length);
            } else {
                batch.add(layout, sequence, receivedAtMicros, lane, laneLength, canonical, length);
            }
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 does not fit into a record", e);
        }
        endsWithIndexed = records % Queues.INDEX_SPACING == 0;
        records++;
        added = sequence;
        return sequence;
    }

    /** The queue begins files, makes them longer block by block, and begins the pages of its index. */
    private boolean isForQueue() {
        return !time.isIn(cycle)
                || batch.end() / Queues.BLOCK_BYTES != block
                || records % Queues.INDEX_PAGE_RECORDS == 0;
    }

    private void requireWritable() {
        if (closed || broken) {
            throw new IllegalStateException(
                    "journal takes no records: directory=" + directory + " closed=" + closed + " broken=" + broken);
        }
    }

    /** Whether {@link #publish} must come before the next {@link #add}. */
    public boolean isFull() {
        return queuedLength > 0 || batch.count() > 0 && endsWithIndexed || !batch.hasRoom();
    }

    /**
     * Appends what was added. Does nothing if nothing was.
     *
     * <p>After an error other than that there is no room the journal takes no further record: what became of the last ones is known when it is
     * opened again.
     *
     * @throws UncheckedIOException if there is no room, or the disk refuses; what is not appended is kept, no reader sees any of it, and it may
     *                              be tried again
     */
    public void publish() {
        if (added == lastSequence()) {
            return;
        }
        requireWritable();
        try {
            publishBatch();
            if (queuedLength > 0 && time.isIn(cycle)) {
                // Where the first record of a file will go only the queue knows.
                batch.reserve(queuedLength);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("records not appended: directory=" + directory, e);
        }
        if (queuedLength > 0) {
            publishQueued();
        }
    }

    private void publishBatch() throws IOException {
        int count = batch.count();
        if (count > 0) {
            SingleChronicleQueueStore file = requireNonNull(store, "store");
            long document = batch.publish();
            // Readers look there for the end, and the queue for where to go on.
            file.writePosition(document);
            if (queuedLength == 0 && endsWithIndexed) {
                file.setPositionForSequenceNumber((ExcerptContext) appender, records - 1, document);
            }
            APPENDED.setRelease(this, lastSequence() + count);
        }
    }

    private long publishQueued() {
        broken = true;
        long sequence = lastSequence() + 1;
        long end = write();
        if (appender.cycle() != cycle) {
            cycle = appender.cycle();
            Path file = directory.resolve(QUEUE_DIRECTORY).resolve(CycleFile.nameOf(cycle));
            files.begun(file);
            begin(file);
        }
        continueBehind(end);
        broken = false;
        APPENDED.setRelease(this, sequence);
        return sequence;
    }

    private long write() {
        DocumentContext document = appender.writingDocument();
        boolean written = false;
        try {
            Wire wire = requireNonNull(document.wire(), "wire");
            wire.bytes().write(queued, 0, queuedLength);
            written = true;
            return wire.bytes().writePosition();
        } finally {
            if (!written) {
                // Closing alone would publish what is there.
                document.rollbackOnClose();
            }
            document.close();
        }
    }

    private void begin(Path file) {
        try {
            closeStore();
            store = queue.storeForCycle(cycle, queue.epoch(), false, null);
            batch.begin(file);
        } catch (IOException e) {
            throw new UncheckedIOException("journal file not opened: file=" + file, e);
        }
    }

    private void continueBehind(long end) {
        long number = Queues.ROLL_CYCLE.toSequenceNumber(appender.lastIndexAppended());
        block = (end - queuedLength) / Queues.BLOCK_BYTES;
        queuedLength = 0;
        records = number + 1;
        try {
            batch.continueBehind(end);
        } catch (IOException e) {
            throw new UncheckedIOException("journal's end not found: directory=" + directory, e);
        }
    }

    private void closeStore() {
        SingleChronicleQueueStore open = store;
        store = null;
        if (open != null) {
            queue.closeStore(open);
        }
    }

    /**
     * Returns once every record appended before the call is on disk: the sequence of the last of them.
     *
     * @throws UncheckedIOException  if the disk refused: what it holds is unknown then
     * @throws IllegalStateException if it refused before. The system reports such an error once and takes the lost pages for written, so a
     *                               repeated call would lie; open the journal again
     */
    public long sync() {
        synchronized (syncing) {
            if (unsyncable) {
                throw new IllegalStateException(
                        "journal cannot be synced since the disk refused once: directory=" + directory);
            }
            long target = lastSequence();
            if (target > durable) {
                unsyncable = true;
                try {
                    files.force();
                    state.durable(target);
                } catch (IOException e) {
                    throw new UncheckedIOException("journal not synced: directory=" + directory, e);
                }
                unsyncable = false;
                durable = target;
            }
            return durable;
        }
    }

    /**
     * Publishes and syncs, unless the disk refused that before, and lets go of the directory. A second call does nothing.
     *
     * @throws UncheckedIOException if the disk refuses, or has no room for what was added; that is lost then
     */
    @Override
    public void close() {
        synchronized (syncing) {
            if (closed) {
                return;
            }
            try (lock;
                    state;
                    files;
                    queue;
                    appender;
                    batch) {
                try {
                    if (!broken) {
                        publish();
                    }
                } finally {
                    closed = true;
                    closeStore();
                }
                if (!unsyncable) {
                    sync();
                }
                if (!unsyncable && !broken) {
                    CycleFile.Oldest oldest = CycleFile.oldest(directory.resolve(QUEUE_DIRECTORY));
                    state.closed(oldest.cycle(), oldest.sequence());
                }
            } catch (IOException e) {
                throw new UncheckedIOException("journal not closed: directory=" + directory, e);
            }
        }
    }
}
