package dev.firn.ingest;

import dev.firn.event.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that emits under the eyes of a tracer. Around each round it asks for a file that is not there: two system calls that the tracer
 * sees, and between which there should be none of this thread.
 */
final class SystemCallChild {
    static final int ROUNDS = 8;
    /** Less than a ring, so that nothing ever waits for room. */
    private static final int BURST = 4_000;

    private static final int BURSTS = 5;

    private SystemCallChild() {}

    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        Event event = Events.event("again and again");
        try (IngestClient client =
                IngestClient.open(IngestConfig.builder(directory).build())) {
            for (int i = 0; i < 40; i++) {
                burst(client, event);
            }
            for (int round = 1; round <= ROUNDS; round++) {
                Files.exists(directory.resolve("begin-" + round));
                for (int i = 0; i < BURSTS; i++) {
                    burst(client, event);
                }
                Files.exists(directory.resolve("end-" + round));
                // Lets the compiler come to its end.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    private static void burst(IngestClient client, Event event) {
        long last = 0;
        for (int i = 0; i < BURST; i++) {
            last = i % 2 == 0
                    ? client.emit(event)
                    : client.event("user.created").tenant("T1").actor("tester").emit();
            if (last < 0) {
                throw new IllegalStateException("not taken: " + EventClient.outcome(last));
            }
        }
        while (client.lastSequence() < last) {
            Thread.onSpinWait();
        }
    }
}
