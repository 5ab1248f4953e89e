package dev.firn.benchmarks.latency;

import dev.firn.benchmarks.Machine;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Runs every subject in a JVM of its own, all with the same flags, one after the other and in another order in each repetition, and prints
 * what they took as tables. Fails if any event of any of them is not in its file.
 */
@Command(
        name = "benchmarks/run latency",
        mixinStandardHelpOptions = true,
        description = "What a call costs the thread that makes it, and how many events a second get through,"
                + " beside what an application would use instead.")
public final class LatencyMeasurement implements Callable<Integer> {
    /** Room for the events of firn-fresh, which are all made beforehand. */
    private static final List<String> HEAP = List.of("-Xms2g", "-Xmx2g", "-XX:+UseG1GC", "-XX:+AlwaysPreTouch");

    private static final int MAX_LATENCY_EVENTS = 2_000_000;
    private static final int WARM_UP_EVENTS = 500_000;

    @Option(names = "--reps", defaultValue = "3", description = "repetitions (default: ${DEFAULT-VALUE})")
    private int repetitions;

    @Option(
            names = "--rate",
            defaultValue = "100000",
            description =
                    "events a second of the phase with a schedule, a twentieth of it for sqlite (default: ${DEFAULT-VALUE})")
    private int eventsPerSecond;

    @Option(
            names = "--burst",
            defaultValue = "1",
            description =
                    "events of that phase that are due at the same moment (default: ${DEFAULT-VALUE}, evenly spaced)")
    private int burst;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "how long that phase is (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--events",
            defaultValue = "1000000",
            description =
                    "events of each round of the saturated phase, a twentieth of it for sqlite (default: ${DEFAULT-VALUE})")
    private int saturatedEvents;

    @Option(
            names = "--only",
            arity = "1..*",
            paramLabel = "NAME",
            converter = SubjectConverter.class,
            description = "only these: ${COMPLETION-CANDIDATES}",
            completionCandidates = SubjectNames.class)
    private List<Subject> only = List.of(Subject.values());

    @Option(names = "--seed", defaultValue = "1", description = "of the order (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--smoke", description = "a few events, once: that everything runs; the numbers mean nothing")
    private boolean smoke;

    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** By the name in the tables. */
    static final class SubjectConverter implements CommandLine.ITypeConverter<Subject> {
        @Override
        public Subject convert(String value) {
            try {
                return Subject.named(value);
            } catch (IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException(e.getMessage());
            }
        }
    }

    /** For the help. */
    static final class SubjectNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        SubjectNames() {
            super(Stream.of(Subject.values()).map(Subject::title).toList());
        }
    }

    /** Exit code 1 if a subject fails or lost an event; that a goal is missed is a result and no failure. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new LatencyMeasurement()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Load load = load();
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        out.println("each subject: " + String.join(" ", flags()) + "; " + load);
        out.println();
        Results results = new Results();
        Random random = new Random(seed);
        int count = smoke ? 1 : repetitions;
        for (int repetition = 1; repetition <= count; repetition++) {
            List<Subject> order = new ArrayList<>(only);
            Collections.shuffle(order, random);
            for (Subject subject : order) {
                System.err.println("repetition " + repetition + " of " + count + ": " + subject.title());
                results.add(subject, inJvmOfItsOwn(subject, load));
            }
        }
        out.print(Report.of(results));
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private Load load() {
        if (smoke) {
            return Load.SMOKE;
        }
        long latencyEvents = (long) eventsPerSecond * seconds;
        if (repetitions < 1
                || burst < 1
                || latencyEvents < 1
                || latencyEvents > MAX_LATENCY_EVENTS
                || saturatedEvents < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--reps, --burst and --events must be 1 or more, --rate times --seconds 1 to "
                            + MAX_LATENCY_EVENTS);
        }
        return new Load(eventsPerSecond, burst, (int) latencyEvents, saturatedEvents, WARM_UP_EVENTS);
    }

    static Map<Metric, Double> inJvmOfItsOwn(Subject subject, Load load) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags());
        command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SubjectRun.class.getName()));
        command.addAll(SubjectRun.arguments(subject, load));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        if (exitCode != 0) {
            throw new IllegalStateException("subject failed: subject=" + subject.title() + " exitCode=" + exitCode);
        }
        return SubjectRun.read(output);
    }

    /** The heap, and what this JVM was given for the journal. */
    private static List<String> flags() {
        List<String> flags = new ArrayList<>(HEAP);
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--"))
                .forEach(flags::add);
        return flags;
    }
}
