package dev.firn.cli;

import dev.firn.journal.DamagedJournalException;
import dev.firn.journal.JournalLockedException;
import dev.firn.upload.SinkException;
import dev.firn.upload.UnexplainedTokenException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
            DdlCommand.class
        })
public final class Firn implements Runnable {
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
        console.err().flush();
        return code;
    }

    static CommandLine commandLine(Console console) {
        return new CommandLine(new Firn(console), new Factory(console))
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
                .setUsageHelpWidth(Math.min(console.width(), 120))
                .setExecutionExceptionHandler((failure, command, parsed) -> explain(console, failure));
    }

    @Override
    public void run() {
        spec.commandLine().usage(console.out());
    }

    /** Failures that say what was attempted and what to do are shown without a stack trace. */
    private static int explain(Console console, Exception failure) throws Exception {
        if (failure instanceof CommandFailure
                || failure instanceof SinkException
                || failure instanceof UnexplainedTokenException
                || failure instanceof DamagedJournalException
                || failure instanceof JournalLockedException
                || failure instanceof IllegalStateException
                || failure instanceof UncheckedIOException) {
            Throwable cause = failure.getCause();
            String why = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
            console.err().println("firn: " + failure.getMessage() + (failure instanceof CommandFailure ? "" : why));
            return Exit.FAILED;
        }
        throw failure;
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
