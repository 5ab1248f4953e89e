package dev.firn.embedded;

import dev.firn.ingest.IngestConfig;
import java.nio.file.Path;
import java.time.Duration;

/** A process that embeds both, emits flat out until a sequence and tells what is committed, until it ends or is killed. */
final class EmbeddingChild {
    private EmbeddingChild() {}

    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        long events = Long.parseLong(arguments[1]);
        FirnConfig config = FirnConfig.builder(
                        IngestConfig.builder(directory.resolve("journals/chat")).build(),
                        DuckDb.file(directory.resolve("warehouse.duckdb")))
                .build();
        Firn firn = Firn.start(config);
        Thread emitter = new Thread(() -> emit(firn, events));
        emitter.start();
        long told = 0;
        while (emitter.isAlive() || firn.pending() > 0) {
            long committed = firn.committedSequence();
            if (committed > told) {
                told = committed;
                System.out.println("committed " + committed);
            }
            Thread.onSpinWait();
        }
        System.out.println("complete " + firn.close(Duration.ofSeconds(30)).complete());
    }

    /** One emitter, so that the event n has the sequence n, and a restart goes on behind the journal's end. */
    private static void emit(Firn firn, long events) {
        for (long n = firn.client().lastSequence() + 1; n <= events; n++) {
            long answer = firn.client().emit(Events.event(n));
            if (answer != n) {
                throw new IllegalStateException("not accepted as itself: n=" + n + " answer=" + answer);
            }
        }
    }
}
