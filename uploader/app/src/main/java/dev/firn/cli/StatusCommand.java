package dev.firn.cli;

import dev.firn.journal.CommittedPosition;
import dev.firn.journal.DamagedJournalException;
import dev.firn.upload.JournalSource;
import dev.firn.upload.MissingSequences;
import dev.firn.upload.SinkRow;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Where each journal stands. Needs neither the warehouse nor the journal's lock. */
@Command(
        name = "status",
        description =
                "Show what each journal holds and has lost, what of it is committed, how old the rest is, and how much room"
                        + " the disk has.",
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
        List<Path> journals = directory.journals(List.of());
        Table table = new Table()
                .text("journal")
                .text("producer")
                .number("first")
                .number("last")
                .number("lost")
                .number("committed")
                .number("pending")
                .number("oldest pending");
        List<String> problems = new ArrayList<>();
        long pending = 0;
        for (Path journal : journals) {
            try {
                pending += show(journal, table);
            } catch (DamagedJournalException e) {
                String name = String.valueOf(journal.getFileName());
                table.row(name, "damaged", null, null, null, null, null, null);
                problems.add("journal " + name + ": " + e.getMessage());
            }
        }
        console.out().println(table.render(console.width()));
        console.out().println("sink: " + directory.boundSink().orElse("none yet, the first upload binds it"));
        console.out()
                .printf(
                        Locale.ROOT,
                        "free on disk: %,d MB%n",
                        directory.root().toFile().getUsableSpace() >> 20);
        problems.forEach(problem -> console.err().println("firn: " + problem));
        if (!problems.isEmpty()) {
            return Exit.FAILED;
        }
        console.out()
                .println(
                        pending == 0
                                ? "everything is committed"
                                : "to commit what is pending: firn upload --dir " + directory.root());
        return Exit.DONE;
    }

    /** Returns how many records are pending. */
    private long show(Path journal, Table table) {
        long committed =
                CommittedPosition.read(journal).map(CommittedPosition::sequence).orElse(0L);
        try (JournalSource source = JournalSource.open(journal)) {
            long last = source.lastSequence();
            MissingSequences lost = source.missing();
            // More than what follows the position where that cannot be believed and files were deleted.
            long next = Math.max(committed + 1, source.firstSequence());
            long waiting = Math.max(0, last - next + 1) - lost.count(next, last);
            table.row(
                    String.valueOf(journal.getFileName()),
                    source.producerId(),
                    last == 0 ? 0L : source.firstSequence(),
                    last,
                    lost.count(),
                    committed,
                    waiting,
                    waiting == 0 ? "" : age(source, next));
            return waiting;
        }
    }

    private String age(JournalSource source, long sequence) {
        List<SinkRow> oldest = new ArrayList<>();
        source.seek(sequence);
        if (source.poll(oldest, 1) == 0) {
            return "";
        }
        Duration age =
                Duration.ofMillis(Math.max(0, clock.millis() - oldest.get(0).receivedAtMicros() / 1_000));
        return age.toDays() > 0
                ? age.toDays() + " d"
                : String.format(Locale.ROOT, "%d:%02d:%02d", age.toHours(), age.toMinutesPart(), age.toSecondsPart());
    }
}
