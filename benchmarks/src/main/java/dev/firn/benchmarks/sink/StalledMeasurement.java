package dev.firn.benchmarks.sink;

import dev.firn.benchmarks.Machine;
import dev.firn.benchmarks.TemporaryDirectory;
import dev.firn.sink.snowpipe.SnowpipeConfig;
import dev.firn.sink.snowpipe.SnowpipeSink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How much memory an uploader takes that has a long journal and a server that is stuck: one that acknowledges
 * everything and commits nothing any more, and one that answers everything late.
 */
@Command(
        name = "benchmarks/run stalled",
        mixinStandardHelpOptions = true,
        description = "An uploader's memory while Snowflake is stuck; exit code 1 if it grows by more than a bound.")
public final class StalledMeasurement implements Callable<Integer> {
    private static final int EVENTS = 1_000_000;
    /** Touched at the start, so that what grows is outside of it; what is in it cannot exceed it. */
    private static final List<String> HEAP = List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch");

    private static final int FILLED_AFTER_SECONDS = 10;
    private static final long SLACK_BYTES = 64_000_000;
    private static final long BOUND_BYTES =
            StalledClient.CONFIG.maxInFlightBytes() + SnowpipeConfig.DEFAULT.maxBufferedBytes() + SLACK_BYTES;
    private static final double MB = 1e6;
    private static final String ROW = "  %-16s %10s %10s %10s %10s %12s %10s %9s %8s%n";

    @Option(
            names = "--minutes",
            defaultValue = "5",
            paramLabel = "N",
            description = "how long the server is stuck, each time, 1 to 600 (default: ${DEFAULT-VALUE})")
    private int minutes;

    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** How it is stuck. */
    private enum Variant {
        COMMITS_STALL("commits stall", ServerProcess.Command.STALL),
        ANSWERS_LATE("answers are late", ServerProcess.Command.DELAY);

        private final String title;
        private final ServerProcess.Command command;

        Variant(String title, ServerProcess.Command command) {
            this.title = title;
            this.command = command;
        }
    }

    /**
     * What was seen.
     *
     * @param samples one a second since the server was stuck
     */
    record Observation(StalledClient.Sample start, List<StalledClient.Sample> samples) {
        StalledClient.Sample filled() {
            return samples.get(Math.min(FILLED_AFTER_SECONDS, samples.size() - 1));
        }

        StalledClient.Sample end() {
            return samples.get(samples.size() - 1);
        }

        long growthBytes() {
            return (end().residentKb() - filled().residentKb()) * 1024;
        }

        long mostInFlightBytes() {
            return samples.stream()
                    .mapToLong(StalledClient.Sample::inFlightBytes)
                    .max()
                    .orElse(0);
        }
    }

    /** Exit code 1 if the memory grew. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new StalledMeasurement()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (minutes < 1 || minutes > 600) {
            throw new ParameterException(spec.commandLine(), "--minutes must be in 1..600");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        out.printf(
                Locale.ROOT,
                "client: %s; a journal of %,d events; stuck for %d minutes after the first commit, late means %d s%n%n",
                String.join(" ", HEAP),
                EVENTS,
                minutes,
                ServerProcess.DELAY.toSeconds());
        out.println("MB, resident in memory, but for the last three columns");
        out.printf(
                ROW,
                "",
                "at start",
                "after " + FILLED_AFTER_SECONDS + " s",
                "at end",
                "growth",
                "in flight",
                "committed",
                "openings",
                "no room");
        boolean isBounded = true;
        for (Variant variant : Variant.values()) {
            Observation seen = observe(variant);
            out.print(row(variant.title, seen));
            out.flush();
            isBounded &= seen.growthBytes() <= BOUND_BYTES;
        }
        out.printf(
                Locale.ROOT,
                "growth after the first %d s, at most %.0f MB: what may be in flight, what the library may hold, %.0f to spare: %s%n",
                FILLED_AFTER_SECONDS,
                BOUND_BYTES / MB,
                SLACK_BYTES / MB,
                isBounded ? "kept" : "exceeded");
        out.flush();
        return isBounded ? CommandLine.ExitCode.OK : 1;
    }

    static String row(String title, Observation seen) {
        return String.format(
                Locale.ROOT,
                ROW,
                title,
                mb(seen.start().residentKb() * 1024),
                mb(seen.filled().residentKb() * 1024),
                mb(seen.end().residentKb() * 1024),
                mb(seen.growthBytes()),
                mb(seen.mostInFlightBytes()),
                String.format(Locale.ROOT, "%,d", seen.end().committedRows()),
                seen.end().openings(),
                seen.end().noRoom());
    }

    private static String mb(long bytes) {
        return String.format(Locale.ROOT, "%,.0f", bytes / MB);
    }

    private Observation observe(Variant variant) throws IOException, InterruptedException {
        try (TemporaryDirectory directory = new TemporaryDirectory();
                Server server = Server.start(directory.path(), Login.make(directory.path()))) {
            Path journal = directory.resolve("journal");
            Journal.write(journal, EVENTS);
            List<String> arguments = new ArrayList<>(server.arguments());
            arguments.addAll(List.of(SnowpipeSink.NAME, journal.toString()));
            ProcessBuilder jvm = Jvm.of(StalledClient.class, HEAP, arguments);
            jvm.environment().putAll(server.environment());
            Process process = jvm.start();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                Observation seen = observe(variant, server, out);
                if (!process.isAlive() && process.exitValue() != 0) {
                    throw new IllegalStateException("the client failed: exitCode=" + process.exitValue());
                }
                return seen;
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    /** Until the time is over, or everything was uploaded all the same. */
    private Observation observe(Variant variant, Server server, BufferedReader out) throws IOException {
        StalledClient.Sample start = sample(out.readLine());
        StalledClient.Sample now = start;
        while (now.committedRows() == 0) {
            now = sample(out.readLine());
        }
        server.tell(variant.command);
        long stuckNs = System.nanoTime();
        System.err.println(variant.title + ", for " + minutes + " minutes");
        List<StalledClient.Sample> samples = new ArrayList<>(List.of(now));
        long endNs = stuckNs + minutes * 60_000_000_000L;
        while (System.nanoTime() - endNs < 0) {
            String line = out.readLine();
            if (line == null) {
                // It has drained its journal, or failed.
                break;
            }
            samples.add(sample(line));
        }
        return new Observation(start, samples);
    }

    private static StalledClient.Sample sample(@Nullable String line) throws IOException {
        if (line == null) {
            throw new IOException("the client has ended");
        }
        return StalledClient.read(line);
    }
}
