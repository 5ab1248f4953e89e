package dev.firn.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.wire.Wires;

/**
 * A journal file as plain bytes, for when it is not sure that the queue can make sense of it, or that it says all it knows.
 *
 * <p>It is a chain of documents: a header of four bytes with the length, the content, and up to three bytes until the next multiple of four.
 * The first is the file's own header, then come two index pages, then records with further index pages between them. A document's header is
 * written last, so that one which is ready is whole.
 */
final class DocumentFile implements AutoCloseable {
    static final long NONE = -1;
    /** What the queue writes behind the last document of a file that it has ended. */
    static final int END_OF_FILE = Wires.NOT_COMPLETE | Wires.META_DATA;

    private static final int HEADER_BYTES = Integer.BYTES;
    /** The two index pages in front of the first record are longer than this. */
    private static final int BEFORE_RECORDS_BYTES = 64 << 10;

    private final FileChannel channel;
    private final ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private DocumentFile(FileChannel channel) {
        this.channel = channel;
    }

    static DocumentFile open(Path file) throws IOException {
        return new DocumentFile(FileChannel.open(file, StandardOpenOption.READ));
    }

    /** Whether the file's own header is there. Without it the file cannot be given to the queue. */
    boolean isBegun() throws IOException {
        return Wires.isReady(headerAt(0));
    }

    /** True if no record leads from the file's beginning and none was begun where the first one goes. Reads 64 KiB. */
    boolean isUnfinished() throws IOException {
        return firstRecord() == NONE && isZero(BEFORE_RECORDS_BYTES, 2L * BEFORE_RECORDS_BYTES);
    }

    /**
     * True for a file whose writer was killed, or is at work, before the first record was begun: there is nothing in it to lose. A file that
     * lost its beginning is none. Reads all of the file, which is fast where nothing was ever written.
     */
    boolean holdsNothing() throws IOException {
        return isUnfinished() && isZero(BEFORE_RECORDS_BYTES, Long.MAX_VALUE);
    }

    private boolean isZero(long from, long to) throws IOException {
        byte[] part = new byte[BEFORE_RECORDS_BYTES];
        for (long at = from; at < to; at += part.length) {
            ByteBuffer buffer = ByteBuffer.wrap(part);
            readInto(buffer, at);
            for (int i = 0; i < buffer.position(); i++) {
                if (part[i] != 0) {
                    return false;
                }
            }
            if (buffer.hasRemaining()) {
                return true;
            }
        }
        return true;
    }

    /** Where the first record begins, or {@link #NONE}. */
    long firstRecord() throws IOException {
        for (long at = 0; ; at = next(at)) {
            int found = headerAt(at);
            if (!Wires.isReady(found)) {
                return NONE;
            }
            if (Wires.isReadyData(found)) {
                return at;
            }
        }
    }

    /** Whether the queue has ended the file behind this document, so that nothing more can be appended. */
    boolean isEndedBehind(long document) throws IOException {
        return isEndedAt(endBehind(document));
    }

    /** Where the chain ends that leads on from this document. */
    long endBehind(long document) throws IOException {
        long at = document;
        while (Wires.isReady(headerAt(at))) {
            at = next(at);
        }
        return at;
    }

    boolean isEndedAt(long end) throws IOException {
        return headerAt(end) == END_OF_FILE;
    }

    /** Where the last record begins that the chain from this document leads to, or {@link #NONE}. */
    long lastRecordFrom(long document) throws IOException {
        long last = NONE;
        for (long at = document; ; at = next(at)) {
            int found = headerAt(at);
            if (!Wires.isReady(found)) {
                return last;
            }
            if (Wires.isReadyData(found)) {
                last = at;
            }
        }
    }

    /** Length of the document that begins here. */
    int length(long document) throws IOException {
        return Wires.lengthOf(headerAt(document));
    }

    /** Copies the beginning of a document's content; false if the file ends before. */
    boolean read(long document, byte[] target, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target, 0, length);
        readInto(buffer, document + HEADER_BYTES);
        return !buffer.hasRemaining();
    }

    private long next(long document) throws IOException {
        long end = document + HEADER_BYTES + length(document);
        return (end + HEADER_BYTES - 1) & -HEADER_BYTES;
    }

    /** Zero, as where nothing was written, behind the file's end. */
    private int headerAt(long offset) throws IOException {
        header.clear();
        readInto(header, offset);
        return header.hasRemaining() ? 0 : header.getInt(0);
    }

    private void readInto(ByteBuffer buffer, long offset) throws IOException {
        int from = buffer.position();
        int count = 0;
        while (buffer.hasRemaining() && count >= 0) {
            count = channel.read(buffer, offset + buffer.position() - from);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
