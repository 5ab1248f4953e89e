package dev.firn.cli;

import dev.firn.cli.demo.ChatPlatform;
import dev.firn.journal.JournalReader;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkRow;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploaderConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.util.ArrayList;
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
        try (Upload upload = new Upload(directory, UploaderConfig.DEFAULT, meter)) {
            Run run = new Run(directory, upload, meter);
            run.untilTheCrash();
            run.afterTheCrash();
            DemoSummary.Facts facts = new DemoSummary.Facts(
                    events, run.journaled, run.acceptedAtCrash, run.journaledAtCrash, run.seconds(), meter.lagMicros);
            try (Connection connection = upload.warehouse().connect()) {
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
                wipe(dir);
            }
            directory.create();
            Files.createFile(dir.resolve(MARKER));
        } catch (IOException e) {
            throw new CommandFailure("cannot make the demo's directory: directory=" + dir + ": " + e.getMessage(), e);
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
        private final DataDirectory directory;
        private final Upload upload;
        private final Meter meter;
        private final Path acceptedFile;
        private final MappedByteBuffer accepted;
        private final long steps = ChatPlatform.steps(events);
        private final long startNs;
        private long acceptedAtCrash;
        private long journaledAtCrash;
        private long journaled;
        private long endNs;

        Run(DataDirectory directory, Upload upload, Meter meter) throws IOException {
            this.directory = directory;
            this.upload = upload;
            this.meter = meter;
            this.acceptedFile = directory.root().resolve("accepted");
            Files.write(acceptedFile, new byte[Long.BYTES]);
            try (FileChannel file = FileChannel.open(acceptedFile, StandardOpenOption.READ)) {
                this.accepted = file.map(FileChannel.MapMode.READ_ONLY, 0, Long.BYTES);
            }
            this.startNs = System.nanoTime();
        }

        double seconds() {
            return (endNs - startNs) / 1e9;
        }

        void untilTheCrash() throws IOException, InterruptedException {
            // Should the parent be slow, the application waits at three quarters for its end.
            Process application = start(steps * 3 / 4);
            try (Progress progress = new Progress(console, "committed")) {
                while (DemoEmitter.accepted(accepted) < steps / 2) {
                    failIfEnded(application);
                    work(progress);
                }
            } finally {
                application.destroyForcibly().waitFor();
            }
            acceptedAtCrash = DemoEmitter.accepted(accepted);
            try (JournalReader reader = JournalReader.open(directory.journal(JOURNAL))) {
                journaledAtCrash = reader.lastSequence();
            }
            console.err()
                    .printf(
                            Locale.ROOT,
                            "demo: killed the application: it had accepted %,d, of which %,d were journaled%n",
                            acceptedAtCrash,
                            journaledAtCrash);
        }

        void afterTheCrash() throws IOException, InterruptedException {
            Process application = start(-1);
            try (Progress progress = new Progress(console, "committed")) {
                while (application.isAlive() || !upload.isDrained()) {
                    work(progress);
                }
                if (application.waitFor() != 0) {
                    throw new CommandFailure("the demo's application failed: exit=" + application.exitValue());
                }
            } finally {
                application.destroyForcibly().waitFor();
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
            progress.at(meter.rows, steps);
        }

        private void failIfEnded(Process application) {
            if (!application.isAlive()) {
                throw new CommandFailure("the demo's application ended by itself: exit=" + application.exitValue());
            }
        }

        private Process start(long waitAt) {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.addAll(List.of("-cp", System.getProperty("java.class.path")));
            command.add(DemoEmitter.class.getName());
            command.addAll(List.of(
                    directory.journal(JOURNAL).toString(),
                    Long.toString(seed),
                    Long.toString(events),
                    acceptedFile.toString(),
                    Long.toString(rate),
                    Long.toString(waitAt)));
            try {
                return new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start the demo's application", e);
            }
        }
    }
}
