package dev.firn.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code --dir}: the flag, else {@code FIRN_DIR} unless it is empty, else {@code firn-data}. */
final class DirectoryOption {
    @Option(names = "--dir", paramLabel = "DIR", description = "data directory (default: $FIRN_DIR, else firn-data)")
    private @Nullable Path directory;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    DataDirectory directory(Console console) {
        if (directory != null) {
            return new DataDirectory(directory);
        }
        String named = console.environment().getOrDefault("FIRN_DIR", "");
        return new DataDirectory(Path.of(named.isEmpty() ? "firn-data" : named));
    }

    /** The settings of this directory, for the command that this is an option of. */
    Settings settings(Console console) {
        return new Settings(spec.commandLine(), directory(console), console.environment());
    }
}
