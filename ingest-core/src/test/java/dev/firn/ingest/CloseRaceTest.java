package dev.firn.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.event.Event;
import dev.firn.journal.JournalReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Close at any moment of emitting: what emit returned a sequence for is there under that sequence, and nothing else is. */
@Timeout(60)
class CloseRaceTest {
    private static final int EMITTERS = 4;
    private static final int EVENTS = 256;
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    @TempDir
    Path temporary;

    private final ExecutorService threads = Executors.newFixedThreadPool(EMITTERS);
    private final List<Event> events = new ArrayList<>();

    CloseRaceTest() {
        for (int i = 0; i < EMITTERS * EVENTS; i++) {
            events.add(Events.event("event-" + i));
        }
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** Lets all emit until they are refused, closes at a random moment, and returns what was accepted under which sequence. */
    private Map<Long, String> race(IngestClient client, SplittableRandom random) throws Exception {
        CyclicBarrier start = new CyclicBarrier(EMITTERS + 1);
        List<Future<Map<Long, String>>> results = new ArrayList<>();
        for (int t = 0; t < EMITTERS; t++) {
            int emitter = t;
            results.add(threads.submit(() -> {
                Map<Long, String> accepted = new TreeMap<>();
                start.await();
                for (int i = 0; ; i++) {
                    Event event = events.get(emitter * EVENTS + i % EVENTS);
                    long sequence = client.emit(event);
                    if (sequence == IngestClient.CLOSED) {
                        return accepted;
                    }
                    if (sequence > 0) {
                        accepted.put(sequence, event.eventId());
                    }
                }
            }));
        }
        long delayNs = random.nextInt(300_000);
        start.await();
        long started = System.nanoTime();
        while (System.nanoTime() - started < delayNs) {
            Thread.onSpinWait();
        }
        FlushReport report = client.close(TEN_SECONDS);
        assertThat(report.complete()).isTrue();
        Map<Long, String> all = new TreeMap<>();
        for (Future<Map<Long, String>> result : results) {
            Map<Long, String> own = result.get(10, TimeUnit.SECONDS);
            own.forEach((sequence, id) -> assertThat(all.put(sequence, id))
                    .as("sequence %d", sequence)
                    .isNull());
        }
        assertThat(report.accepted()).isEqualTo(all.size());
        assertThat(report.appended()).isEqualTo(all.size());
        return all;
    }

    @Test
    void nothingIsLostOrAddedInMemory() throws Exception {
        Map<String, String> canonicalToId = new TreeMap<>();
        events.forEach(event -> canonicalToId.put(event.canonical(), event.eventId()));
        for (long seed = 1; seed <= 400; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            MemoryLog log = new MemoryLog(7);
            IngestConfig config = IngestConfig.builder(temporary)
                    .ringSize(64 << random.nextInt(4))
                    .emitTimeout(Duration.ofNanos(random.nextInt(2) * 1_000_000L))
                    .build();
            Map<Long, String> accepted = race(IngestClient.open(config, directory -> log), random);
            Map<Long, String> written = new TreeMap<>();
            for (int i = 0; i < log.records.size(); i++) {
                written.put(8L + i, canonicalToId.get(log.records.get(i)));
            }
            assertThat(written).as("seed %d", seed).isEqualTo(accepted);
        }
    }

    @Test
    void nothingIsLostOrAddedInTheJournal() throws Exception {
        Map<Long, String> accepted = new TreeMap<>();
        for (long seed = 1; seed <= 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            IngestConfig config = IngestConfig.builder(temporary)
                    .ringSize(64 << random.nextInt(4))
                    .build();
            accepted.putAll(race(IngestClient.open(config), random));
        }
        Map<Long, String> written = new TreeMap<>();
        try (JournalReader reader = JournalReader.open(temporary)) {
            while (reader.poll(record -> written.put(record.sequence(), record.eventId()), 1_000) > 0) {
                // The handler collects.
            }
        }
        assertThat(written).isEqualTo(accepted);
    }
}
