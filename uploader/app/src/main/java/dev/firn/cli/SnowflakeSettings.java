package dev.firn.cli;

import dev.firn.snowflake.AccountException;
import dev.firn.snowflake.SnowflakeAccount;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.commons.text.similarity.LevenshteinDistance;
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
        try {
            return SnowflakeAccount.of(given(options, settings, environment));
        } catch (AccountException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * What is set, by the names of {@link SnowflakeAccount#SETTINGS}.
     *
     * @throws ParameterException if a variable of the environment looks like a misspelt setting
     */
    static Function<String, Optional<String>> given(
            SnowflakeOptions options, Settings settings, Map<String, String> environment) {
        refuseMisspelt(options, environment);
        List<Function<String, Optional<String>>> sources = List.of(
                options::given,
                name -> Optional.ofNullable(environment.get(name)).filter(text -> !text.isEmpty()),
                settings::snowflakeInFile);
        return name -> value(name, sources);
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
        LevenshteinDistance typos = new LevenshteinDistance(MOST_TYPOS);
        for (String variable : new TreeSet<>(environment.keySet())) {
            if (!variable.startsWith(PREFIX)
                    || SnowflakeAccount.SETTINGS.contains(variable)
                    || OF_OTHERS.contains(variable)) {
                continue;
            }
            SnowflakeAccount.SETTINGS.stream()
                    .filter(known -> typos.apply(known, variable) >= 0)
                    .findFirst()
                    .ifPresent(known -> {
                        throw new ParameterException(
                                options.commandLine(),
                                "there is no such setting in the environment: variable=" + variable + ": is " + known
                                        + " meant? Correct it, or unset it");
                    });
        }
    }
}
