package dev.firn.embedded;

import static java.util.Objects.requireNonNull;

import dev.firn.ingest.IngestConfig;
import dev.firn.upload.UploaderConfig;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How client and uploader run in one process.
 *
 * @param ingest       the client; its registry gets the upload's meters too
 * @param sink         opens the warehouse
 * @param uploader     how rows are grouped, and how long the uploader itself tries
 * @param sinkBinding  the file that says which kind of warehouse the journal is bound to
 * @param restartDelay wait before an upload that ended is started anew, 1 ms to 1 h
 * @param closeTimeout how long {@link Firn#close()} waits at most; zero only begins to close
 */
public record FirnConfig(
        IngestConfig ingest,
        SinkOpener sink,
        UploaderConfig uploader,
        Path sinkBinding,
        Duration restartDelay,
        Duration closeTimeout) {
    public static final Duration DEFAULT_RESTART_DELAY = Duration.ofSeconds(30);
    public static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration MAX_RESTART_DELAY = Duration.ofHours(1);
    private static final String JOURNALS = "journals";

    public FirnConfig {
        requireNonNull(ingest, "ingest");
        requireNonNull(sink, "sink");
        requireNonNull(uploader, "uploader");
        requireNonNull(sinkBinding, "sinkBinding");
        requireNonNull(restartDelay, "restartDelay");
        requireNonNull(closeTimeout, "closeTimeout");
        if (restartDelay.compareTo(Duration.ofMillis(1)) < 0 || restartDelay.compareTo(MAX_RESTART_DELAY) > 0) {
            throw new IllegalArgumentException("restartDelay must be from 1 ms to 1 h: restartDelay=" + restartDelay);
        }
        if (closeTimeout.isNegative()) {
            throw new IllegalArgumentException("closeTimeout must not be negative: closeTimeout=" + closeTimeout);
        }
    }

    /** With all defaults. A journal {@code DIR/journals/NAME} is bound in {@code DIR/sink}, as the command's are, any other in itself. */
    public static Builder builder(IngestConfig ingest, SinkOpener sink) {
        return new Builder(ingest, sink);
    }

    /** Collects what differs from the defaults. */
    public static final class Builder {
        private final IngestConfig ingest;
        private final SinkOpener sink;
        private UploaderConfig uploader = UploaderConfig.DEFAULT;
        private Path sinkBinding;
        private Duration restartDelay = DEFAULT_RESTART_DELAY;
        private Duration closeTimeout = DEFAULT_CLOSE_TIMEOUT;

        private Builder(IngestConfig ingest, SinkOpener sink) {
            this.ingest = requireNonNull(ingest, "ingest");
            this.sink = requireNonNull(sink, "sink");
            this.sinkBinding = bindingOf(ingest.directory().toAbsolutePath());
        }

        private static Path bindingOf(Path journal) {
            Path parent = journal.getParent();
            boolean ofDataDirectory = parent != null && parent.endsWith(JOURNALS);
            return ofDataDirectory ? parent.resolveSibling("sink") : journal.resolve("sink");
        }

        public Builder uploader(UploaderConfig value) {
            this.uploader = value;
            return this;
        }

        public Builder sinkBinding(Path file) {
            this.sinkBinding = file;
            return this;
        }

        public Builder restartDelay(Duration value) {
            this.restartDelay = value;
            return this;
        }

        public Builder closeTimeout(Duration value) {
            this.closeTimeout = value;
            return this;
        }

        public FirnConfig build() {
            return new FirnConfig(ingest, sink, uploader, sinkBinding, restartDelay, closeTimeout);
        }
    }
}
