package dev.firn.cli;

import dev.firn.journal.CommittedPosition;
import dev.firn.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Where each journal stands. Needs neither the warehouse nor the journal's lock. */
@Command(
        name = "status",
        description = "Show what each journal holds, what of it is committed, and how old the rest is.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private DirectoryOption directoryOption = new DirectoryOption();

    private final Console console;
    private final Clock clock = Clock.systemUTC();

    StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        DataDirectory directory = directoryOption.directory(console);
        List<Path> journals = directory.journals();
        if (journals.isEmpty()) {
            throw new CommandFailure(
                    "there is no journal in " + directory.root().resolve("journals"));
        }
        Table table = new Table()
                .text("journal")
                .text("producer")
                .number("first")
                .number("last")
                .number("committed")
                .number("pending")
                .number("oldest pending");
        long pending = 0;
        for (Path journal : journals) {
            long committed = CommittedPosition.read(journal)
                    .map(CommittedPosition::sequence)
                    .orElse(0L);
            try (JournalReader reader = JournalReader.open(journal)) {
                long waiting = Math.max(0, reader.lastSequence() - committed);
                pending += waiting;
                table.row(
                        String.valueOf(journal.getFileName()),
                        reader.producerId(),
                        reader.firstSequence(),
                        reader.lastSequence(),
                        committed,
                        waiting,
                        waiting == 0 ? "" : age(reader, committed + 1));
            }
        }
        console.out().println(table.render(console.width()));
        console.out().println("sink: " + sink(directory.sinkBinding()));
        console.out()
                .println(
                        pending == 0
                                ? "everything is committed"
                                : "to commit what is pending: firn upload --dir " + directory.root());
        return Exit.DONE;
    }

    private static String sink(Path binding) {
        if (!Files.exists(binding)) {
            return "none yet, the first upload binds it";
        }
        try {
            return Files.readString(binding).strip();
        } catch (IOException e) {
            throw new CommandFailure(Causes.explain("cannot read which sink is bound: file=" + binding, e), e);
        }
    }

    private String age(JournalReader reader, long sequence) {
        long[] receivedAtMicros = {0};
        reader.seek(sequence);
        if (reader.poll(pending -> receivedAtMicros[0] = pending.receivedAtMicros(), 1) == 0) {
            return "";
        }
        Duration age = Duration.ofMillis(Math.max(0, clock.millis() - receivedAtMicros[0] / 1_000));
        return age.toDays() > 0
                ? age.toDays() + " d"
                : String.format(Locale.ROOT, "%d:%02d:%02d", age.toHours(), age.toMinutesPart(), age.toSecondsPart());
    }
}
