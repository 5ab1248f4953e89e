package dev.firn.benchmarks.latency;

import dev.firn.event.ContentId;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Encodes, hashes and appends to a Chronicle Queue on the caller's thread under a lock, as its manual shows it: hash and canonical form in one
 * document. A thread brings the file onto the disk as often as Firn does.
 */
final class ChronicleTarget implements Target {
    private static final int MAX_BYTES = 4_096;

    static {
        // As the journal has it; no part of what is measured.
        System.setProperty("chronicle.announcer.disable", "true");
        System.setProperty("chronicle.disk.monitor.disable", "true");
    }

    private final Path directory;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final GroupSync sync;
    private final ChatMessage[] messages;
    private final LineEncoder encoder = new LineEncoder();
    private final ContentId contentId = new ContentId();
    private final byte[] document = new byte[MAX_BYTES];
    private @Nullable FileChannel channel;

    ChronicleTarget(Path directory, ChatMessage[] messages) {
        this.directory = directory;
        this.messages = messages;
        this.queue = open(directory);
        this.appender = queue.createAppender();
        appender.singleThreadedCheckDisabled(true);
        this.sync = new GroupSync(this::sync);
    }

    private static SingleChronicleQueue open(Path directory) {
        return SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(RollCycles.FAST_HOURLY)
                .build();
    }

    @Override
    public synchronized void accept(int index) {
        int length = encoder.canonical(messages[index]);
        contentId.hash(encoder.buffer(), LineEncoder.CANONICAL_OFFSET, length, document, 0);
        System.arraycopy(encoder.buffer(), LineEncoder.CANONICAL_OFFSET, document, ContentId.HASH_LENGTH, length);
        try (DocumentContext context = appender.writingDocument()) {
            wire(context).bytes().write(document, 0, ContentId.HASH_LENGTH + length);
        }
    }

    private static Wire wire(DocumentContext context) {
        Wire wire = context.wire();
        if (wire == null) {
            throw new IllegalStateException("a document has no wire");
        }
        return wire;
    }

    /** The queue's own does nothing without its native library. A run is shorter than an hour: one file. */
    private void sync() throws IOException {
        File file = appender.currentFile();
        if (channel == null && file != null) {
            channel = FileChannel.open(file.toPath(), StandardOpenOption.WRITE);
        }
        if (channel != null) {
            channel.force(false);
        }
    }

    @Override
    public void awaitWritten(long taken) {
        // An append that has returned is in the mapped file.
    }

    @Override
    public void close() throws IOException {
        sync.close();
        sync();
        appender.close();
        queue.close();
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public long countStored() {
        Stored stored = new Stored();
        long count = 0;
        try (SingleChronicleQueue found = open(directory);
                ExcerptTailer tailer = found.createTailer()) {
            while (true) {
                try (DocumentContext context = tailer.readingDocument()) {
                    if (!context.isPresent()) {
                        return count;
                    }
                    Bytes<?> bytes = wire(context).bytes();
                    int length = (int) bytes.readRemaining();
                    bytes.read(document, 0, length);
                    stored.check(
                            count++,
                            ContentId.hex(document, 0),
                            new String(
                                    document,
                                    ContentId.HASH_LENGTH,
                                    length - ContentId.HASH_LENGTH,
                                    StandardCharsets.UTF_8));
                }
            }
        }
    }
}
