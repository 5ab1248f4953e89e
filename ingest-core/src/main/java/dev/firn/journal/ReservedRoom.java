package dev.firn.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Room in the file ahead of the writer, for which the file system has blocks and the memory has pages.
 *
 * <p>A write into a mapped file for which the disk has no block left is a fault that the JVM may report only after the next record: by then
 * the torn one counts as written. And the first touch of a page costs the system an allocation and the zeroing of 4 KiB in the writer's way,
 * several times as much as the records that go there. Both are over before the writer comes if zeros were written there through the file: a
 * full disk is then an ordinary error, before anything of a record is written.
 *
 * <p>Zeros go only behind what is reserved, and the writer only where it is: a page is never written to by both. Chronicle Queue writes
 * nothing behind the record that it is at but that record, an index page of 32 KiB now and then, and the file's end mark.
 *
 * <p>The writer calls {@link #begun}, {@link #at} and {@link #suffices}, any other thread {@link #advance}.
 */
final class ReservedRoom implements AutoCloseable {
    /** The longest record and what the queue may put around it. */
    static final long NEEDED_BYTES = RecordLayout.MAX_RECORD_BYTES + (256L << 10);

    private static final int PAGE_BYTES = 4 << 10;
    private static final int STEP_BYTES = 256 << 10;
    private static final long LEAST_AHEAD_BYTES = 2L << 20;
    private static final long MOST_AHEAD_BYTES = 8L << 20;

    private final ByteBuffer zeros = ByteBuffer.allocateDirect(STEP_BYTES);

    private volatile long position;
    private volatile long reserved;
    private volatile long begunAt;
    private volatile boolean isBegun;

    private @Nullable FileChannel channel;
    private boolean closed;

    /** The writer has written its first record to this file, up to here. */
    synchronized void begun(Path file, long offset) throws IOException {
        closeFile();
        position = offset;
        begunAt = offset;
        reserved = (offset + PAGE_BYTES - 1) & -PAGE_BYTES;
        channel = FileChannel.open(file, StandardOpenOption.WRITE);
        isBegun = true;
    }

    /** The writer has written up to here. */
    void at(long offset) {
        position = offset;
    }

    /**
     * Whether the next record has room, whatever its length. Reserves what is missing itself, if nobody did in time.
     *
     * @throws IOException if the disk has no room, or refuses
     */
    boolean suffices() throws IOException {
        // Where the first record of a file will go only the queue knows.
        while (isBegun && reserved - position < NEEDED_BYTES) {
            if (!step(position + NEEDED_BYTES)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reserves two to eight megabytes ahead of the writer, no further than it has come since it began. False if there was nothing to do.
     *
     * @throws IOException if the disk has no room, or refuses
     */
    boolean advance() throws IOException {
        if (!isBegun) {
            return false;
        }
        boolean any = false;
        while (step(position + Math.max(LEAST_AHEAD_BYTES, Math.min(position - begunAt, MOST_AHEAD_BYTES)))) {
            any = true;
        }
        return any;
    }

    /** One step towards the target, the writer may come in between; false if there is none to do. */
    private synchronized boolean step(long target) throws IOException {
        FileChannel open = channel;
        // The file's length is the queue's to change; it is always further than a record can reach.
        long to = open == null || closed ? 0 : Math.min(target, open.size());
        if (open == null || reserved >= to) {
            return false;
        }
        zeros.clear();
        zeros.limit((int) Math.min(STEP_BYTES, open.size() - reserved));
        while (zeros.hasRemaining()) {
            reserved += open.write(zeros, reserved);
        }
        return true;
    }

    private void closeFile() throws IOException {
        FileChannel open = channel;
        channel = null;
        isBegun = false;
        if (open != null) {
            open.close();
        }
    }

    /** Waits for a step that is under way; there is none after it. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        closeFile();
    }
}
