package dev.firn.benchmarks.latency;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Encodes, hashes and writes a line into a buffered stream, on the caller's thread under a lock. Never synced. */
final class BufferedLinesTarget implements Target {
    private static final int BUFFER_BYTES = 64 << 10;

    private final Path file;
    private final OutputStream out;
    private final ChatMessage[] messages;
    private final LineEncoder encoder = new LineEncoder();

    BufferedLinesTarget(Path file, ChatMessage[] messages) throws IOException {
        this.file = file;
        this.out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES);
        this.messages = messages;
    }

    @Override
    public synchronized void accept(int index) throws IOException {
        int length = encoder.line(messages[index]);
        out.write(encoder.buffer(), 0, length);
    }

    @Override
    public synchronized void awaitWritten(long taken) throws IOException {
        out.flush();
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
