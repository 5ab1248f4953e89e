package dev.firn.sink.classic;

import java.util.concurrent.TimeUnit;

/** The library's clients of a test. */
final class Clients {
    private static final long CLOSED_WITHIN_MS = TimeUnit.SECONDS.toMillis(20);

    private Clients() {}

    /**
     * A sink does not wait until its client is closed. A test does, before it stops the server: the library would
     * go on to send telemetry there for minutes, on ten threads that all clients of the process share and wait
     * for.
     */
    static void awaitClosed() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("firn-classic-close")) {
                thread.join(CLOSED_WITHIN_MS);
            }
        }
    }
}
