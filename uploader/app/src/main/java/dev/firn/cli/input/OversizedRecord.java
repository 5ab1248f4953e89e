package dev.firn.cli.input;

import dev.firn.event.DeadLetter;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A record too long for memory: its size, its hash, and its bytes in the parts that dead letters have.
 *
 * <p>The bytes stand in a file that only its owner may read and that is deleted when the record is closed (where the
 * system allows it, as soon as it is open, so that a crash leaves nothing behind).
 */
public final class OversizedRecord implements Closeable {
    private final @Nullable FileChannel file;
    private final MessageDigest digest = sha256();
    private final byte[] held = new byte[1];
    private boolean holds;
    private long sizeBytes;
    private String hash = "";

    /** @param directory where the bytes are kept, or null if only size and hash are of interest */
    OversizedRecord(@Nullable Path directory) throws IOException {
        file = directory == null
                ? null
                : FileChannel.open(
                        directory.resolve("record-" + UUID.randomUUID() + ".tmp"),
                        Set.of(
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.DELETE_ON_CLOSE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** The last byte is held back: it may turn out to be half of the line end. */
    void append(byte[] source, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        releaseHeld();
        write(source, offset, length - 1);
        held[0] = source[offset + length - 1];
        holds = true;
    }

    void finish(boolean dropCarriageReturn) throws IOException {
        if (!(dropCarriageReturn && holds && held[0] == '\r')) {
            releaseHeld();
        }
        hash = HexFormat.of().formatHex(digest.digest());
    }

    private void releaseHeld() throws IOException {
        if (holds) {
            holds = false;
            write(held, 0, 1);
        }
    }

    private void write(byte[] source, int offset, int length) throws IOException {
        digest.update(source, offset, length);
        sizeBytes += length;
        if (file != null) {
            ByteBuffer bytes = ByteBuffer.wrap(source, offset, length);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        }
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** SHA2-256 of all bytes in 64 lower-case hex digits. */
    public String hash() {
        return hash;
    }

    /** How many dead letters the record needs. */
    public int parts() {
        return DeadLetter.parts(sizeBytes);
    }

    /** @param part 1 to {@link #parts} */
    public byte[] part(int part) throws IOException {
        if (file == null) {
            throw new IllegalStateException("the bytes were not kept: sizeBytes=" + sizeBytes);
        }
        if (part < 1 || part > parts()) {
            throw new IllegalArgumentException("no such part: part=" + part + " parts=" + parts());
        }
        long from = parts() == 1 ? 0 : (part - 1L) * DeadLetter.PART_BYTES;
        long to = parts() == 1 ? sizeBytes : Math.min(sizeBytes, from + DeadLetter.PART_BYTES);
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(to - from));
        while (bytes.hasRemaining()) {
            if (file.read(bytes, from + bytes.position()) < 0) {
                throw new EOFException("the spooled record is shorter than it was: sizeBytes=" + sizeBytes);
            }
        }
        return bytes.array();
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
