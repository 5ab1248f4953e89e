package dev.firn.cli;

import dev.firn.upload.MissingSequences;
import dev.firn.upload.SequenceSet;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkRow;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploaderConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Journals to warehouse. */
@Command(
        name = "upload",
        description = "Send every journal of the data directory to the warehouse, until all are empty or for ever.",
        mixinStandardHelpOptions = true)
final class UploadCommand implements Callable<Integer> {
    private static final long IDLE_MS = 10;
    private static final long DISCOVER_EVERY_MS = 1_000;
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(25);
    private static final int MOST_BATCH_ROWS = 100_000;
    private static final int SHOWN_RANGES = 5;

    @Mixin
    private DirectoryOption directoryOption = new DirectoryOption();

    @Option(names = "--follow", description = "go on for ever, until interrupted")
    private boolean follow;

    @Mixin
    private SinkOption sinkOption = new SinkOption();

    @Option(
            names = "--channels",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "for Snowflake: channels that each journal is spread over, 1 to 256; a directory keeps the number of"
                            + " its first upload (default: ${DEFAULT-VALUE})")
    private int channels = 1;

    @Option(
            names = "--batch-rows",
            paramLabel = "N",
            description = "rows in one batch, 1 to 100,000 (default: $FIRN_BATCH_ROWS, else batch_rows in"
                    + " DIR/firn.properties, else 10,000)")
    private @Nullable String batchRows;

    @Option(
            names = "--accept-token",
            description =
                    "go on although a token of the warehouse does not fit its journal, as an upload without this says:"
                            + " events up to the token are taken for uploaded")
    private boolean acceptToken;

    private final Console console;
    private final Counts counts;

    UploadCommand(Console console) {
        this.console = console;
        this.counts = new Counts();
    }

    private final class Counts implements UploadListener {
        private long rows;
        private long deadLetters;

        @Override
        public void committed(String producerId, long token, List<SinkRow> committed) {
            rows += committed.size();
        }

        @Override
        public void deadLettered(String producerId, long sequence) {
            deadLetters++;
        }

        @Override
        public void retrying(String producerId, int attempt, SinkException failure) {
            console.err()
                    .printf(
                            Locale.ROOT,
                            "upload: attempt %d failed, will try again: %s%n",
                            attempt,
                            failure.getMessage());
        }

        @Override
        public void alarm(String producerId, String reason) {
            console.err().println("upload: ALARM, nothing is committed, the journals keep everything: " + reason);
        }

        @Override
        public void alarmCleared(String producerId) {
            console.err().println("upload: goes on again: producer=" + producerId);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        DataDirectory directory = directoryOption.directory(console);
        if (!follow && directory.journals().isEmpty()) {
            throw new CommandFailure("there is nothing to upload: no journal in "
                    + directory.root().resolve("journals"));
        }
        UploaderConfig config = config();
        directory.create();
        Sink sink = sinkOption.open(directory, directoryOption.settings(console), console.environment(), channels);
        try (StopSignal stop =
                new StopSignal(() -> console.err().println("upload: did not stop in time; the next upload resumes"))) {
            if (!upload(directory, sink, config, stop)) {
                return Exit.FAILED;
            }
        }
        return counts.deadLetters > 0 ? Exit.SET_ASIDE : Exit.DONE;
    }

    /** Returns whether no journal failed. */
    private boolean upload(DataDirectory directory, Sink sink, UploaderConfig config, StopSignal stop)
            throws InterruptedException {
        long startNs = System.nanoTime();
        try (Upload upload = new Upload(directory, sink, config, counts);
                Progress progress = new Progress(console, "uploaded")) {
            run(upload, progress, stop);
            if (stop.isGiven() && !upload.drain(DRAIN_TIMEOUT)) {
                console.err()
                        .println(
                                "upload: stopped before all that was under way was committed; the next upload resumes");
            }
            summarize(upload, (System.nanoTime() - startNs) / 1e9);
            return upload.failures().isEmpty();
        }
    }

    private UploaderConfig config() {
        UploaderConfig usual = UploaderConfig.DEFAULT;
        int rows = directoryOption
                .settings(console)
                .number(Settings.BATCH_ROWS, batchRows, usual.maxBatchRows(), 1, MOST_BATCH_ROWS);
        return UploaderConfig.builder()
                .maxBatchRows(rows)
                .maxBatchDelay(follow ? usual.maxBatchDelay() : Duration.ZERO)
                .maxAttempts(follow ? UploaderConfig.FOR_EVER : usual.maxAttempts())
                .acceptToken(acceptToken)
                .build();
    }

    private void run(Upload upload, Progress progress, StopSignal stop) throws InterruptedException {
        upload.discover();
        long idleMs = 0;
        Set<Path> reported = new HashSet<>();
        while (!stop.isGiven() && (follow || !upload.isDrained())) {
            if (upload.doWork() == 0) {
                TimeUnit.MILLISECONDS.sleep(IDLE_MS);
                idleMs += IDLE_MS;
                if (idleMs >= DISCOVER_EVERY_MS) {
                    idleMs = 0;
                    upload.discover();
                }
            }
            report(upload, reported);
            if (!follow) {
                progress.at(counts.rows);
            }
        }
        report(upload, reported);
    }

    /** Names the journals that failed since the last call, and those that go on again. */
    private void report(Upload upload, Set<Path> reported) {
        upload.failures().forEach((journal, failure) -> {
            if (reported.add(journal)) {
                console.err()
                        .println("firn: journal " + journal.getFileName() + " is not uploaded any further: "
                                + failure.getMessage() + "; the others go on");
            }
        });
        reported.removeIf(journal -> {
            boolean goesOn = !upload.failures().containsKey(journal);
            if (goesOn) {
                console.err().println("firn: journal " + journal.getFileName() + " goes on");
            }
            return goesOn;
        });
    }

    private void summarize(Upload upload, double seconds) {
        Table table =
                new Table().text("journal").text("producer").number("committed").number("pending");
        upload.uploaders().forEach((journal, uploader) -> {
            boolean failed = upload.failures().containsKey(journal);
            table.row(
                    String.valueOf(journal.getFileName()),
                    uploader.producerId(),
                    uploader.committed(),
                    failed ? "failed" : uploader.pending());
        });
        upload.failures().keySet().stream()
                .filter(journal -> !upload.uploaders().containsKey(journal))
                .forEach(journal -> table.row(String.valueOf(journal.getFileName()), "", null, "failed"));
        console.out().println(table.render(console.width()));
        upload.uploaders().forEach((journal, uploader) -> {
            MissingSequences missing = uploader.missing();
            if (missing.count() > 0) {
                console.out()
                        .printf(
                                Locale.ROOT,
                                "journal %s lost %,d sequences to damage: %s; firn verify says which of them the warehouse"
                                        + " has%n",
                                journal.getFileName(),
                                missing.count(),
                                SequenceSet.Range.shown(missing.ranges(), SHOWN_RANGES));
            }
        });
        console.out()
                .printf(
                        Locale.ROOT,
                        "uploaded %,d rows in %.1f s (%,.0f a second), %,d refused and set aside as dead letters%n",
                        counts.rows,
                        seconds,
                        counts.rows / seconds,
                        counts.deadLetters);
    }
}
