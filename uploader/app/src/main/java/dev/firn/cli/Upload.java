package dev.firn.cli;

import dev.firn.journal.CommittedPosition;
import dev.firn.sink.duckdb.DuckDbSink;
import dev.firn.sink.duckdb.DuckDbWarehouse;
import dev.firn.upload.JournalSource;
import dev.firn.upload.JournalUploader;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkBinding;
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

    /** Looks for journals that are new. */
    void discover() {
        for (Path journal : directory.journals()) {
            uploaders.computeIfAbsent(journal, this::uploader);
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

    /** Gives each journal a turn; returns how much was done. */
    int doWork() {
        int done = 0;
        for (JournalUploader uploader : uploaders.values()) {
            done += uploader.doWork();
        }
        return done;
    }

    boolean isDrained() {
        return uploaders.values().stream().allMatch(JournalUploader::isDrained);
    }

    @Override
    public void close() {
        try (warehouse) {
            uploaders.values().forEach(JournalUploader::close);
        }
    }
}
