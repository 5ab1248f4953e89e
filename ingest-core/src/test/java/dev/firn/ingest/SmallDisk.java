package dev.firn.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A file system of 200 MB of its own, and ballast to fill it with. Only root can mount one; elsewhere the test is skipped and says why. */
final class SmallDisk implements AutoCloseable {
    private static final String SIZE = "200M";
    private static final long COMMAND_SECONDS = 30;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 20);

    enum Kind {
        TMPFS,
        EXT4
    }

    private final Path path;
    private final Path image;
    private final List<Path> ballast = new ArrayList<>();

    private SmallDisk(Path path, Path image) {
        this.path = path;
        this.image = image;
    }

    /** @param directory a directory that takes the mount point and, for a disk that is a file, that file */
    static SmallDisk mount(Kind kind, Path directory) throws IOException {
        SmallDisk disk = new SmallDisk(
                Files.createDirectories(directory.resolve("disk-" + kind)), directory.resolve("image-" + kind));
        String problem = switch (kind) {
            case TMPFS -> run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", disk.path.toString());
            case EXT4 -> disk.mountImage();
        };
        if (!problem.isEmpty()) {
            Files.deleteIfExists(disk.image);
            Assumptions.abort("no " + kind + " of its own to fill, which takes root and mount: " + problem);
        }
        return disk;
    }

    private String mountImage() {
        String file = image.toString();
        String problem = run("truncate", "-s", SIZE, file);
        // Without the part that is root's alone: it would be room that the client cannot see and the test has.
        problem = problem.isEmpty() ? run("mkfs.ext4", "-q", "-m", "0", file) : problem;
        return problem.isEmpty() ? run("mount", "-o", "loop", file, path.toString()) : problem;
    }

    /** Empty if it went well, else what went wrong. */
    private static String run(String... command) {
        String name = String.join(" ", command);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return name + " does not end";
            }
            return process.exitValue() == 0 ? "" : name + ": exit=" + process.exitValue() + " " + output.strip();
        } catch (IOException e) {
            return name + ": " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return name + " was interrupted";
        }
    }

    Path path() {
        return path;
    }

    long usableBytes() {
        try {
            return Files.getFileStore(path).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes room until no more than this is left, in one more file, as fast as the system can; 0 takes all there is. */
    void fillUpTo(long bytesLeft) throws IOException {
        Path file = path.resolve("ballast-" + ballast.size());
        ballast.add(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long left = usableBytes() - bytesLeft; bytesLeft == 0 || left > 0; left = usableBytes() - bytesLeft) {
                ByteBuffer part = ZEROS.duplicate();
                channel.write(part.limit((int) (bytesLeft == 0 ? part.capacity() : Math.min(part.capacity(), left))));
            }
        } catch (IOException e) {
            if (bytesLeft > 0) {
                throw e;
            }
            // No room left, as it was to be.
        }
    }

    /** Gives the room of all ballast back. */
    void removeBallast() throws IOException {
        for (Path file : ballast) {
            Files.deleteIfExists(file);
        }
        ballast.clear();
    }

    @Override
    public void close() throws IOException {
        try {
            // Mapped files are let go of a moment after they are closed.
            Await.until(
                    "unmounted " + path, () -> run("umount", path.toString()).isEmpty());
        } catch (AssertionError e) {
            // Gone from the directory at once, from the system once nobody has a file of it open.
            run("umount", "--lazy", path.toString());
            throw e;
        } finally {
            Files.deleteIfExists(image);
        }
    }
}
