package dev.firn.cli;

import dev.firn.ingest.IngestConfig;
import dev.firn.journal.JournalTrimmer;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Settings: of the command line, else of the environment, else of the data directory's {@code firn.properties}. */
final class Settings {
    static final String BATCH_ROWS = "batch_rows";
    static final String MIN_FREE_MB = "min_free_mb";
    static final String RETENTION = "retention";

    /**
     * The settings of a Snowflake account that may stand in a file, by the names of the environment. Snowflake's
     * own tools read them too, so they have no prefix of ours. {@code dev.firn.snowflake.SnowflakeAccount}
     * has them all, and may not be at hand.
     */
    static final List<String> SNOWFLAKE = List.of(
            "SNOWFLAKE_ACCOUNT",
            "SNOWFLAKE_USER",
            "SNOWFLAKE_ROLE",
            "SNOWFLAKE_WAREHOUSE",
            "SNOWFLAKE_DATABASE",
            "SNOWFLAKE_HOST",
            "SNOWFLAKE_PORT",
            "SNOWFLAKE_PROTOCOL",
            "SNOWFLAKE_PRIVATE_KEY_FILE",
            "SNOWFLAKE_PRIVATE_KEY_COMMAND");

    /** Never in a file: it would lie beside what it protects. */
    static final String SNOWFLAKE_PASSPHRASE = "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE";

    private static final Set<String> KNOWN = Stream.concat(
                    Stream.of(BATCH_ROWS, MIN_FREE_MB, RETENTION),
                    SNOWFLAKE.stream().map(Settings::key))
            .collect(Collectors.toUnmodifiableSet());
    private static final int USUAL_MIN_FREE_MB = (int) (IngestConfig.DEFAULT_MIN_FREE_BYTES >> 20);
    private static final int LEAST_MIN_FREE_MB = 16;
    private static final int MOST_MIN_FREE_MB = 1 << 20;
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})([dhms])");
    private static final Map<String, ChronoUnit> UNITS =
            Map.of("d", ChronoUnit.DAYS, "h", ChronoUnit.HOURS, "m", ChronoUnit.MINUTES, "s", ChronoUnit.SECONDS);
    private static final String VARIABLE_PREFIX = "FIRN_";

    private final CommandLine command;
    private final Map<String, String> environment;
    private final String file;
    private final Properties properties;

    /** @throws ParameterException if the directory's settings have a key that there is not */
    Settings(CommandLine command, DataDirectory directory, Map<String, String> environment) {
        this.command = command;
        this.environment = environment;
        this.file = directory.settings().toString();
        this.properties = directory.properties();
        if (properties.containsKey(key(SNOWFLAKE_PASSPHRASE))) {
            throw new ParameterException(
                    command,
                    "the passphrase of the private key is taken from the environment only: file=" + file
                            + ": remove it there, and set " + SNOWFLAKE_PASSPHRASE);
        }
        Set<String> unknown = new TreeSet<>(properties.stringPropertyNames());
        unknown.removeAll(KNOWN);
        if (!unknown.isEmpty()) {
            throw new ParameterException(
                    command,
                    "there is no such setting: key=" + String.join(", ", unknown) + " file=" + file
                            + ": remove it, or correct it to one of " + new TreeSet<>(KNOWN));
        }
    }

    private static String key(String variable) {
        return variable.toLowerCase(Locale.ROOT);
    }

    /** A setting of {@link #SNOWFLAKE} in the file. */
    Optional<String> snowflakeInFile(String name) {
        return Optional.ofNullable(properties.getProperty(key(name))).map(String::strip);
    }

    /** A value and where it was given, such as {@code FIRN_BATCH_ROWS}. */
    private record Given(String where, String text) {}

    private Optional<Given> given(String key, @Nullable String flag) {
        if (flag != null) {
            return Optional.of(new Given("--" + key.replace('_', '-'), flag));
        }
        String variable = VARIABLE_PREFIX + key.toUpperCase(Locale.ROOT);
        String fromEnvironment = environment.getOrDefault(variable, "");
        if (!fromEnvironment.isEmpty()) {
            return Optional.of(new Given(variable, fromEnvironment));
        }
        return Optional.ofNullable(properties.getProperty(key))
                .map(text -> new Given(key + " in " + file, text.strip()));
    }

    /**
     * @param key  such as {@code batch_rows}, for {@code --batch-rows} and {@code FIRN_BATCH_ROWS}
     * @param flag what the command line says, or null
     * @throws ParameterException if it is not a number in the range
     */
    int number(String key, @Nullable String flag, int usual, int least, int most) {
        return given(key, flag)
                .map(given -> number(given.where(), given.text(), least, most))
                .orElse(usual);
    }

    /** Below so much free space in the journal's file system no event is taken. */
    long minFreeBytes() {
        return (long) number(MIN_FREE_MB, null, USUAL_MIN_FREE_MB, LEAST_MIN_FREE_MB, MOST_MIN_FREE_MB) << 20;
    }

    /**
     * How long committed events stay in a journal.
     *
     * @param flag what the command line says, or null
     * @throws ParameterException if it is no duration, or too long
     */
    Optional<Duration> retention(@Nullable String flag) {
        return given(RETENTION, flag).map(this::duration);
    }

    private Duration duration(Given given) {
        Duration most = JournalTrimmer.MAX_RETENTION;
        Duration value = duration(given.text());
        if (value == null || value.isNegative() || value.compareTo(most) > 0) {
            throw new ParameterException(
                    command,
                    given.where() + " must be a duration of 0 to " + most.toDays()
                            + " days, such as 7d, 12h, 30m or PT36H: value=" + given.text());
        }
        return value;
    }

    private static @Nullable Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (matcher.matches()) {
            return Duration.of(Long.parseLong(matcher.group(1)), UNITS.get(matcher.group(2)));
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            // To the caller, who knows where it stands.
            return null;
        }
    }

    private int number(String where, String text, int least, int most) {
        if (text.matches("[0-9]{1,9}")) {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        }
        throw new ParameterException(
                command, where + " must be a whole number in " + least + ".." + most + ": value=" + text);
    }
}
