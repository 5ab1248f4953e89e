package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What the last writer left in the file {@code durable}: how it ended, and up to where the records were on disk. An old value is still true,
 * since what was durable stays so. Numbers are little-endian.
 *
 * <table>
 * <caption>The file</caption>
 * <tr><th>offset</th><th>bytes</th><th>field</th></tr>
 * <tr><td>0</td><td>8</td><td>"firndur1"</td></tr>
 * <tr><td>8</td><td>4</td><td>1 = a writer has it or ended without closing it, 2 = closed</td></tr>
 * <tr><td>12</td><td>4</td><td>cycle of the oldest file when this was written, -1 = there was none</td></tr>
 * <tr><td>16</td><td>8</td><td>durable sequence</td></tr>
 * <tr><td>24</td><td>8</td><td>first sequence of the oldest file, 0 = there was none</td></tr>
 * <tr><td>32</td><td>4</td><td>records go into no file of an earlier cycle than this</td></tr>
 * <tr><td>36</td><td>36</td><td>boot id of the machine, ASCII; spaces where it has none</td></tr>
 * <tr><td>72</td><td>4</td><td>CRC-32C of bytes 0 to 71</td></tr>
 * </table>
 */
record JournalState(
        boolean closed, long durable, int oldestCycle, long oldestSequence, int minimumCycle, String bootId) {
    static final String FILE_NAME = "durable";
    static final int NO_CYCLE = -1;

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final byte[] MAGIC = "firndur1".getBytes(StandardCharsets.US_ASCII);
    private static final int BOOT_ID_BYTES = 36;
    private static final int CRC_OFFSET = 72;
    private static final int BYTES = 76;
    private static final int OPEN = 1;
    private static final int CLOSED = 2;

    JournalState {
        requireNonNull(bootId, "bootId");
    }

    /** Empty if there is none, or none that can be believed. */
    static Optional<JournalState> read(Path directory) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(directory.resolve(FILE_NAME));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (bytes.length != BYTES || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int how = buffer.getInt(8);
        if (buffer.getInt(CRC_OFFSET) != crc(bytes) || how != OPEN && how != CLOSED) {
            return Optional.empty();
        }
        return Optional.of(new JournalState(
                how == CLOSED,
                buffer.getLong(16),
                buffer.getInt(12),
                buffer.getLong(24),
                buffer.getInt(32),
                new String(bytes, 36, BOOT_ID_BYTES, StandardCharsets.US_ASCII).strip()));
    }

    /** The identity of this run of the machine's kernel; empty where the system tells none. */
    static String currentBootId() {
        try {
            return Files.readString(BOOT_ID, StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** True if all that was written before is still there: a process may have ended, the machine did not. */
    boolean isOfThisBoot() {
        return !bootId.isEmpty() && bootId.equals(currentBootId());
    }

    /** Replaces the file atomically and durably. */
    void write(Path directory) throws IOException {
        PrivateFiles.replace(directory.resolve(FILE_NAME), encode());
    }

    private byte[] encode() {
        byte[] bytes = new byte[BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(MAGIC);
        buffer.putInt(closed ? CLOSED : OPEN);
        buffer.putInt(oldestCycle);
        buffer.putLong(durable);
        buffer.putLong(oldestSequence);
        buffer.putInt(minimumCycle);
        Arrays.fill(bytes, 36, CRC_OFFSET, (byte) ' ');
        byte[] id = bootId.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(id, 0, bytes, 36, Math.min(id.length, BOOT_ID_BYTES));
        buffer.putInt(CRC_OFFSET, crc(bytes));
        return bytes;
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CRC_OFFSET);
        return (int) crc.getValue();
    }

    /** Keeps the file up to date while a journal is open. One thread at a time. */
    static final class Writer implements AutoCloseable {
        private final Path directory;
        private final FileChannel channel;
        private JournalState state;

        /** Makes the state durable first. */
        Writer(Path directory, JournalState state) throws IOException {
            this.directory = directory;
            this.state = state;
            state.write(directory);
            this.channel = FileChannel.open(directory.resolve(FILE_NAME), StandardOpenOption.WRITE);
        }

        /** Notes it without waiting for the disk: one short write. */
        void durable(long sequence) throws IOException {
            state = new JournalState(
                    false, sequence, state.oldestCycle, state.oldestSequence, state.minimumCycle, state.bootId);
            ByteBuffer buffer = ByteBuffer.wrap(state.encode());
            while (buffer.hasRemaining()) {
                channel.write(buffer, buffer.position());
            }
        }

        /** Notes durably that everything was closed in order. */
        void closed(int oldestCycle, long oldestSequence) throws IOException {
            new JournalState(true, state.durable, oldestCycle, oldestSequence, state.minimumCycle, state.bootId)
                    .write(directory);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
