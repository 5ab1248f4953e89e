package dev.firn.journal;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestException;
import net.openhft.chronicle.wire.Wires;
import org.jspecify.annotations.Nullable;

/**
 * Records that go behind the queue's last document many at a time, through the file and not through the queue's mapping of it.
 *
 * <p>A page that a process changes through a mapping costs it a fault, and costs whoever writes it back an interrupt of every processor on
 * which one of the process's threads runs, the emitting ones too. A page that is written through the file costs neither. And a disk that is
 * full is an ordinary error then, before anything of a record can be seen, where a mapping answers with a fault in the middle of it.
 *
 * <p>Readers follow the chain of documents, so the batch's first header decides: it is marked as being written before a byte of it changes,
 * and a single byte, its highest, makes all of the batch visible at once. Whatever ends the process in between, the chain ends in front of the
 * batch; {@link #clearBehind} removes what is left of it.
 *
 * <p>One thread, the writer's.
 */
final class RecordBatch implements AutoCloseable {
    private static final int HEADER_BYTES = Integer.BYTES;
    /** From here on a batch is full: none has a record that begins behind it. */
    static final int FULL_BYTES = 256 << 10;

    /** No batch is longer, so no more can be left unpublished. */
    static final int MAX_BYTES = FULL_BYTES + RecordLayout.MAX_RECORD_BYTES + 2 * HEADER_BYTES;

    private static final int PAGE_BYTES = 4 << 10;
    /** The queue may put a page of its index behind a record, 32 KiB and some more. */
    private static final int INDEX_BYTES = 64 << 10;

    /** The highest byte of a header, which is little-endian. */
    private static final int DECIDING_BYTE = 3;

    private static final byte BEING_WRITTEN = (byte) (Wires.NOT_COMPLETE >>> 24);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(MAX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final byte[] head = new byte[HEADER_BYTES + RecordLayout.HEADER_BYTES + RecordLayout.MAX_LANE_BYTES];
    private final ByteBuffer found = ByteBuffer.allocateDirect(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer decidingByte = ByteBuffer.allocateDirect(1);
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(INDEX_BYTES);

    private @Nullable Path file;
    private @Nullable FileChannel channel;
    private long position;
    private int count;
    private int last;

    /** The queue has written a document to this file, and the chain of documents ends here. */
    void begin(Path begun) throws IOException {
        close();
        file = begun;
        open();
    }

    /** The queue has written a document that ends here; there may be index pages behind it. */
    void continueBehind(long end) throws IOException {
        position = aligned(end);
        int header = headerAt(position);
        while (Wires.isReady(header)) {
            position = aligned(position + HEADER_BYTES + Wires.lengthOf(header));
            header = headerAt(position);
        }
        if (header != 0) {
            throw new IOException(
                    "file goes on where it should end: offset=" + position + " header=" + Integer.toHexString(header));
        }
    }

    private int headerAt(long offset) throws IOException {
        found.clear();
        while (found.hasRemaining()) {
            if (open().read(found, offset + found.position()) < 0) {
                // The file ends here, as if nothing was ever written.
                return 0;
            }
        }
        return found.getInt(0);
    }

    /** Where the next record will begin in the file. */
    long end() {
        return position + bytes.position();
    }

    int count() {
        return count;
    }

    /** Whether another record may be added, however long. */
    boolean hasRoom() {
        return bytes.position() < FULL_BYTES;
    }

    /** Takes a record, see {@link RecordLayout#encode}; writes nothing. */
    void add(
            RecordLayout layout,
            long sequence,
            long receivedAtMicros,
            byte[] lane,
            int laneLength,
            byte[] canonical,
            int canonicalLength)
            throws DigestException {
        int end = layout.encodeHead(
                head, HEADER_BYTES, sequence, receivedAtMicros, lane, laneLength, canonical, canonicalLength);
        INT.set(head, 0, end - HEADER_BYTES + canonicalLength);
        last = bytes.position();
        bytes.put(head, 0, end).put(canonical, 0, canonicalLength);
        while (bytes.position() % HEADER_BYTES != 0) {
            // Not what an earlier batch left there.
            bytes.put((byte) 0);
        }
        count++;
    }

    /**
     * Makes the batch visible. Repeated after an error it begins anew.
     *
     * @return where its last document begins
     * @throws IOException if the disk has no room, or refuses; nothing is visible then
     */
    long publish() throws IOException {
        int length = bytes.position();
        decide(BEING_WRITTEN);
        bytes.put(DECIDING_BYTE, BEING_WRITTEN);
        bytes.flip();
        try {
            write(bytes, position);
        } finally {
            bytes.limit(bytes.capacity()).position(length);
        }
        decide((byte) 0);
        long lastDocument = position + last;
        position += length;
        bytes.clear();
        count = 0;
        return lastDocument;
    }

    private void decide(byte value) throws IOException {
        decidingByte.put(0, value).clear();
        write(decidingByte, position + DECIDING_BYTE);
    }

    /**
     * Sees to it that the file has blocks for a record that the queue will write, so that its mapping can be written to. They are on the disk
     * when this returns: of blocks that are only promised or still to be marked as written, a full file system may take back its word.
     *
     * @throws IOException if the disk has no room, or refuses
     */
    void reserve(int recordLength) throws IOException {
        long to = aligned(position + HEADER_BYTES + recordLength + INDEX_BYTES);
        for (long at = position; at < to; at += zeros.limit()) {
            zeros.limit((int) Math.min(zeros.capacity(), to - at)).position(0);
            write(zeros, at);
        }
        open().force(false);
    }

    private void write(ByteBuffer source, long offset) throws IOException {
        int from = source.position();
        while (source.hasRemaining()) {
            open().write(source, offset + source.position() - from);
        }
    }

    /** An interrupt of the thread that writes closes the channel; what it was doing can be repeated. */
    private FileChannel open() throws IOException {
        FileChannel open = channel;
        if (open == null || !open.isOpen()) {
            if (file == null) {
                throw new IllegalStateException("no file is begun");
            }
            open = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel = open;
        }
        return open;
    }

    /**
     * Removes what a writer that was killed has left behind the end of the chain, as no later record would cover all of it. From the back, so
     * that whenever this ends what is left is still a batch that was not published.
     *
     * @return whether there was anything
     */
    static boolean clearBehind(Path file, long end) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            byte[] page = new byte[PAGE_BYTES];
            boolean any = false;
            long limit = Math.min(channel.size(), end + MAX_BYTES);
            for (long at = (limit - 1) / PAGE_BYTES * PAGE_BYTES; at > end - PAGE_BYTES; at -= PAGE_BYTES) {
                long from = Math.max(at, end);
                any |= clear(channel, ByteBuffer.wrap(page, 0, (int) (Math.min(at + PAGE_BYTES, limit) - from)), from);
            }
            if (any) {
                channel.force(false);
            }
            return any;
        }
    }

    private static boolean clear(FileChannel channel, ByteBuffer page, long from) throws IOException {
        int count = 0;
        while (page.hasRemaining() && count >= 0) {
            count = channel.read(page, from + page.position());
        }
        boolean any = false;
        for (int i = 0; i < page.limit(); i++) {
            any |= page.get(i) != 0;
            page.put(i, (byte) 0);
        }
        page.rewind();
        while (any && page.hasRemaining()) {
            channel.write(page, from + page.position());
        }
        return any;
    }

    private static long aligned(long offset) {
        return (offset + HEADER_BYTES - 1) & -HEADER_BYTES;
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
