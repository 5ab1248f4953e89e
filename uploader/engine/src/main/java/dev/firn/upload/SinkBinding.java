package dev.firn.upload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The sink that a data directory is bound to by its first upload, kept in a file of one line: sequences that one
 * warehouse committed say nothing about another.
 */
public final class SinkBinding {
    private SinkBinding() {}

    /**
     * Binds the directory, or checks that it is bound to this sink.
     *
     * @throws IllegalStateException if it is bound to another one
     */
    public static void bind(Path file, String sinkName) {
        try {
            if (Files.exists(file)) {
                String bound = Files.readString(file).strip();
                if (!bound.equals(sinkName)) {
                    throw new IllegalStateException("the data directory is bound to another sink: bound=" + bound
                            + " asked=" + sinkName + " file=" + file
                            + ": use another --dir, or remove the file if all journals are to be sent there from"
                            + " the beginning");
                }
                return;
            }
            write(file, sinkName);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot bind the data directory to its sink: file=" + file, e);
        }
    }

    /**
     * Binds a directory to another sink, when {@link Handover} has moved all its journals there. May be done
     * again.
     *
     * @throws IllegalStateException if it is bound to neither of them
     */
    public static void rebind(Path file, String from, String to) {
        try {
            String bound = Files.exists(file) ? Files.readString(file).strip() : "";
            if (!bound.equals(from) && !bound.equals(to)) {
                throw new IllegalStateException("the data directory is not bound to the sink that is to be left: bound="
                        + bound + " from=" + from + " to=" + to + " file=" + file);
            }
            write(file, to);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot bind the data directory to its sink: file=" + file, e);
        }
    }

    private static void write(Path file, String sinkName) throws IOException {
        Path made = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                "sink",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(made, sinkName + "\n", StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
