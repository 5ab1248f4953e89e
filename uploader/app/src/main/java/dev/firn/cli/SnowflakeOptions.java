package dev.firn.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Which Snowflake account, on the command line. Names no class of the libraries for Snowflake, so that it can be
 * an option of a command that does without them; {@link SnowflakeSettings} makes an account of it.
 */
final class SnowflakeOptions {
    @Option(
            names = "--account",
            paramLabel = "ID",
            description = "Snowflake account (default: $SNOWFLAKE_ACCOUNT, else snowflake_account in"
                    + " DIR/firn.properties; so for each of these, and for SNOWFLAKE_HOST, _PORT and _PROTOCOL)")
    private @Nullable String account;

    @Option(names = "--user", paramLabel = "NAME", description = "who logs in to Snowflake")
    private @Nullable String user;

    @Option(names = "--role", paramLabel = "NAME", description = "in which role (default: that of the user)")
    private @Nullable String role;

    @Option(names = "--warehouse", paramLabel = "NAME", description = "what runs queries (default: FIRN_WH)")
    private @Nullable String warehouse;

    @Option(names = "--database", paramLabel = "NAME", description = "the database (default: FIRN)")
    private @Nullable String database;

    @Option(names = "--private-key-file", paramLabel = "FILE", description = "the user's private key, PKCS#8 in PEM")
    private @Nullable String privateKeyFile;

    @Option(
            names = "--private-key-command",
            paramLabel = "COMMAND",
            description = "prints the private key, such as a client of a key vault; run by /bin/sh")
    private @Nullable String privateKeyCommand;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    CommandLine commandLine() {
        return spec.commandLine();
    }

    /** What was given for a setting, by its name in the environment. */
    Optional<String> given(String setting) {
        Map<String, @Nullable String> flags = new HashMap<>();
        flags.put("SNOWFLAKE_ACCOUNT", account);
        flags.put("SNOWFLAKE_USER", user);
        flags.put("SNOWFLAKE_ROLE", role);
        flags.put("SNOWFLAKE_WAREHOUSE", warehouse);
        flags.put("SNOWFLAKE_DATABASE", database);
        flags.put("SNOWFLAKE_PRIVATE_KEY_FILE", privateKeyFile);
        flags.put("SNOWFLAKE_PRIVATE_KEY_COMMAND", privateKeyCommand);
        return Optional.ofNullable(flags.get(setting));
    }
}
