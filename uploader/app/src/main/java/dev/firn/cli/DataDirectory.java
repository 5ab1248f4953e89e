package dev.firn.cli;

import dev.firn.journal.JournalReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The directory that a command works in.
 *
 * <pre>
 * journals/NAME/    one producer each: "cli" for this command, one for each application that shares the directory
 * warehouse.duckdb  the embedded warehouse
 * sink              the sink that this directory is bound to, written by the first upload
 * firn.properties   settings, if any
 * emulator/         the key for who reads it through {@code firn emulator}
 * </pre>
 */
final class DataDirectory {
    /** The journal that this command writes. */
    static final String OWN_JOURNAL = "cli";

    private final Path root;

    DataDirectory(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    Path warehouse() {
        return root.resolve("warehouse.duckdb");
    }

    Path sinkBinding() {
        return root.resolve("sink");
    }

    /** The sink that is bound, with the number of its channels if they are several; none before an upload. */
    Optional<String> boundSink() {
        Path file = sinkBinding();
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            throw new CommandFailure(Causes.explain("cannot read which sink is bound: file=" + file, e), e);
        }
    }

    Path journal(String name) {
        return root.resolve("journals").resolve(name);
    }

    /** The journals that are there, in the order of their names. */
    List<Path> journals() {
        Path journals = root.resolve("journals");
        requireAccess();
        if (!Files.isDirectory(journals)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(journals)) {
            return entries.filter(JournalReader::isJournal).sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            throw new CommandFailure(Causes.explain("cannot list the journals: directory=" + journals, e), e);
        }
    }

    /**
     * The journals of these names.
     *
     * @param names none for all journals
     * @throws CommandFailure if one is not there, or there is none at all
     */
    List<Path> journals(List<String> names) {
        List<Path> all = journals();
        if (all.isEmpty()) {
            throw new CommandFailure("there is no journal in " + root.resolve("journals"));
        }
        if (names.isEmpty()) {
            return all;
        }
        Set<Path> named = new TreeSet<>();
        for (String name : names) {
            Path journal = journal(name);
            if (!all.contains(journal)) {
                throw new CommandFailure("there is no such journal: journal=" + journal);
            }
            named.add(journal);
        }
        return List.copyOf(named);
    }

    /** Else a directory that may not be read would look like an empty one. */
    void requireAccess() {
        if (Files.isDirectory(root) && !(Files.isReadable(root) && Files.isExecutable(root))) {
            throw new CommandFailure("cannot read the data directory: directory=" + root
                    + ": access denied: run the command as its owner, or name another one with --dir");
        }
    }

    /** Makes the directory, readable by its owner only. */
    void create() {
        try {
            Files.createDirectories(
                    root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new CommandFailure(
                    Causes.explain("cannot make the data directory: directory=" + root, e)
                            + ": name another one with --dir",
                    e);
        }
    }

    Path settings() {
        return root.resolve("firn.properties");
    }

    /** The settings in {@code firn.properties}; empty where there is no such file. */
    Properties properties() {
        Properties properties = new Properties();
        Path file = settings();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new CommandFailure(Causes.explain("cannot read the settings: file=" + file, e), e);
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(
                        "cannot read the settings: file=" + file + ": a \\u is without four digits", e);
            }
        }
        return properties;
    }
}
