package dev.firn.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Has the pages that the writer comes to next in memory before it does. The first touch of a page of a mapped file that was never written
 * costs the system an allocation and the zeroing of 4 KiB, several times as much as the records that go there; reading the hole through the
 * file instead does the same for many pages at once, on another thread, and changes neither the file nor the disk.
 *
 * <p>The writer calls {@link #at}, any one other thread {@link #advance} and {@link #close}.
 */
final class ReadAhead implements AutoCloseable {
    private static final int STEP_BYTES = 256 << 10;
    private static final long MAX_DISTANCE_BYTES = 8L << 20;

    private final ByteBuffer ignored = ByteBuffer.allocateDirect(STEP_BYTES);
    private volatile @Nullable Path file;
    private volatile long begunAt;
    private volatile long position;

    private @Nullable Path openFile;
    private @Nullable FileChannel channel;
    private long ready;
    private boolean closed;

    /** The writer has written its first record to this file, and has told where that ends. */
    void begun(Path begun) {
        begunAt = position;
        file = begun;
    }

    /** The writer has written up to here. */
    void at(long offset) {
        position = offset;
    }

    /** Reads what is missing of the distance; false if that was nothing. */
    synchronized boolean advance() throws IOException {
        Path current = file;
        if (current == null || closed) {
            return false;
        }
        if (!current.equals(openFile)) {
            closeFile();
            channel = FileChannel.open(current, StandardOpenOption.READ);
            openFile = current;
            ready = 0;
        }
        long start = position;
        long from = Math.max(ready, start);
        // No further than the writer has come, so that few events cost little.
        long to = Math.min(start + Math.min(start - begunAt, MAX_DISTANCE_BYTES), channel.size());
        if (from + STEP_BYTES > to) {
            return false;
        }
        while (from < to) {
            ignored.clear();
            int read = channel.read(ignored, from);
            if (read < 0) {
                break;
            }
            from = Math.max(from + read, position);
        }
        ready = from;
        return true;
    }

    private void closeFile() throws IOException {
        FileChannel open = channel;
        channel = null;
        openFile = null;
        if (open != null) {
            open.close();
        }
    }

    /** Waits for an {@link #advance} that is under way; there is none after it. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        closeFile();
    }
}
