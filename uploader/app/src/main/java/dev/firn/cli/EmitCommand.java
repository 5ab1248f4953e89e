package dev.firn.cli;

import dev.firn.cli.input.LineReader;
import dev.firn.cli.input.Records;
import dev.firn.event.EventParser;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Events as NDJSON, from files or standard input, into the journal. */
@Command(
        name = "emit",
        description = {
            "Write events, one JSON object a line, into the journal.",
            "The lane is APPLICATION, unless an event has a source_lane of its own. A line that is no event becomes a"
                    + " dead letter, with its bytes, and the rest goes on. The namespaces pipeline. and quality. are"
                    + " refused, and price. for any tenant but _system.",
            "Ends when everything is on disk; exit code 3 if lines were set aside.",
            "With --ack, standard output has lines \"durable N\" and nothing else: every event up to sequence N of the"
                    + " journal survives the machine. The first line is where the journal stood, so that the first"
                    + " event has the sequence behind it; a line comes whenever more is durable."
        },
        mixinStandardHelpOptions = true)
final class EmitCommand implements Callable<Integer> {
    private static final String LANE = "APPLICATION";

    @Mixin
    private DirectoryOption directoryOption = new DirectoryOption();

    @Parameters(paramLabel = "FILE", description = "NDJSON files; - or none at all: standard input")
    private List<String> files = new ArrayList<>();

    @Option(names = "--ack", description = "print the sequence up to which everything is on disk, again and again")
    private boolean ack;

    private final Console console;
    private final Clock clock;

    EmitCommand(Console console) {
        this(console, Clock.systemUTC());
    }

    EmitCommand(Console console, Clock clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        List<InputFile> inputs = InputFile.all(files);
        DataDirectory directory = directoryOption.directory(console);
        long minFreeBytes = directoryOption.settings(console).minFreeBytes();
        try (CliJournal journal = CliJournal.open(directory, LANE, clock, minFreeBytes)) {
            if (!ack) {
                return take(inputs, directory, journal, console.out());
            }
            Acks acks = Acks.start(console.out(), journal::durableSequence);
            try {
                return take(inputs, directory, journal, console.err());
            } finally {
                acks.close();
            }
        }
    }

    private int take(List<InputFile> inputs, DataDirectory directory, CliJournal journal, PrintStream summary) {
        try (Progress progress = new Progress(console, "lines")) {
            Intake intake = new Intake(journal, progress, "line");
            for (InputFile input : inputs) {
                read(input, directory, intake);
            }
            return intake.finish(summary, false);
        }
    }

    private void read(InputFile input, DataDirectory directory, Intake intake) {
        EventParser parser = new EventParser();
        try (LineReader lines = new LineReader(input.open(console), Records.MAX_RECORD_BYTES, directory.root())) {
            intake.take(input.name(), lines, () -> List.of(parser.parse(lines.bytes(), 0, lines.length())));
        } catch (IOException e) {
            throw input.unreadable(e);
        }
    }
}
