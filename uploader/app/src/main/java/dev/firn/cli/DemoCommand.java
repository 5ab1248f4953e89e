package dev.firn.cli;

import dev.firn.journal.JournalReader;
import dev.firn.sink.duckdb.DuckDbSink;
import dev.firn.sink.duckdb.DuckDbWarehouse;
import dev.firn.upload.SinkBinding;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkRow;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploaderConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The whole pipeline on a simulated health-care chat platform, with a crash in the middle. */
@Command(
        name = "demo",
        description = {
            "The whole pipeline on a simulated health-care chat platform: an application emits events, resends some, sends"
                    + " malformed lines, and is killed half-way; its journal is uploaded meanwhile.",
            "Ends with the books balanced and what the views say. The same seed gives the same events."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final String MARKER = ".firn-demo";
    private static final String JOURNAL = "chat-platform";
    private static final long IDLE_MS = 1;
    private static final long LONGEST_LAG_MICROS = TimeUnit.HOURS.toMicros(1);

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "200000",
            description =
                    "events that are generated, 1,000 to 100,000,000; 2 %% are resent and 0.1 %% of malformed lines"
                            + " come on top (default: ${DEFAULT-VALUE})")
    private long events = 200_000;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "events a second that the application emits, 0 for as fast as it can (default: ${DEFAULT-VALUE})")
    private long rate;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "(default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "firn-demo",
            description = "is made, or wiped if an earlier demo made it (default: ${DEFAULT-VALUE})")
    private Path dir = Path.of("firn-demo");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Console console;

    DemoCommand(Console console) {
        this.console = console;
    }

    /** Adds up what is committed, and how long after its receipt each event could be queried. */
    private static final class Meter implements UploadListener {
        private final Histogram lagMicros = new Histogram(LONGEST_LAG_MICROS, 3);
        private long rows;

        @Override
        public void committed(String producerId, long token, List<SinkRow> committed) {
            long nowMicros = System.currentTimeMillis() * 1_000;
            rows += committed.size();
            for (SinkRow row : committed) {
                lagMicros.recordValue(Math.max(0, Math.min(LONGEST_LAG_MICROS, nowMicros - row.receivedAtMicros())));
            }
        }

        @Override
        public void retrying(String producerId, int attempt, SinkException failure) {
            throw failure;
        }
    }

    @Override
    public Integer call() throws Exception {
        if (events < 1_000 || events > 100_000_000) {
            throw new ParameterException(spec.commandLine(), "--events must be in 1000..100000000: events=" + events);
        }
        if (rate < 0) {
            throw new ParameterException(spec.commandLine(), "--rate must not be negative: rate=" + rate);
        }
        DataDirectory directory = new DataDirectory(dir);
        startAfresh(directory);
        console.err()
                .printf(
                        Locale.ROOT,
                        "demo: %,d events of 20 tenants into %s, seed %d; the application is killed half-way%n",
                        events,
                        dir,
                        seed);
        Meter meter = new Meter();
        SinkBinding.bind(directory.sinkBinding(), DuckDbSink.NAME);
        try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(directory.warehouse());
                Upload upload = new Upload(directory, new DuckDbSink(warehouse), UploaderConfig.DEFAULT, meter)) {
            Run run = new Run(directory, upload, meter);
            run.untilTheCrash();
            run.afterTheCrash();
            DemoSummary.Facts facts = new DemoSummary.Facts(
                    events, run.journaled, run.acceptedAtCrash, run.journaledAtCrash, run.seconds(), meter.lagMicros);
            try (Connection connection = warehouse.connect()) {
                return new DemoSummary(console, connection).print(facts, dir) ? Exit.DONE : Exit.FAILED;
            }
        }
    }

    /** Refuses a directory that no demo made. */
    private void startAfresh(DataDirectory directory) {
        try {
            if (Files.exists(dir)) {
                if (!Files.exists(dir.resolve(MARKER))) {
                    throw new CommandFailure("this directory was not made by a demo, so it is left alone: directory="
                            + dir + ": name another one with --dir");
                }
                requireNothingElse(directory);
                wipe(dir);
            }
            directory.create();
            Files.createFile(dir.resolve(MARKER));
        } catch (IOException e) {
            throw new CommandFailure(Causes.explain("cannot make the demo's directory: directory=" + dir, e), e);
        }
    }

    /** What an earlier demo made may have been used since. */
    private void requireNothingElse(DataDirectory directory) throws IOException {
        Path journals = dir.resolve("journals");
        if (Files.isDirectory(journals)) {
            try (Stream<Path> entries = Files.list(journals)) {
                entries.filter(entry -> !entry.endsWith(JOURNAL)).findFirst().ifPresent(other -> {
                    throw new CommandFailure("this directory has a journal that is not the demo's, so it is left alone:"
                            + " journal=" + other + ": name another one with --dir");
                });
            }
        }
        if (Files.exists(directory.warehouse())) {
            // Fails if another process has it open, such as a demo that is still running.
            DuckDbWarehouse.openToRead(directory.warehouse()).close();
        }
    }

    private static void wipe(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The application's two lives and the upload beside them. */
    private final class Run {
        private final Path journal;
        private final Upload upload;
        private final Meter meter;
        private final DemoApplication.Task task;
        private final long startNs = System.nanoTime();
        private long acceptedAtCrash;
        private long journaledAtCrash;
        private long journaled;
        private long endNs;

        Run(DataDirectory directory, Upload upload, Meter meter) {
            this.journal = directory.journal(JOURNAL);
            this.upload = upload;
            this.meter = meter;
            this.task = new DemoApplication.Task(
                    journal, seed, events, directory.root().resolve("accepted"), rate);
        }

        double seconds() {
            return (endNs - startNs) / 1e9;
        }

        void untilTheCrash() throws IOException, InterruptedException {
            try (DemoApplication application = DemoApplication.startToBeKilled(task);
                    Progress progress = new Progress(console, "committed")) {
                while (application.isAlive()) {
                    work(progress);
                }
                if (!application.isKilled()) {
                    throw new CommandFailure("the demo's application ended by itself: exit=" + application.exit());
                }
                acceptedAtCrash = application.accepted();
            }
            try (JournalReader reader = JournalReader.open(journal)) {
                journaledAtCrash = reader.lastSequence();
            }
            // A record is journaled before the application notes that it was accepted: it can be killed between.
            acceptedAtCrash = Math.max(acceptedAtCrash, journaledAtCrash);
            console.err()
                    .printf(
                            Locale.ROOT,
                            "demo: killed the application: it had accepted %,d, of which %,d were journaled%n",
                            acceptedAtCrash,
                            journaledAtCrash);
        }

        void afterTheCrash() throws IOException, InterruptedException {
            try (DemoApplication application = DemoApplication.start(task);
                    Progress progress = new Progress(console, "committed")) {
                while (application.isAlive() || !upload.isDrained()) {
                    work(progress);
                }
                if (application.exit() != 0) {
                    throw new CommandFailure("the demo's application failed: exit=" + application.exit());
                }
            }
            endNs = System.nanoTime();
            journaled = upload.uploaders().values().iterator().next().committed();
        }

        private void work(Progress progress) throws InterruptedException {
            if (upload.uploaders().isEmpty()) {
                upload.discover();
            }
            if (upload.doWork() == 0) {
                TimeUnit.MILLISECONDS.sleep(IDLE_MS);
            }
            progress.at(meter.rows, task.steps());
        }
    }
}
