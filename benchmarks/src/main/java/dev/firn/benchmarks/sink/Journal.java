package dev.firn.benchmarks.sink;

import dev.firn.benchmarks.Events;
import dev.firn.event.Event;
import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import dev.firn.upload.JournalSource;
import dev.firn.upload.SinkRow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Events of the simulated platform in a journal of their own. */
final class Journal {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private Journal() {}

    /**
     * Writes a journal, as an application does.
     *
     * @param distinct how many different events; every fiftieth is written twice
     * @return how many records it has
     */
    static long write(Path directory, int distinct) throws InterruptedException {
        try (IngestClient client =
                IngestClient.open(IngestConfig.builder(directory).build())) {
            long sequence = 0;
            for (Iterator<Event> events = Events.iterator(distinct); events.hasNext(); ) {
                Event event = events.next();
                do {
                    sequence = client.emit(event);
                } while (sequence == IngestClient.RING_FULL);
                if (sequence < 0) {
                    throw new IllegalStateException("the client refused an event: outcome=" + sequence);
                }
            }
            if (!client.awaitDurable(sequence, PATIENCE)) {
                throw new IllegalStateException("the journal did not become durable: directory=" + directory);
            }
            return sequence;
        }
    }

    /** All rows of a journal. */
    static List<SinkRow> read(Path directory) {
        try (JournalSource source = JournalSource.open(directory)) {
            List<SinkRow> rows = new ArrayList<>();
            source.scan(1, source.lastSequence(), rows::add);
            return rows;
        }
    }
}
