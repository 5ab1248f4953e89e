package dev.firn.cli;

import dev.firn.ddl.Ddl;
import dev.firn.ddl.Engine;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The SQL of both engines. */
@Command(
        name = "ddl",
        description = "The two tables and the views, as SQL.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DdlCommand.Render.class, DdlCommand.Deploy.class})
final class DdlCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to do: render or deploy");
    }

    /** Prints a script. */
    @Command(
            name = "render",
            description = "Print everything as one script, in the order of its dependencies.",
            mixinStandardHelpOptions = true)
    static final class Render implements Callable<Integer> {
        @Option(
                names = "--engine",
                paramLabel = "ENGINE",
                defaultValue = "snowflake",
                description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
        private EngineName engine = EngineName.snowflake;

        @Option(
                names = "--database",
                paramLabel = "NAME",
                defaultValue = "FIRN",
                description = "the database in Snowflake (default: ${DEFAULT-VALUE})")
        private String database = "FIRN";

        @Spec
        private CommandSpec spec = CommandSpec.create();

        /** The engines by the names of the command line. */
        enum EngineName {
            snowflake(Engine.SNOWFLAKE),
            duckdb(Engine.DUCKDB);

            private final Engine engine;

            EngineName(Engine engine) {
                this.engine = engine;
            }
        }

        private final Console console;

        Render(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            try {
                console.out().print(new Ddl().render(engine.engine, database));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--database: " + e.getMessage());
            }
            return Exit.DONE;
        }
    }

    /** Applies the script's statements. */
    @Command(
            name = "deploy",
            description =
                    "Make the database, its schemas and everything in them in Snowflake. Can be run again: tables that"
                            + " are there stay as they are, views and functions are replaced.",
            mixinStandardHelpOptions = true)
    static final class Deploy implements Callable<Integer> {
        @Mixin
        private DirectoryOption directoryOption = new DirectoryOption();

        @Mixin
        private SnowflakeOptions options = new SnowflakeOptions();

        private final Console console;

        Deploy(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            new DdlDeployment(
                            console,
                            SnowflakeSettings.account(
                                    options, directoryOption.settings(console), console.environment()))
                    .run();
            return Exit.DONE;
        }
    }
}
