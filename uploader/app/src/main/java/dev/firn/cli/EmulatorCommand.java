package dev.firn.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A Snowflake on this machine. */
@Command(
        name = "emulator",
        description =
                "A Snowflake on 127.0.0.1 for trying and testing, until interrupted: databases of its own, or the embedded"
                        + " warehouse of a data directory, read-only.",
        mixinStandardHelpOptions = true)
final class EmulatorCommand implements Callable<Integer> {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "serve this data directory's embedded warehouse, to read only; nothing else may write it meanwhile")
    private @Nullable Path directory;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "serve databases of its own, which are kept here (default: firn-emulator, unless --dir is given)")
    private @Nullable Path state;

    @Option(names = "--port", paramLabel = "N", description = "of 127.0.0.1 (default: any that is free)")
    private int port;

    @Option(
            names = "--database",
            paramLabel = "NAME",
            defaultValue = "FIRN",
            description = "what the embedded warehouse is called, with --dir (default: ${DEFAULT-VALUE})")
    private String database = "FIRN";

    @Option(
            names = "--user",
            paramLabel = "NAME",
            defaultValue = "FIRN",
            description = "who may log in (default: ${DEFAULT-VALUE})")
    private String user = "FIRN";

    @Option(
            names = "--public-key-file",
            paramLabel = "FILE",
            description = "the user's public key, in PEM (default: a pair is made, and kept with the databases)")
    private @Nullable Path publicKeyFile;

    @Option(
            names = "--fault",
            paramLabel = "SPEC",
            description = "what goes wrong, such as append-rows:refuse=503:times=2; can be given again;"
                    + " docs/emulator.md has all of them")
    private List<String> faults = new ArrayList<>();

    @Option(
            names = "--commit-delay",
            paramLabel = "MS",
            description = "milliseconds from a streamed batch's acknowledgement to its commit (default: 0)")
    private int commitDelayMs;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Console console;

    EmulatorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        if (directory != null && state != null) {
            throw wrong("give --dir or --state: one emulator serves one of them");
        }
        if (port < 0 || port > 65_535) {
            throw wrong("--port must be in 0..65535: value=" + port);
        }
        if (commitDelayMs < 0) {
            throw wrong("--commit-delay must not be negative: value=" + commitDelayMs);
        }
        if (!user.matches("[A-Za-z_][A-Za-z0-9_$]{0,254}")) {
            throw wrong("--user must be a plain identifier: length=" + user.length());
        }
        if (!database.matches("[A-Za-z_][A-Za-z0-9_$]{0,254}")) {
            throw wrong("--database must be a plain identifier: length=" + database.length());
        }
        try {
            new EmulatorRun(
                            console,
                            Optional.ofNullable(directory).map(DataDirectory::new),
                            directory != null
                                    ? directory.resolve("emulator")
                                    : state != null ? state : Path.of("firn-emulator"),
                            new EmulatorRun.Settings(
                                    port, database, user, Optional.ofNullable(publicKeyFile), faults, commitDelayMs))
                    .run();
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        return Exit.DONE;
    }

    private ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
