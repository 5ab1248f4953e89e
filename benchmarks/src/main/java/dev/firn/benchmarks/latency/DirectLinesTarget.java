package dev.firn.benchmarks.latency;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Encodes, hashes and writes each line with a system call of its own, on the caller's thread under a lock. Never synced. */
final class DirectLinesTarget implements Target {
    private static final int BUFFER_BYTES = 64 << 10;

    private final Path file;
    private final FileChannel out;
    private final ChatMessage[] messages;
    private final LineEncoder encoder = new LineEncoder();
    /** Outside of the heap, or the channel would copy into one that is. */
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    DirectLinesTarget(Path file, ChatMessage[] messages) throws IOException {
        this.file = file;
        this.out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        this.messages = messages;
    }

    @Override
    public synchronized void accept(int index) throws IOException {
        int length = encoder.line(messages[index]);
        buffer.clear().put(encoder.buffer(), 0, length).flip();
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }

    @Override
    public void awaitWritten(long taken) {
        // A write that has returned is in the file.
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    @Override
    public long countStored() throws IOException {
        return Stored.lines(file);
    }
}
