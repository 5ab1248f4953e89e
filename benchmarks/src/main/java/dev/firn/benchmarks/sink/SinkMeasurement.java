package dev.firn.benchmarks.sink;

import dev.firn.benchmarks.Machine;
import dev.firn.benchmarks.Spread;
import dev.firn.benchmarks.TemporaryDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What the uploader costs: rows a second from a journal into an emulated Snowflake, against a loop around Snowflake's
 * library alone with the same rows in memory.
 *
 * <p>Both take turns, each time in a JVM of its own, against one server that is a process of its own, too.
 */
@Command(
        name = "benchmarks/run sink",
        mixinStandardHelpOptions = true,
        description = "Rows a second from a journal into an emulated Snowflake, beside Snowflake's library alone.")
public final class SinkMeasurement implements Callable<Integer> {
    private static final double GOAL = 0.9;
    private static final List<String> HEAP = List.of("-Xms2g", "-Xmx2g", "-XX:+UseG1GC");
    /** So many times as many rows are sent before the clock starts. */
    private static final double WARM_UP = 0.2;

    @Option(
            names = "--sink",
            defaultValue = "snowpipe",
            paramLabel = "NAME",
            converter = LibraryConverter.class,
            completionCandidates = LibraryNames.class,
            description = "one of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private SinkLibrary library = SinkLibrary.ALL.get(0);

    @Option(
            names = "--events",
            defaultValue = "500000",
            paramLabel = "N",
            description =
                    "different events, 10000 to 1000000; every fiftieth is sent twice (default: ${DEFAULT-VALUE})")
    private int events;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            paramLabel = "N",
            description = "after one that does not count (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** By its name. */
    static final class LibraryConverter implements CommandLine.ITypeConverter<SinkLibrary> {
        @Override
        public SinkLibrary convert(String value) {
            try {
                return SinkLibrary.named(value);
            } catch (IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException(e.getMessage());
            }
        }
    }

    /** For the help. */
    static final class LibraryNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        LibraryNames() {
            super(SinkLibrary.names());
        }
    }

    /**
     * A subject's turn.
     *
     * @param serverCpuNs that the server took meanwhile, with the turn's warm-up
     * @param serverRows  that the server got meanwhile, with the turn's warm-up
     */
    record Turn(Subject.Result result, long serverCpuNs, long serverRows) {
        double serverCpuMsPerThousandRows() {
            return serverCpuNs / 1e3 / serverRows;
        }
    }

    /** One turn of each. */
    record Round(Turn bare, Turn firn) {
        double ratio() {
            return firn.result().rowsPerSecond() / bare.result().rowsPerSecond();
        }
    }

    /** Exit code 1 if rows are missing; that the goal is missed is a result and no failure. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new SinkMeasurement()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (events < 10_000 || events > 1_000_000 || rounds < 1) {
            throw new ParameterException(spec.commandLine(), "--events must be in 10000..1000000, --rounds 1 or more");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        out.println("each subject and the server: a JVM of its own; each subject: " + String.join(" ", HEAP));
        out.println();
        List<Round> results = new ArrayList<>();
        try (TemporaryDirectory directory = new TemporaryDirectory();
                Server server = Server.start(directory.path(), Login.make(directory.path()))) {
            for (int round = 0; round <= rounds; round++) {
                System.err.println("round " + round + " of " + rounds + (round == 0 ? ": does not count" : ""));
                Round result = round(server, round % 2 == 0);
                if (round > 0) {
                    results.add(result);
                }
            }
        }
        out.print(report(library.name(), results));
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    /** With journals of its own, for the server knows how far it has come in those of the round before. */
    private Round round(Server server, boolean isFirnFirst) throws Exception {
        try (TemporaryDirectory directory = new TemporaryDirectory()) {
            Path warmUp = directory.resolve("warm-up");
            Path journal = directory.resolve("journal");
            long rows = Journal.write(warmUp, (int) (events * WARM_UP)) + Journal.write(journal, events);
            if (isFirnFirst) {
                Turn firn = turn(server, Subject.arguments(true, library, warmUp, journal), rows);
                return new Round(turn(server, Subject.arguments(false, library, warmUp, journal), rows), firn);
            }
            Turn bare = turn(server, Subject.arguments(false, library, warmUp, journal), rows);
            return new Round(bare, turn(server, Subject.arguments(true, library, warmUp, journal), rows));
        }
    }

    private static Turn turn(Server server, List<String> subject, long rows) throws IOException, InterruptedException {
        // So that no turn pays for what the one before left to be written.
        new ProcessBuilder("sync").inheritIO().start().waitFor();
        server.tell(ServerProcess.Command.EMPTY);
        Server.Count before = server.count();
        List<String> arguments = new ArrayList<>(server.arguments());
        arguments.addAll(subject);
        ProcessBuilder jvm = Jvm.of(Subject.class, HEAP, arguments);
        jvm.environment().putAll(server.environment());
        Process process = jvm.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        if (exitCode != 0) {
            throw new IllegalStateException("subject failed: subject=" + subject.get(0) + " exitCode=" + exitCode);
        }
        Server.Count after = server.count();
        if (after.rows() != rows || after.distinct() != rows) {
            throw new IllegalStateException("the books do not balance: subject=" + subject.get(0) + " sent=" + rows
                    + " rows=" + after.rows() + " distinct=" + after.distinct());
        }
        return new Turn(Subject.read(output), after.cpuNs() - before.cpuNs(), rows);
    }

    static String report(String sink, List<Round> rounds) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s, %,d rows, %d rounds: median (min..max)%n",
                sink,
                rounds.get(0).firn().result().rows(),
                rounds.size()));
        add(
                text,
                "the library alone, rows/s",
                rounds,
                round -> round.bare().result().rowsPerSecond(),
                "%,.0f");
        add(text, "Firn, rows/s", rounds, round -> round.firn().result().rowsPerSecond(), "%,.0f");
        Spread ratio = Spread.of(rounds.stream().mapToDouble(Round::ratio));
        line(text, "ratio, Firn to the library alone", ratio.format("%.2f"));
        line(
                text,
                "goal",
                String.format(Locale.ROOT, "%.2f or more: %s", GOAL, ratio.median() < GOAL ? "missed" : "reached"));
        text.append("processor time, ms for 1,000 rows\n");
        add(text, "the library alone", rounds, round -> round.bare().result().cpuMsPerThousandRows(), "%.2f");
        add(text, "Firn", rounds, round -> round.firn().result().cpuMsPerThousandRows(), "%.2f");
        add(text, "server, for the library alone", rounds, round -> round.bare().serverCpuMsPerThousandRows(), "%.2f");
        add(text, "server, for Firn", rounds, round -> round.firn().serverCpuMsPerThousandRows(), "%.2f");
        text.append("batches that the library had no room for\n");
        add(
                text,
                "the library alone, every 100 ms",
                rounds,
                round -> round.bare().result().noRoom(),
                "%,.0f");
        add(
                text,
                "Firn, from 100 ms to 30 s",
                rounds,
                round -> round.firn().result().noRoom(),
                "%,.0f");
        return text.toString();
    }

    private static void add(
            StringBuilder text, String what, List<Round> rounds, ToDoubleFunction<Round> figure, String format) {
        line(text, what, Spread.of(rounds.stream().mapToDouble(figure)).format(format));
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append(String.format(Locale.ROOT, "  %-36s %s%n", what, value));
    }
}
