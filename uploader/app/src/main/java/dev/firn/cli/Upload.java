package dev.firn.cli;

import dev.firn.journal.DamagedJournalException;
import dev.firn.journal.JournalReader;
import dev.firn.journal.ProducerId;
import dev.firn.upload.JournalSource;
import dev.firn.upload.JournalUploader;
import dev.firn.upload.KeptPosition;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkException;
import dev.firn.upload.UnexplainedTokenException;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploadMetrics;
import dev.firn.upload.UploaderConfig;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * All journals of a data directory on their way into a warehouse. Takes up journals that appear later too.
 *
 * <p>Not thread-safe: one thread calls {@link #doWork}.
 */
final class Upload implements AutoCloseable {
    private static final long DRAIN_IDLE_MS = 10;

    private final DataDirectory directory;
    private final Sink sink;
    private final UploaderConfig config;
    private final UploadListener listener;
    private final Map<Path, JournalUploader> uploaders = new LinkedHashMap<>();
    private final Map<Path, RuntimeException> failures = new LinkedHashMap<>();
    private boolean tryDamagedAgain;

    /** @param sink that the directory is bound to; is closed with this */
    Upload(DataDirectory directory, Sink sink, UploaderConfig config, UploadListener listener) {
        this.directory = directory;
        this.sink = sink;
        this.config = config;
        this.listener = listener;
    }

    /**
     * Looks for journals that are new, and lets damaged ones be tried again: they go on once they are repaired. One that failed
     * otherwise is left alone until the next upload.
     */
    void discover() {
        tryDamagedAgain = true;
        for (Path journal : directory.journals()) {
            if (!uploaders.containsKey(journal)) {
                open(journal);
            }
        }
    }

    private void open(Path journal) {
        try {
            uploaders.put(journal, uploader(journal));
            failures.remove(journal);
        } catch (DamagedJournalException damage) {
            failures.put(journal, damage);
        }
    }

    private JournalUploader uploader(Path journal) {
        JournalSource source = JournalSource.open(journal);
        ProducerId producer = ProducerId.parse(source.producerId());
        return new JournalUploader(
                source,
                sink,
                config,
                System::nanoTime,
                KeptPosition.ofJournal(journal, sink.name(), producer),
                listener,
                new UploadMetrics());
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
        boolean tryDamaged = tryDamagedAgain;
        tryDamagedAgain = false;
        for (Map.Entry<Path, JournalUploader> entry : uploaders.entrySet()) {
            RuntimeException failure = failures.get(entry.getKey());
            if (failure == null || tryDamaged && failure instanceof DamagedJournalException) {
                done += doWork(entry.getKey(), entry.getValue());
            }
        }
        return done;
    }

    private int doWork(Path journal, JournalUploader uploader) {
        try {
            int done = uploader.doWork();
            failures.remove(journal);
            return done;
        } catch (DamagedJournalException damage) {
            suspect(journal, damage);
        } catch (UnexplainedTokenException | SinkException failure) {
            failures.put(journal, failure);
        }
        return 0;
    }

    /** So that its writer looks at all of it when it opens the journal the next time. */
    private void suspect(Path journal, DamagedJournalException damage) {
        boolean known = failures.put(journal, damage) instanceof DamagedJournalException;
        try {
            if (!known) {
                JournalReader.suspect(journal, String.valueOf(damage.getMessage()));
            }
        } catch (UncheckedIOException e) {
            // This user may read it only, or the disk is full: what there is to do is said all the same.
            damage.addSuppressed(e);
        }
    }

    boolean isDrained() {
        return uploaders.entrySet().stream()
                .allMatch(entry ->
                        failures.containsKey(entry.getKey()) || entry.getValue().isDrained());
    }

    /**
     * Reads nothing more and lets what is under way be committed, until a deadline or the first failure; the journals keep what is
     * left.
     *
     * @return whether nothing is left under way
     */
    boolean drain(Duration timeout) throws InterruptedException {
        long startNs = System.nanoTime();
        uploaders.values().forEach(JournalUploader::drain);
        while (!isFlushed() && System.nanoTime() - startNs < timeout.toNanos()) {
            int done = 0;
            for (Map.Entry<Path, JournalUploader> entry : uploaders.entrySet()) {
                if (isUnderWay(entry.getKey(), entry.getValue())) {
                    done += doWork(entry.getKey(), entry.getValue());
                }
            }
            if (done == 0) {
                TimeUnit.MILLISECONDS.sleep(DRAIN_IDLE_MS);
            }
        }
        return uploaders.values().stream().allMatch(JournalUploader::isFlushed);
    }

    private boolean isFlushed() {
        return uploaders.entrySet().stream().noneMatch(entry -> isUnderWay(entry.getKey(), entry.getValue()));
    }

    private boolean isUnderWay(Path journal, JournalUploader uploader) {
        return !uploader.isFlushed() && uploader.retryAtNs() == 0 && !failures.containsKey(journal);
    }

    @Override
    public void close() {
        try (sink) {
            uploaders.values().forEach(JournalUploader::close);
        }
    }
}
