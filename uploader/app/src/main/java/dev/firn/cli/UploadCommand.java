package dev.firn.cli;

import dev.firn.journal.JournalReader;
import dev.firn.upload.JournalUploader;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkRow;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploaderConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    private static final long STOP_WITHIN_S = 30;

    @Mixin
    private DirectoryOption directoryOption = new DirectoryOption();

    @Option(names = "--follow", description = "go on for ever, until interrupted")
    private boolean follow;

    @Option(
            names = "--sink",
            paramLabel = "SINK",
            defaultValue = "duckdb",
            description = "where to: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private SinkKind sink = SinkKind.duckdb;

    /** The sinks by the names of the command line. */
    enum SinkKind {
        duckdb
    }

    private final Console console;
    private final Counts counts;
    private volatile boolean stopping;

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
            console.err().printf("upload: attempt %d failed, will try again: %s%n", attempt, failure.getMessage());
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        DataDirectory directory = directoryOption.directory(console);
        if (!follow && directory.journals().isEmpty()) {
            throw new CommandFailure("there is nothing to upload: no journal in "
                    + directory.root().resolve("journals"));
        }
        directory.create();
        UploaderConfig config =
                follow ? UploaderConfig.DEFAULT : UploaderConfig.DEFAULT.withMaxBatchDelay(Duration.ZERO);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread interrupter = new Thread(() -> stop(stopped), "firn-stop");
        Runtime.getRuntime().addShutdownHook(interrupter);
        long startNs = System.nanoTime();
        try (Upload upload = new Upload(directory, config, counts);
                Progress progress = new Progress(console, "uploaded")) {
            run(upload, progress);
            summarize(upload, (System.nanoTime() - startNs) / 1e9);
        } finally {
            stopped.countDown();
            if (!stopping) {
                Runtime.getRuntime().removeShutdownHook(interrupter);
            }
        }
        return counts.deadLetters > 0 ? Exit.SET_ASIDE : Exit.DONE;
    }

    private void run(Upload upload, Progress progress) throws InterruptedException {
        upload.discover();
        long idleMs = 0;
        while (!stopping && (follow || !upload.isDrained())) {
            if (upload.doWork() == 0) {
                TimeUnit.MILLISECONDS.sleep(IDLE_MS);
                idleMs += IDLE_MS;
                if (idleMs >= DISCOVER_EVERY_MS) {
                    idleMs = 0;
                    upload.discover();
                }
            }
            if (!follow) {
                progress.at(counts.rows);
            }
        }
    }

    /** Lets the current batch be committed and the warehouse be closed when the process is told to stop. */
    private void stop(CountDownLatch stopped) {
        stopping = true;
        try {
            if (!stopped.await(STOP_WITHIN_S, TimeUnit.SECONDS)) {
                console.err().println("upload: did not stop within " + STOP_WITHIN_S + " s; the next upload resumes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void summarize(Upload upload, double seconds) {
        Table table =
                new Table().text("journal").text("producer").number("committed").number("pending");
        for (Map.Entry<Path, JournalUploader> entry : upload.uploaders().entrySet()) {
            long committed = entry.getValue().committed();
            try (JournalReader reader = JournalReader.open(entry.getKey())) {
                table.row(
                        String.valueOf(entry.getKey().getFileName()),
                        entry.getValue().producerId(),
                        committed,
                        Math.max(0, reader.lastSequence() - committed));
            }
        }
        console.out().println(table.render(console.width()));
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
