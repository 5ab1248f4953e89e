package dev.firn.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The right to write to a journal: an operating system lock on {@code writer.lock}, which ends with the process however that ends.
 *
 * <p>Linux drops a process's lock on a file when the process closes <em>any</em> descriptor of it. So within one process a table decides
 * first, and nothing else may open the file.
 */
final class WriterLock implements AutoCloseable {
    static final String FILE_NAME = "writer.lock";
    private static final int MAX_OWNER_BYTES = 512;
    private static final Map<Path, String> HELD_HERE = new ConcurrentHashMap<>();
    // Closing one of these would take the lock away from its holder.
    private static final Queue<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

    private final Path key;
    private final FileChannel channel;
    private final FileLock lock;

    private WriterLock(Path key, FileChannel channel, FileLock lock) {
        this.key = key;
        this.channel = channel;
        this.lock = lock;
    }

    static WriterLock acquire(Path directory) throws IOException {
        Path key = directory.toRealPath();
        String owner = "pid=" + ProcessHandle.current().pid() + " host=" + Host.name() + " since="
                + Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String holder = HELD_HERE.putIfAbsent(key, owner);
        if (holder != null) {
            throw new JournalLockedException(directory, holder);
        }
        boolean acquired = false;
        try {
            WriterLock result = lockFile(directory, key, owner);
            acquired = true;
            return result;
        } finally {
            if (!acquired) {
                HELD_HERE.remove(key);
            }
        }
    }

    private static WriterLock lockFile(Path directory, Path key, String owner) throws IOException {
        FileChannel channel = PrivateFiles.open(directory.resolve(FILE_NAME));
        boolean keep = false;
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new JournalLockedException(directory, readOwner(channel));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((owner + "\n").getBytes(StandardCharsets.UTF_8)), 0);
            keep = true;
            return new WriterLock(key, channel, lock);
        } catch (OverlappingFileLockException e) {
            // Held in this JVM by another class loader's copy of this class.
            keep = true;
            NEVER_CLOSED.add(channel);
            throw new JournalLockedException(directory, readOwner(channel));
        } finally {
            if (!keep) {
                channel.close();
            }
        }
    }

    private static String readOwner(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_OWNER_BYTES);
        channel.read(buffer, 0);
        String owner = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip();
        return owner.isEmpty() ? "pid=unknown host=unknown since=unknown" : owner;
    }

    @Override
    public void close() throws IOException {
        try {
            if (channel.isOpen()) {
                channel.truncate(0);
                lock.release();
            }
        } finally {
            channel.close();
            HELD_HERE.remove(key);
        }
    }
}
