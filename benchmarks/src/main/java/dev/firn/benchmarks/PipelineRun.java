package dev.firn.benchmarks;

import dev.firn.event.Event;
import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import dev.firn.journal.ProducerId;
import dev.firn.sink.duckdb.DuckDbSink;
import dev.firn.sink.duckdb.DuckDbWarehouse;
import dev.firn.upload.JournalSource;
import dev.firn.upload.JournalUploader;
import dev.firn.upload.KeptPosition;
import dev.firn.upload.Sink;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploadMetrics;
import dev.firn.upload.UploaderConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The whole pipeline in one process: one thread emits events that are built, as fast as they are taken, and another one
 * uploads meanwhile; all settings are defaults. Each run has a journal and a warehouse of its own.
 */
final class PipelineRun {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final long IDLE_MS = 1;

    private final List<Event> events;
    private final int distinct;

    /**
     * From the first {@code emit} on.
     *
     * @param durableSeconds until everything was synced in the journal
     * @param seconds        until everything was committed in the warehouse
     */
    record Result(double durableSeconds, double seconds) {}

    /** Does something with a warehouse that is filled. */
    @FunctionalInterface
    interface WarehouseUser {
        void use(Connection warehouse) throws SQLException;
    }

    /** @param distinct how many different events; every fiftieth is sent twice */
    PipelineRun(int distinct) {
        this.events = Events.of(distinct);
        this.distinct = distinct;
    }

    int rows() {
        return events.size();
    }

    /** @param after is not part of what is measured */
    Result run(WarehouseUser after) throws Exception {
        try (TemporaryDirectory directory = new TemporaryDirectory()) {
            return run(directory, after);
        }
    }

    private Result run(TemporaryDirectory directory, WarehouseUser after) throws Exception {
        Path journal = directory.resolve("journal");
        try (IngestClient client =
                        IngestClient.open(IngestConfig.builder(journal).build());
                DuckDbWarehouse warehouse = DuckDbWarehouse.open(directory.resolve("warehouse.duckdb"));
                Sink sink = new DuckDbSink(warehouse)) {
            CompletableFuture<Long> uploaded = new CompletableFuture<>();
            Thread upload = new Thread(() -> upload(journal, sink, uploaded), "upload");
            upload.setDaemon(true);
            upload.start();
            long startNs = System.nanoTime();
            long last = emit(client);
            if (!client.awaitDurable(last, PATIENCE)) {
                throw new IllegalStateException("the journal did not become durable: " + client.flush(Duration.ZERO));
            }
            long durableNs = System.nanoTime();
            long endNs = uploaded.get(PATIENCE.toMinutes(), TimeUnit.MINUTES);
            try (Connection connection = warehouse.connect()) {
                check(connection);
                after.use(connection);
            }
            return new Result((durableNs - startNs) / 1e9, (endNs - startNs) / 1e9);
        }
    }

    private long emit(IngestClient client) {
        long sequence = 0;
        for (Event event : events) {
            do {
                sequence = client.emit(event);
            } while (sequence == IngestClient.RING_FULL);
            if (sequence < 0) {
                throw new IllegalStateException("the client refused an event: outcome=" + sequence);
            }
        }
        return sequence;
    }

    /** Completes with the moment of the last commit. */
    private void upload(Path journal, Sink sink, CompletableFuture<Long> uploaded) {
        JournalSource source = JournalSource.open(journal);
        ProducerId producer = ProducerId.parse(source.producerId());
        try (JournalUploader uploader = new JournalUploader(
                source,
                sink,
                UploaderConfig.DEFAULT,
                System::nanoTime,
                KeptPosition.ofJournal(journal, sink.name(), producer),
                UploadListener.NONE,
                new UploadMetrics())) {
            while (uploader.committed() < events.size()) {
                if (uploader.doWork() == 0) {
                    TimeUnit.MILLISECONDS.sleep(IDLE_MS);
                }
            }
            uploaded.complete(System.nanoTime());
        } catch (InterruptedException | RuntimeException e) {
            uploaded.completeExceptionally(e);
        }
    }

    private void check(Connection connection) throws SQLException {
        long raw = count(connection, "LANDING.RAW_EVENTS");
        long unique = count(connection, "ACTIVITY.EVENTS");
        if (raw != events.size() || unique != distinct) {
            throw new IllegalStateException("the books do not balance: emitted=" + events.size() + " raw=" + raw
                    + " distinct=" + distinct + " events=" + unique);
        }
    }

    static long count(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            result.next();
            return result.getLong(1);
        }
    }
}
