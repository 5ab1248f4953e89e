package dev.firn.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Brings the files that the writer appends to onto the disk. It uses channels of its own: forcing a file writes back its mapped pages
 * whoever dirtied them, while Chronicle's own sync does nothing without its native library.
 *
 * <p>The writer announces files with {@link #begun}; any one other thread at a time calls the rest.
 */
final class SyncedFiles implements AutoCloseable {
    private final Path directory;
    private final Queue<Path> begun = new ConcurrentLinkedQueue<>();
    private @Nullable FileChannel current;

    SyncedFiles(Path directory) {
        this.directory = directory;
    }

    /** The writer appends to this file from now on; to be called before its first record is announced. */
    void begun(Path file) {
        begun.add(file);
    }

    /** Returns when everything that was appended before the call is on disk. */
    void force() throws IOException {
        for (Path file = begun.poll(); file != null; file = begun.poll()) {
            moveOnTo(file);
        }
        if (current != null) {
            current.force(false);
        }
    }

    /** The old file first: a record must not be durable before those in front of it. */
    private void moveOnTo(Path file) throws IOException {
        FileChannel old = current;
        if (old != null) {
            old.force(false);
            old.close();
        }
        PrivateFiles.restrict(file);
        current = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        // The name, and the table that tells readers of the file.
        PrivateFiles.syncDirectory(directory);
        PrivateFiles.syncFile(directory.resolve(Queues.TABLE));
    }

    /** Brings the files of an earlier run onto the disk: its last sync may have been long before its end. */
    void forceExisting() throws IOException {
        List<CycleFile> files = CycleFile.list(directory);
        // A run that ended within a roll leaves two files unsynced.
        force(files.subList(Math.max(0, files.size() - 2), files.size()));
    }

    /** Brings every file onto the disk: nothing is known of who wrote them. */
    void forceAll() throws IOException {
        force(CycleFile.list(directory));
    }

    private void force(List<CycleFile> files) throws IOException {
        for (CycleFile file : files) {
            PrivateFiles.restrict(file.path());
            PrivateFiles.syncFile(file.path());
        }
        PrivateFiles.syncFile(directory.resolve(Queues.TABLE));
        PrivateFiles.syncDirectory(directory);
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            current.close();
        }
    }
}
