package dev.firn.cli;

import dev.firn.journal.CopiedJournalException;
import dev.firn.journal.DamagedJournalException;
import dev.firn.journal.JournalLockedException;
import dev.firn.upload.SinkException;
import dev.firn.upload.UnexplainedTokenException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code firn} command. */
@Command(
        name = "firn",
        description = "Events into a local journal, into a warehouse with two tables, out of views as state.",
        mixinStandardHelpOptions = true,
        versionProvider = Firn.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            EmitCommand.class,
            EventCommand.class,
            ImportCommand.class,
            EventIdCommand.class,
            UploadCommand.class,
            QueryCommand.class,
            StatusCommand.class,
            VerifyCommand.class,
            ReplayCommand.class,
            RepairCommand.class,
            TrimCommand.class,
            AdoptCommand.class,
            HandoverCommand.class,
            DdlCommand.class,
            EmulatorCommand.class
        })
public final class Firn implements Runnable {
    /** Less is an error in picocli. */
    private static final int LEAST_HELP_WIDTH = 55;

    private static final int MOST_HELP_WIDTH = 120;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Console console;

    Firn(Console console) {
        this.console = console;
    }

    public static void main(String[] args) {
        System.exit(run(Console.system(), args));
    }

    /** Runs one command line; returns its exit code. */
    static int run(Console console, String... args) {
        int code = commandLine(console).execute(args);
        console.out().flush();
        // The stream keeps its errors to itself: a full disk or a reader that has ended would pass for success.
        if (console.out().checkError()) {
            console.err()
                    .println("firn: standard output did not take everything: exit code of the command=" + code
                            + ": make room where it goes, or see whether its reader ended early");
            code = code == Exit.USAGE ? code : Exit.FAILED;
        }
        console.err().flush();
        return code;
    }

    static CommandLine commandLine(Console console) {
        return new CommandLine(new Firn(console), new Factory(console))
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
                .setUsageHelpWidth(Math.max(LEAST_HELP_WIDTH, Math.min(console.width(), MOST_HELP_WIDTH)))
                // An argument that begins with @ is an argument.
                .setExpandAtFiles(false)
                .registerConverter(Path.class, Firn::path)
                .setParameterExceptionHandler(new WrongUsage())
                .setExecutionExceptionHandler((failure, command, parsed) -> explain(console, failure));
    }

    /** Picocli's own converter shows the argument twice, and the name of the exception. */
    private static Path path(String argument) {
        try {
            return Path.of(argument);
        } catch (InvalidPathException e) {
            throw new CommandLine.TypeConversionException(Causes.notAPath());
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(console.out());
    }

    /** Failures that say what was attempted and what to do are shown without a stack trace. */
    private static int explain(Console console, Exception failure) throws Exception {
        if (failure instanceof CommandFailure) {
            console.err().println("firn: " + failure.getMessage());
        } else if (failure instanceof InvalidPathException) {
            console.err().println("firn: " + Causes.notAPath());
        } else if (failure instanceof IOException) {
            console.err().println("firn: " + Causes.explain("cannot read or write a file", failure));
        } else if (isExplained(failure)) {
            Throwable cause = failure.getCause();
            String message = String.valueOf(failure.getMessage());
            console.err().println("firn: " + (cause == null ? message : Causes.explain(message, cause)));
        } else {
            throw failure;
        }
        return Exit.FAILED;
    }

    private static boolean isExplained(Exception failure) {
        return failure instanceof SinkException
                || failure instanceof UnexplainedTokenException
                || failure instanceof DamagedJournalException
                || failure instanceof JournalLockedException
                || failure instanceof CopiedJournalException
                || failure instanceof IllegalStateException
                || failure instanceof UncheckedIOException;
    }

    /** Makes commands, which take the console in their constructor. */
    private record Factory(Console console) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            try {
                return type.getDeclaredConstructor(Console.class).newInstance(console);
            } catch (NoSuchMethodException e) {
                return CommandLine.defaultFactory().create(type);
            }
        }
    }

    /** The version of the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Firn.class.getPackage().getImplementationVersion();
            return new String[] {"firn " + (version == null ? "(not packaged)" : version)};
        }
    }
}
