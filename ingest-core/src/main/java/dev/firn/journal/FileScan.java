package dev.firn.journal;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.security.DigestException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.openhft.chronicle.wire.Wires;
import org.jspecify.annotations.Nullable;

/**
 * Finds every whole record in a file's plain bytes, whatever became of the rest, and tells whether the queue's chain of documents leads to
 * exactly these.
 *
 * <p>It does not follow the chain: at each multiple of four bytes it looks whether a record begins there, by its version and lengths, the CRC
 * of its header and the hash of its content, and goes on behind it. So nothing whole is ever lost for want of something that leads to it. What
 * lies within a record is not looked at, and what is left of a broken one cannot pass for another: a record's header begins with a control
 * character, and canonical JSON has none.
 *
 * <p>One thread. Reads the file once from front to back, some seconds for a gigabyte; holds some megabytes of heap and maps nothing.
 */
final class FileScan {
    /** Every so many records, {@link Result#samples} has the sequence: as often as the queue has an entry in its index. */
    static final int SAMPLE_RECORDS = 256;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int ALIGNMENT = Integer.BYTES;
    private static final int DOCUMENT_HEADER_BYTES = Integer.BYTES;
    private static final int WINDOW_BYTES = 4 << 20;
    private static final Run NO_RUN = new Run(0, 0, Damage.GAP);
    private static final byte[] ZEROS = new byte[WINDOW_BYTES];
    private static final byte[] FIRST_INDEX = name("index2index");
    private static final byte[] INDEX = name("index");

    private final CycleFile file;
    private final FileChannel channel;
    private final boolean newest;
    private final long floor;
    private final Target target;
    private final RecordLayout layout = new RecordLayout();
    private final byte[] record = new byte[RecordLayout.MAX_RECORD_BYTES];
    private final byte[] window = new byte[WINDOW_BYTES];
    private long windowStart;
    private int windowLength;

    /** Where the chain leads to from all that was found so far. */
    private long chain;

    private long rewoundTo = -1;

    /** What was seen since the last whole record. */
    private boolean chainBroken;

    private boolean wrongHash;
    private boolean garbage;

    private final List<Run> runs = new ArrayList<>();
    private final List<Long> samples = new ArrayList<>();
    private Run run = NO_RUN;
    private long records;
    private long highestSequence;
    private @Nullable String problem;
    /** The whole records of a batch that was not published, and where they end. */
    private final List<byte[]> unfinished = new ArrayList<>();

    private long unfinishedEnd = -1;

    /** Is given each whole record, in the order of their places, with the number of the run it belongs to. */
    @FunctionalInterface
    interface Target {
        Target NONE = (buffer, length, run) -> {};

        void record(byte[] buffer, int length, int run) throws IOException;
    }

    /**
     * Whole records whose sequences follow one another.
     *
     * @param before what is wrong in front of it, GAP if nothing is but that sequences may be missing
     */
    record Run(long first, long last, Damage before) {
        long count() {
            return last - first + 1;
        }
    }

    /**
     * What is in a file.
     *
     * @param runs            all whole records, in the order of their places. In a file that holds only what was appended to it, that is the
     *                        order of their sequences too
     * @param highestSequence of all headers that are whole, also of records that are not
     * @param endOffset       behind the last whole record, in bytes
     * @param ended           the queue has closed the file, nothing can be appended to it
     * @param tailDamage      what is wrong behind the last whole record, or null
     * @param problem         why the queue cannot be given this file, or null
     * @param samples         the sequences of the records number 0, 256, 512, ... and of the last one
     */
    record Result(
            CycleFile file,
            List<Run> runs,
            long highestSequence,
            long endOffset,
            boolean ended,
            @Nullable Damage tailDamage,
            @Nullable String problem,
            List<Long> samples) {
        Result {
            runs = List.copyOf(runs);
            samples = List.copyOf(samples);
        }

        long records() {
            return runs.stream().mapToLong(Run::count).sum();
        }

        /** What is wrong in front of the first whole record; GAP if nothing is. */
        Damage headDamage() {
            return runs.isEmpty() ? Damage.GAP : runs.get(0).before();
        }
    }

    private FileScan(CycleFile file, FileChannel channel, long document, boolean newest, long floor, Target target) {
        this.floor = floor;
        this.file = file;
        this.channel = channel;
        this.chain = document;
        this.newest = newest;
        this.target = target;
    }

    /**
     * Scans a file.
     *
     * @param newest whether it is the newest file, which need not be ended, and to which a writer may be appending
     * @param floor  sequences up to this one are known to have been published
     */
    static Result scan(CycleFile file, boolean newest, long floor, Target target) throws IOException {
        return scan(file, 0, newest, floor, target);
    }

    /** Scans a file from a document on that is known to be whole. */
    static Result scan(CycleFile file, long document, boolean newest, long floor, Target target) throws IOException {
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
            FileScan scan = new FileScan(file, channel, document, newest, floor, target);
            if (!file.isWhole()) {
                scan.problem = "file was cut: bytes=" + channel.size();
            }
            return scan.run(document);
        }
    }

    private Result run(long document) throws IOException {
        scanFrom(document);
        while (hasMoreThanWasRead(Long.MAX_VALUE)) {
            scanFrom(chain);
        }
        long endOffset = chain;
        boolean ended = isEnded();
        if (unfinished.stream().mapToLong(RecordLayout::sequence).anyMatch(this::wasPublished)) {
            broken("published records lie behind a header that says they are not: offset=" + chain);
        }
        if (problem != null) {
            // The file will be made anew, and this is whole.
            acceptUnfinished();
        }
        boolean tailIsDamaged = chainBroken || !file.isWhole();
        Damage tailDamage = damageHere();
        if (!newest && !ended) {
            broken("file is not ended: offset=" + chain);
        }
        if (records > 0) {
            samples.add(run.last());
            runs.add(run);
        }
        return new Result(
                file,
                runs,
                highestSequence,
                endOffset,
                ended,
                tailIsDamaged ? tailDamage == Damage.GAP ? Damage.UNREACHABLE : tailDamage : null,
                problem,
                samples);
    }

    private boolean wasPublished(long sequence) {
        return sequence > run.last() && sequence <= floor;
    }

    private void scanFrom(long document) throws IOException {
        long at = document;
        while (has(at, DOCUMENT_HEADER_BYTES + RecordLayout.HEADER_BYTES + 1)) {
            int length = recordLength(at);
            if (length == 0) {
                garbage |= word(at) != 0;
                at = behindZeros(at + ALIGNMENT);
            } else if (hasMoreThanWasRead(at)) {
                at = chain;
            } else {
                found(at, length);
                at = behind(at, length);
            }
        }
    }

    /**
     * The bytes that were read may be older than what a writer has appended since, so that this place seems to lie beyond
     * the end. True if it is worth to read on from where the chain ended; only once from there.
     */
    private boolean hasMoreThanWasRead(long at) throws IOException {
        chain = behindIndexes(at);
        if (!newest || chain >= at || chain == rewoundTo) {
            return false;
        }
        windowLength = 0;
        chain = behindIndexes(at);
        if (chain >= at || !Wires.isReadyData(headerAt(chain))) {
            return false;
        }
        rewoundTo = chain;
        // Whatever was unfinished there is met again.
        forgetUnfinished();
        return true;
    }

    private void found(long at, int length) throws IOException {
        if (isUnpublished(at)) {
            // Nobody can see it, though all bytes are there; if others follow, it is whole all the same.
            unfinished.add(Arrays.copyOf(record, length));
            unfinishedEnd = behind(at, length);
            return;
        }
        int header = headerAt(at);
        boolean published = Wires.isReadyData(header) && Wires.lengthOf(header) == length;
        if (chain != at || !published) {
            broken("no way to a record: from=" + chain + " to=" + at);
        }
        if (!unfinished.isEmpty()) {
            byte[] here = Arrays.copyOf(record, length);
            acceptUnfinished();
            System.arraycopy(here, 0, record, 0, length);
        }
        accept(length);
        chain = behind(at, length);
    }

    /**
     * A writer that is at work, or was killed, leaves a batch that is not published behind all others: its first header says so, the rest follow
     * one another.
     */
    private boolean isUnpublished(long at) throws IOException {
        chain = behindIndexes(at);
        if (!newest || at - chain >= RecordBatch.FULL_BYTES) {
            return false;
        }
        int first = headerAt(chain);
        return (chain == at || unfinishedEnd == at) && Wires.isNotComplete(first) && first != DocumentFile.END_OF_FILE;
    }

    private void acceptUnfinished() throws IOException {
        List<byte[]> whole = List.copyOf(unfinished);
        forgetUnfinished();
        for (byte[] bytes : whole) {
            System.arraycopy(bytes, 0, record, 0, bytes.length);
            accept(bytes.length);
        }
    }

    private void forgetUnfinished() {
        unfinished.clear();
        unfinishedEnd = -1;
    }

    private void accept(int length) throws IOException {
        long sequence = RecordLayout.sequence(record);
        highestSequence = Math.max(highestSequence, sequence);
        if (records == 0) {
            run = new Run(sequence, sequence, damageHere());
        } else if (sequence == run.last() + 1) {
            run = new Run(run.first(), sequence, run.before());
        } else {
            runs.add(run);
            run = new Run(sequence, sequence, damageHere());
        }
        if (records++ % SAMPLE_RECORDS == 0) {
            samples.add(sequence);
        }
        target.record(record, length, runs.size());
        chainBroken = false;
        wrongHash = false;
        garbage = false;
    }

    /** What lies between the last whole record and here. */
    private Damage damageHere() {
        if (wrongHash) {
            return Damage.WRONG_HASH;
        }
        if (!chainBroken) {
            return Damage.GAP;
        }
        return garbage ? Damage.MALFORMED_RECORD : Damage.UNREACHABLE;
    }

    private void broken(String what) {
        chainBroken = true;
        if (problem == null) {
            problem = what;
        }
    }

    /** Follows the file's own header and its index pages, at most to this place. */
    private long behindIndexes(long to) throws IOException {
        long from = chain;
        while (from < to) {
            int header = headerAt(from);
            if (!Wires.isReadyMetaData(header) || from > 0 && !isIndex(from)) {
                return from;
            }
            from = behind(from, Wires.lengthOf(header));
        }
        return from;
    }

    /** A record whose header says by a flipped bit that it is none must not be passed over. */
    private boolean isIndex(long document) throws IOException {
        return hasName(document, FIRST_INDEX) || hasName(document, INDEX);
    }

    private boolean hasName(long document, byte[] name) throws IOException {
        if (!has(document, DOCUMENT_HEADER_BYTES + name.length)) {
            return false;
        }
        int from = (int) (document - windowStart) + DOCUMENT_HEADER_BYTES;
        return Arrays.equals(window, from, from + name.length, name, 0, name.length);
    }

    private static byte[] name(String name) {
        byte[] bytes = ("??" + name).getBytes(StandardCharsets.US_ASCII);
        bytes[0] = (byte) 0xB9;
        bytes[1] = (byte) name.length();
        return bytes;
    }

    private boolean isEnded() throws IOException {
        chain = behindIndexes(Long.MAX_VALUE);
        int header = headerAt(chain);
        if (header != 0 && !Wires.isNotComplete(header)) {
            broken("no whole record: offset=" + chain);
        }
        return header == DocumentFile.END_OF_FILE;
    }

    /** The length of the record that begins behind a document's header at this place, copied into the buffer; 0 if there is none. */
    private int recordLength(long at) throws IOException {
        int from = (int) (at - windowStart) + DOCUMENT_HEADER_BYTES;
        if (window[from] != RecordLayout.VERSION) {
            return 0;
        }
        int lane = window[from + RecordLayout.LANE_LENGTH_OFFSET];
        int canonical = (int) INT.get(window, from + RecordLayout.CANONICAL_LENGTH_OFFSET);
        if (lane < 1
                || lane > RecordLayout.MAX_LANE_BYTES
                || canonical < 1
                || canonical > RecordLayout.MAX_CANONICAL_BYTES) {
            return 0;
        }
        int length = RecordLayout.HEADER_BYTES + lane + canonical;
        int header = Math.min(length, RecordLayout.HEADER_BYTES + RecordLayout.MAX_LANE_BYTES);
        boolean complete = has(at, DOCUMENT_HEADER_BYTES + length);
        if (!complete && !has(at, DOCUMENT_HEADER_BYTES + header)) {
            return 0;
        }
        from = (int) (at - windowStart) + DOCUMENT_HEADER_BYTES;
        System.arraycopy(window, from, record, 0, complete ? length : header);
        if (layout.headerProblem(record, length) != null) {
            return 0;
        }
        if (complete && hashFits()) {
            return length;
        }
        if (isUnpublished(at)) {
            return 0;
        }
        wrongHash = true;
        highestSequence = Math.max(highestSequence, RecordLayout.sequence(record));
        broken("record is not whole: sequence=" + RecordLayout.sequence(record) + " offset=" + at);
        return 0;
    }

    private boolean hashFits() {
        try {
            return layout.hashProblem(record) == null;
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 does not fit its buffer", e);
        }
    }

    private static long behind(long document, int length) {
        return (document + DOCUMENT_HEADER_BYTES + length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Most of a file was never written: skipped by what compares many bytes at once. At most to the end of the window. */
    private long behindZeros(long at) {
        int from = (int) (at - windowStart);
        if (from + 2 * ALIGNMENT > windowLength || word(at) != 0 || word(at + ALIGNMENT) != 0) {
            return at;
        }
        int length = windowLength - from;
        int other = Arrays.mismatch(window, from, windowLength, ZEROS, 0, length);
        // The header of a document can be zero where its content is not.
        return at + Math.max(0, ((other < 0 ? length : other) & -ALIGNMENT) - ALIGNMENT);
    }

    private int word(long at) {
        return (int) INT.get(window, (int) (at - windowStart));
    }

    /** Zero, as where nothing was written, behind the file's end. */
    private int headerAt(long at) throws IOException {
        return has(at, DOCUMENT_HEADER_BYTES) ? word(at) : 0;
    }

    /** Brings so many bytes into the window, false if the file ends before. */
    private boolean has(long at, int bytes) throws IOException {
        if (at >= windowStart && at + bytes <= windowStart + windowLength) {
            return true;
        }
        windowStart = at;
        windowLength = 0;
        ByteBuffer buffer = ByteBuffer.wrap(window);
        int count = 0;
        while (buffer.hasRemaining() && count >= 0) {
            count = channel.read(buffer, at + buffer.position());
        }
        windowLength = buffer.position();
        return windowLength >= bytes;
    }
}
