package dev.firn.cli;

import dev.firn.snowflake.AccountException;
import dev.firn.snowflake.SnowflakeAccount;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import picocli.CommandLine.ParameterException;

/**
 * The account of a command: of the command line, else of the environment, else of the data directory's
 * {@code firn.properties}.
 */
final class SnowflakeSettings {
    private static final String PREFIX = "SNOWFLAKE_";
    private static final int MOST_TYPOS = 2;
    /** Of Snowflake's own tools, and near to one of ours. */
    private static final Set<String> OF_OTHERS = Set.of("SNOWFLAKE_HOME");

    private static final List<String> KEYS = List.of("SNOWFLAKE_PRIVATE_KEY_FILE", "SNOWFLAKE_PRIVATE_KEY_COMMAND");

    private SnowflakeSettings() {}

    /**
     * The account that is set.
     *
     * @throws ParameterException if a variable of the environment looks like a misspelt setting
     * @throws CommandFailure     if a setting is missing or malformed, or there is no usable private key
     */
    static SnowflakeAccount account(SnowflakeOptions options, Settings settings, Map<String, String> environment) {
        refuseMisspelt(options, environment);
        List<Function<String, Optional<String>>> sources = List.of(
                options::given,
                name -> Optional.ofNullable(environment.get(name)).filter(text -> !text.isEmpty()),
                settings::snowflakeInFile);
        try {
            return SnowflakeAccount.of(name -> value(name, sources));
        } catch (AccountException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    /** File and command stand for each other: where one is given, neither is looked for any further. */
    private static Optional<String> value(String name, List<Function<String, Optional<String>>> sources) {
        List<String> together = KEYS.contains(name) ? KEYS : List.of(name);
        return sources.stream()
                .filter(source ->
                        together.stream().anyMatch(one -> source.apply(one).isPresent()))
                .findFirst()
                .flatMap(source -> source.apply(name));
    }

    private static void refuseMisspelt(SnowflakeOptions options, Map<String, String> environment) {
        for (String variable : new TreeSet<>(environment.keySet())) {
            if (!variable.startsWith(PREFIX)
                    || SnowflakeAccount.SETTINGS.contains(variable)
                    || OF_OTHERS.contains(variable)) {
                continue;
            }
            SnowflakeAccount.SETTINGS.stream()
                    .filter(known -> distance(known, variable) <= MOST_TYPOS)
                    .findFirst()
                    .ifPresent(known -> {
                        throw new ParameterException(
                                options.commandLine(),
                                "there is no such setting in the environment: variable=" + variable + ": is " + known
                                        + " meant? Correct it, or unset it");
                    });
        }
    }

    /** Letters to add, remove or replace to get from one to the other. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
