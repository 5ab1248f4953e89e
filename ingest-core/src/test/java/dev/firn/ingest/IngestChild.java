package dev.firn.ingest;

import dev.firn.event.Event;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process that emits flat out and tells what is durable, until it is killed. */
final class IngestChild {
    private static final int EMITTERS = 2;
    private static final int EVENTS = 1_000;

    private IngestChild() {}

    public static void main(String[] arguments) {
        IngestClient client =
                IngestClient.open(IngestConfig.builder(Path.of(arguments[0])).build());
        System.out.println("open " + client.lastSequence());
        for (int t = 0; t < EMITTERS; t++) {
            Event[] events = new Event[EVENTS];
            for (int i = 0; i < EVENTS; i++) {
                events[i] = Events.event("emitter-" + t + "-" + i);
            }
            Thread emitter = new Thread(() -> {
                for (int i = 0; ; i++) {
                    client.emit(events[i % EVENTS]);
                }
            });
            emitter.setDaemon(true);
            emitter.start();
        }
        long told = client.lastSequence();
        while (true) {
            long durable = client.durableSequence();
            if (durable > told) {
                System.out.println("durable " + durable);
                told = durable;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
