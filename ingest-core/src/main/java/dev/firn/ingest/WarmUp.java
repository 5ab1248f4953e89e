package dev.firn.ingest;

import dev.firn.event.Event;
import dev.firn.event.EventEncoder;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends some thousands of events through a ring and a journal that are thrown away, so that the compiler has seen the path before the first
 * real event: a writer that is still interpreted takes ten times as long for a record, and a burst right after the start would fill the ring.
 */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(IngestClient.class);
    private static final int EVENTS = 24_000;
    private static final int BURST = 64;
    private static final String DIRECTORY = ".warm-up";
    private static final AtomicBoolean DONE = new AtomicBoolean();

    private WarmUp() {}

    /** For the only writer. The first call in a JVM does it, in a directory of its own in this one, and removes that; a failure is logged, and that is all. */
    static void once(IngestConfig config, RecordLog.Opener opener) {
        if (!DONE.compareAndSet(false, true)) {
            return;
        }
        Path scratch = config.directory().resolve(DIRECTORY);
        long start = System.nanoTime();
        try {
            // One that was killed left it.
            delete(scratch);
            run(scratch, opener, config);
            delete(scratch);
            LOG.debug("warm-up done: ms={}", (System.nanoTime() - start) / 1_000_000);
        } catch (Throwable e) {
            // Errors too: nothing depends on it.
            LOG.warn("warm-up failed, the first events will take longer: directory={}", scratch, e);
        }
    }

    private static void run(Path scratch, RecordLog.Opener opener, IngestConfig config) throws Exception {
        EventRing ring = new EventRing(BURST);
        EventEncoder encoder = new EventEncoder();
        Event event = encoded(encoder, 0).toEvent();
        try (RecordLog log = opener.open(scratch)) {
            DiskRoom room = new DiskRoom(log::usableBytes, config.minFreeBytes());
            RecordWriter writer = new RecordWriter(
                    ring,
                    log,
                    room,
                    new DroppedEvents(log.producerId(), config.clock()),
                    config.clock(),
                    log.lastSequence() + 1,
                    config.sourceLane());
            for (int i = 0; i < EVENTS && !room.isLow(); i++) {
                long now = config.clock().getAsLong();
                if (i / BURST % 2 == 0) {
                    ring.offer(event, null, now);
                } else {
                    ring.offer(null, encoded(encoder, i), now);
                }
                if (i % BURST == BURST - 1) {
                    writer.doWork();
                }
            }
        }
    }

    /** Of the length that is typical. */
    private static EventEncoder encoded(EventEncoder encoder, int i) {
        encoder.begin("conversation.message_sent")
                .tenant("warm-up")
                .actor("warm-up")
                .object("conversation", "c-0123456789")
                .attribute("message_id", "m-0123456789")
                .attribute("role", "assistant")
                .attribute("text", "warm-up warm-up warm-up warm-up warm-up warm-up")
                .attribute("tokens", i)
                .encode(i);
        return encoder;
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
