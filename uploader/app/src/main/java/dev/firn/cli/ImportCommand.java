package dev.firn.cli;

import dev.firn.cli.input.InputException;
import dev.firn.cli.input.MappedInput;
import dev.firn.cli.input.Mapping;
import dev.firn.cli.input.ReadyMappings;
import dev.firn.cli.input.Records;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** CSV or NDJSON of any shape into the journal, by a mapping. */
@Command(
        name = "import",
        description = {
            "Make events of the rows of CSV or NDJSON files, by a mapping, and write them into the journal.",
            "The lane is IMPORT. A row that does not fit becomes a dead letter, with its bytes and its number, and the"
                    + " rest goes on. Importing a file twice gives the same events, which count once.",
            "Ends when everything is on disk; exit code 3 if rows were set aside."
        },
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
    private static final String LANE = "IMPORT";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private DirectoryOption directoryOption = new DirectoryOption();

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    @Parameters(paramLabel = "FILE", description = "the files to import; - for standard input")
    private List<String> files = new ArrayList<>();

    private final Console console;
    private final Clock clock;

    /** One of these is given. */
    private static final class What {
        @Option(
                names = "--mapping",
                paramLabel = "FILE|NAME",
                description = "a mapping (JSON; docs/mappings.md): the name of a ready one, else a file")
        private @Nullable String mapping;

        @Option(names = "--list", description = "list the ready mappings and end")
        private boolean list;

        @Option(names = "--show", paramLabel = "NAME", description = "print a ready mapping, to start from, and end")
        private @Nullable String show;
    }

    ImportCommand(Console console) {
        this(console, Clock.systemUTC());
    }

    ImportCommand(Console console, Clock clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        if (what.mapping != null) {
            return importFiles(what.mapping);
        }
        if (!files.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "FILE is for --mapping");
        }
        if (what.show != null) {
            console.out().print(ready(what.show));
        } else {
            for (String name : ReadyMappings.names()) {
                console.out().println(name + ": " + Mapping.parse(ready(name)).description());
            }
        }
        return Exit.DONE;
    }

    private static String ready(String name) {
        return ReadyMappings.find(name)
                .orElseThrow(() -> new CommandFailure("there is no ready mapping of this name: name=" + name
                        + "; there are " + ReadyMappings.names()));
    }

    private int importFiles(String mappingName) {
        if (files.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "Missing required parameter: 'FILE' (- for standard input)");
        }
        Mapping mapping = mapping(mappingName);
        List<InputFile> inputs = InputFile.all(files);
        inputs.stream().filter(InputFile::isRegular).forEach(input -> checkHeader(input, mapping, mappingName));
        DataDirectory directory = directoryOption.directory(console);
        try (CliJournal journal = CliJournal.open(
                        directory,
                        LANE,
                        clock,
                        directoryOption.settings(console).minFreeBytes());
                Progress progress = new Progress(console, "rows")) {
            Intake intake = new Intake(journal, progress, "row");
            for (InputFile input : inputs) {
                try (MappedInput rows = open(input, mapping, mappingName, directory.root())) {
                    intake.take(input.name(), rows.records(), rows::events);
                } catch (IOException e) {
                    throw input.unreadable(e);
                }
            }
            return intake.finish(console.out(), true);
        }
    }

    /** Before the first row of any file is written. */
    private void checkHeader(InputFile input, Mapping mapping, String mappingName) {
        try {
            open(input, mapping, mappingName, null).close();
        } catch (IOException e) {
            throw input.unreadable(e);
        }
    }

    private MappedInput open(InputFile input, Mapping mapping, String mappingName, @Nullable Path spoolDirectory)
            throws IOException {
        try {
            return MappedInput.open(mapping, input.open(console), Records.MAX_RECORD_BYTES, spoolDirectory);
        } catch (InputException e) {
            throw new CommandFailure(
                    "cannot import the file: file=" + input.name() + " mapping=" + mappingName + ": " + e.getMessage(),
                    e);
        }
    }

    private static Mapping mapping(String name) {
        Optional<String> ready = ReadyMappings.find(name);
        try {
            return Mapping.parse(ready.isPresent() ? ready.get() : Files.readString(Path.of(name)));
        } catch (InputException e) {
            throw new CommandFailure("the mapping cannot be used: mapping=" + name + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandFailure(
                    Causes.explain("cannot read the mapping: mapping=" + name, e)
                            + "; it is neither a readable file nor one of " + ReadyMappings.names(),
                    e);
        }
    }
}
