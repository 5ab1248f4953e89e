package dev.firn.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Settings: of the command line, else of the environment, else of the data directory's {@code firn.properties}. */
final class Settings {
    static final String BATCH_ROWS = "batch_rows";

    private static final Set<String> KNOWN = Set.of(BATCH_ROWS);
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
        Set<String> unknown = new TreeSet<>(properties.stringPropertyNames());
        unknown.removeAll(KNOWN);
        if (!unknown.isEmpty()) {
            throw new ParameterException(
                    command,
                    "there is no such setting: key=" + String.join(", ", unknown) + " file=" + file
                            + ": remove it, or correct it to one of " + new TreeSet<>(KNOWN));
        }
    }

    /**
     * @param key  such as {@code batch_rows}, for {@code --batch-rows} and {@code FIRN_BATCH_ROWS}
     * @param flag what the command line says, or null
     * @throws ParameterException if it is not a number in the range
     */
    int number(String key, @Nullable String flag, int usual, int least, int most) {
        String variable = VARIABLE_PREFIX + key.toUpperCase(Locale.ROOT);
        String fromEnvironment = environment.getOrDefault(variable, "");
        if (flag != null) {
            return number("--" + key.replace('_', '-'), flag, least, most);
        }
        if (!fromEnvironment.isEmpty()) {
            return number(variable, fromEnvironment, least, most);
        }
        String fromFile = properties.getProperty(key);
        return fromFile == null ? usual : number(key + " in " + file, fromFile.strip(), least, most);
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
