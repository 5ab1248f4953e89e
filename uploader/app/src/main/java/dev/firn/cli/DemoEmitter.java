package dev.firn.cli;

import dev.firn.cli.demo.ChatPlatform;
import dev.firn.cli.demo.Step;
import dev.firn.event.DeadLetter;
import dev.firn.event.Event;
import dev.firn.event.EventParser;
import dev.firn.event.EventTime;
import dev.firn.event.InvalidEventException;
import dev.firn.ingest.EventClient;
import dev.firn.ingest.FlushReport;
import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/**
 * The application of the demo, in a process of its own: emits the simulated platform's steps into its journal, from the
 * step behind the journal's last record on, since every step is one record. Its parent kills it half-way.
 */
final class DemoEmitter {

    private static final String SOURCE = "chat-platform";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final IngestClient client;
    private final MappedByteBuffer accepted;
    private final EventParser parser = new EventParser();
    private long step;
    private long lastOccurredMicros;

    private DemoEmitter(IngestClient client, MappedByteBuffer accepted) {
        this.client = client;
        this.accepted = accepted;
    }

    /**
     * @param args journal directory, seed, number of events, file that tells the parent the last accepted sequence (it
     *             outlives a kill), steps a second or 0, the step at which to wait for the kill or -1, and the
     *             parent's process ID
     */
    public static void main(String[] args) throws IOException {
        endWith(Long.parseLong(args[6]));
        ChatPlatform platform = new ChatPlatform(Long.parseLong(args[1]), Long.parseLong(args[2]));
        try (FileChannel file = FileChannel.open(Path.of(args[3]), StandardOpenOption.READ, StandardOpenOption.WRITE);
                IngestClient client = IngestClient.open(
                        IngestConfig.builder(Path.of(args[0])).warmUp(false).build())) {
            MappedByteBuffer accepted = file.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
            new DemoEmitter(client, accepted).run(platform, Long.parseLong(args[4]), Long.parseLong(args[5]));
        }
    }

    /** Whoever kills the demo would leave an application behind that writes on, into a directory that may be wiped. */
    private static void endWith(long parentPid) {
        ProcessHandle parent = ProcessHandle.current()
                .parent()
                .filter(handle -> handle.pid() == parentPid)
                .orElse(null);
        if (parent == null) {
            Runtime.getRuntime().halt(Exit.FAILED);
        } else {
            parent.onExit().thenRun(() -> Runtime.getRuntime().halt(Exit.FAILED));
        }
    }

    private void run(ChatPlatform platform, long stepsPerSecond, long waitAt) {
        for (long last = client.lastSequence(); step < last; ) {
            next(platform);
        }
        long startNs = System.nanoTime();
        for (long done = 0; platform.hasNext(); done++) {
            if (stepsPerSecond > 0 && done % 64 == 0) {
                long dueNs = startNs + done * 1_000_000_000L / stepsPerSecond;
                for (long left = dueNs - System.nanoTime(); left > 0; left = dueNs - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
            }
            long sequence = emit(next(platform));
            if (sequence == 1) {
                // The first write takes as long as some thousand others: a kill would find an empty journal.
                client.awaitDurable(sequence, TIMEOUT);
            }
            accepted.putLong(0, sequence);
            while (sequence == waitAt) {
                LockSupport.park();
            }
        }
        FlushReport report = client.close(TIMEOUT);
        if (!report.complete()) {
            throw new IllegalStateException("the journal did not take everything: " + report);
        }
    }

    private Step next(ChatPlatform platform) {
        Step next = platform.next();
        step++;
        Event event = next.event();
        if (event != null) {
            lastOccurredMicros = event.occurredAtMicros();
        }
        return next;
    }

    private long emit(Step next) {
        long sequence = EventClient.RING_FULL;
        while (sequence == EventClient.RING_FULL) {
            sequence = next.event() != null ? client.emit(next.event()) : client.emitSystem(deadLetter(next));
        }
        if (sequence < 0) {
            throw new IllegalStateException("the client refused an event: outcome=" + EventClient.outcome(sequence));
        }
        return sequence;
    }

    private Event deadLetter(Step malformed) {
        byte[] line = Objects.requireNonNull(malformed.line(), "line");
        try {
            parser.parse(line, 0, line.length);
        } catch (InvalidEventException e) {
            Instant at = EventTime.instant(lastOccurredMicros);
            return DeadLetter.of(e, SOURCE, step).toEvents(line, at).get(0);
        }
        throw new IllegalStateException("a line that was meant to be malformed is an event");
    }

    /** The last sequence that an emitter accepted, by the file that it writes. */
    static long accepted(ByteBuffer file) {
        return file.getLong(0);
    }
}
