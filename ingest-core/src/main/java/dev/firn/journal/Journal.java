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
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;

/**
 * Writes one journal: records with the sequences 1, 2, 3, …, none missing, for ever.
 *
 * <p><b>Threads.</b> {@link #append} from one thread, {@link #sync} from one other at a time; both may run at once and neither waits for the
 * other. {@link #close} when neither runs. The rest from any thread.
 *
 * <p><b>Durability.</b> An appended record survives the process; it survives the machine once {@link #sync} has returned its sequence.
 *
 * <p><b>Cost.</b> {@code append} hashes, copies and writes one record into mapped memory: about a microsecond for a typical event, no system
 * call and no allocation, but some milliseconds when a new file begins, each hour. {@code sync} waits for the disk. The journal holds one
 * megabyte of heap.
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
    private final byte[] record = new byte[RecordLayout.MAX_RECORD_BYTES];
    private final ReservedRoom room = new ReservedRoom();
    private final Object syncing = new Object();

    private int cycle = Integer.MIN_VALUE;
    private long position;
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
            Journal journal = new Journal(directory, producerId, lock, queue, time, found);
            opened = true;
            return journal;
        } finally {
            if (!opened) {
                queue.close();
            }
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
     * Appends one record and returns its sequence: the last one plus one. Copies from the arrays, keeps none.
     *
     * <p>After an error while it writes the journal takes no further record: what became of the last one is known when it is opened again. A
     * full disk is no such error, see {@link #hasRoom}.
     *
     * @throws UncheckedIOException if there is no room; nothing was written, and it may be tried again
     * @param receivedAtMicros when the event came in, microseconds since 1970-01-01T00:00Z, until the year 9999
     * @param lane             ASCII bytes, 1 to 32 of them
     * @param canonical        the event's canonical form, 1 to 1,000,000 bytes
     */
    public long append(long receivedAtMicros, byte[] lane, int laneLength, byte[] canonical, int length) {
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
        if (closed || broken) {
            throw new IllegalStateException(
                    "journal takes no records: directory=" + directory + " closed=" + closed + " broken=" + broken);
        }
        if (!hasRoom()) {
            throw new IllegalStateException("journal file ends before the next record: directory=" + directory);
        }
        broken = true;
        long sequence = (long) APPENDED.get(this) + 1;
        write(encode(sequence, receivedAtMicros, lane, laneLength, canonical, length), receivedAtMicros);
        if (appender.cycle() != cycle) {
            cycle = appender.cycle();
            Path file = directory.resolve(QUEUE_DIRECTORY).resolve(CycleFile.nameOf(cycle));
            files.begun(file);
            begin(file);
        }
        broken = false;
        APPENDED.setRelease(this, sequence);
        return sequence;
    }

    private void begin(Path file) {
        try {
            room.begun(file, position);
        } catch (IOException e) {
            throw new UncheckedIOException("journal file not opened: file=" + file, e);
        }
    }

    private int encode(
            long sequence, long receivedAtMicros, byte[] lane, int laneLength, byte[] canonical, int length) {
        try {
            return layout.encode(record, sequence, receivedAtMicros, lane, laneLength, canonical, length);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 does not fit into a record", e);
        }
    }

    private void write(int recordLength, long receivedAtMicros) {
        time.advanceTo(receivedAtMicros / 1_000);
        DocumentContext document = appender.writingDocument();
        boolean written = false;
        try {
            Wire wire = requireNonNull(document.wire(), "wire");
            wire.bytes().write(record, 0, recordLength);
            position = wire.bytes().writePosition();
            room.at(position);
            written = true;
        } finally {
            if (!written) {
                // Closing alone would publish what is there.
                document.rollbackOnClose();
            }
            document.close();
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
     * Whether there is room on disk for the next record, whatever its length. To be asked by the thread that appends; costs nothing while
     * {@link #reserve} is called by another one.
     *
     * @throws UncheckedIOException if there is none, or the disk refuses; the journal is whole and may be asked again
     */
    public boolean hasRoom() {
        try {
            return room.suffices();
        } catch (IOException e) {
            throw new UncheckedIOException("no room for the next record: directory=" + directory, e);
        }
    }

    /**
     * Reserves room on disk and in memory before {@link #append} comes to it, 2 to 8 MiB. From a thread that neither appends nor syncs; to
     * be called about each millisecond while much is appended.
     *
     * @return whether there was anything to do
     * @throws UncheckedIOException if there is no room, or the disk refuses; nothing else is affected
     */
    public boolean reserve() {
        try {
            return room.advance();
        } catch (IOException e) {
            throw new UncheckedIOException("no room ahead of the journal: directory=" + directory, e);
        }
    }

    /** Syncs, unless the disk refused that before, and lets go of the directory. A second call does nothing. */
    @Override
    public void close() {
        synchronized (syncing) {
            if (closed) {
                return;
            }
            closed = true;
            try (lock;
                    state;
                    files;
                    room;
                    queue;
                    appender) {
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
