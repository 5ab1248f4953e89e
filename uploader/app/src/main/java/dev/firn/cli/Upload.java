package dev.firn.cli;

import dev.firn.journal.CommittedPosition;
import dev.firn.journal.DamagedJournalException;
import dev.firn.sink.duckdb.DuckDbSink;
import dev.firn.sink.duckdb.DuckDbWarehouse;
import dev.firn.upload.JournalSource;
import dev.firn.upload.JournalUploader;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkBinding;
import dev.firn.upload.SinkException;
import dev.firn.upload.UnexplainedTokenException;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploaderConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All journals of a data directory on their way into its embedded warehouse. Takes up journals that appear later too.
 *
 * <p>Not thread-safe: one thread calls {@link #doWork}.
 */
final class Upload implements AutoCloseable {
    private final DataDirectory directory;
    private final DuckDbWarehouse warehouse;
    private final Sink sink;
    private final UploaderConfig config;
    private final UploadListener listener;
    private final Map<Path, JournalUploader> uploaders = new LinkedHashMap<>();
    private final Map<Path, RuntimeException> failures = new LinkedHashMap<>();

    /** @throws RuntimeException if the directory is bound to another sink, or the warehouse is open elsewhere */
    Upload(DataDirectory directory, UploaderConfig config, UploadListener listener) {
        this.directory = directory;
        this.config = config;
        this.listener = listener;
        SinkBinding.bind(directory.sinkBinding(), DuckDbSink.NAME);
        this.warehouse = DuckDbWarehouse.open(directory.warehouse());
        this.sink = new DuckDbSink(warehouse);
    }

    DuckDbWarehouse warehouse() {
        return warehouse;
    }

    /** Looks for journals that are new. One that failed is left alone until the next upload. */
    void discover() {
        for (Path journal : directory.journals()) {
            if (!failures.containsKey(journal)) {
                uploaders.computeIfAbsent(journal, this::uploader);
            }
        }
    }

    private JournalUploader uploader(Path journal) {
        return new JournalUploader(
                JournalSource.open(journal),
                sink,
                config,
                System::nanoTime,
                sequence -> new CommittedPosition(sequence, sink.name()).write(journal),
                listener);
    }

    Map<Path, JournalUploader> uploaders() {
        return uploaders;
    }

    /** Journals that cannot be uploaded any further, with the reason; the others go on. */
    Map<Path, RuntimeException> failures() {
        return failures;
    }

    /** Gives each journal a turn; returns how much was done. */
    int doWork() {
        int done = 0;
        for (Map.Entry<Path, JournalUploader> entry : uploaders.entrySet()) {
            if (failures.containsKey(entry.getKey())) {
                continue;
            }
            try {
                done += entry.getValue().doWork();
            } catch (DamagedJournalException | UnexplainedTokenException | SinkException failure) {
                failures.put(entry.getKey(), failure);
            }
        }
        return done;
    }

    boolean isDrained() {
        return uploaders.entrySet().stream()
                .allMatch(entry ->
                        failures.containsKey(entry.getKey()) || entry.getValue().isDrained());
    }

    @Override
    public void close() {
        try (warehouse) {
            uploaders.values().forEach(JournalUploader::close);
        }
    }
}
