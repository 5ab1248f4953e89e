package dev.firn.cli;

import dev.firn.journal.Adoption;
import dev.firn.journal.CommittedPosition;
import dev.firn.journal.DamagedJournalException;
import dev.firn.journal.Journal;
import dev.firn.journal.JournalReader;
import dev.firn.journal.ProducerId;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what became of the original of a copied journal. */
@Command(
        name = "adopt",
        description = {
            "Say what became of the original of a journal that was copied. Until then nobody can write to the copy: two"
                    + " journals of one producer would give the same sequence to different events.",
            "As moved, the original is gone and wrote nothing after it was copied, and its producer goes on here. As new, the"
                    + " original lives on and delivers its events; what was copied of them is moved aside, and the journal"
                    + " begins anew as another producer.",
            "Says what follows, and asks; no upload may run meanwhile."
        },
        mixinStandardHelpOptions = true)
final class AdoptCommand implements Callable<Integer> {
    @Mixin
    private DirectoryOption directoryOption = new DirectoryOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--as",
            paramLabel = "moved|new",
            required = true,
            description = "moved: the original is gone and wrote nothing since; new: the original lives on")
    private String as = "";

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Option(
            names = "--force",
            description = "also if the journal does not look like a copy, as on file systems without lasting inodes")
    private boolean force;

    @Parameters(paramLabel = "JOURNAL", description = "name of the journal")
    private String name = "";

    private final Console console;

    AdoptCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Adoption adoption = switch (as) {
            case "moved" -> Adoption.MOVED;
            case "new" -> Adoption.NEW_PRODUCER;
            default -> throw new ParameterException(spec.commandLine(), "--as: must be moved or new");
        };
        Path journal =
                directoryOption.directory(console).journals(List.of(name)).get(0);
        if (!force) {
            requireCopy(journal);
        }
        console.err().println(consequences(journal, adoption));
        if (!yes && !console.interactive()) {
            throw new ParameterException(spec.commandLine(), "nobody can be asked here: give --yes if that is right");
        }
        if (!yes && !console.confirmed("Adopt the journal as " + as + "?")) {
            console.err().println("nothing was done");
            return Exit.FAILED;
        }
        ProducerId producer = Journal.adopt(journal, adoption);
        console.out().println("journal: " + journal);
        console.out().println("producer: " + producer);
        return Exit.DONE;
    }

    private static void requireCopy(Path journal) {
        if (!Journal.isCopy(journal)) {
            throw new CommandFailure(
                    "this journal is no copy, as far as that can be seen, and can be written as it is: journal="
                            + journal + ": leave it, or give --force if you know better");
        }
    }

    private static String consequences(Path journal, Adoption adoption) {
        ProducerId producer;
        String copied;
        try (JournalReader reader = JournalReader.open(journal)) {
            producer = reader.producerId();
            copied = copied(journal, reader);
        }
        return "journal " + journal.getFileName() + " of producer " + producer + ", " + copied + "\n"
                + switch (adoption) {
                    case MOVED ->
                        "as moved: this producer goes on here. Its original must have written nothing since it was copied,"
                                + " and must never be written again: events of the two would have the same sequences.";
                    case NEW_PRODUCER ->
                        "as new: the original must live on, since what was copied and is not committed is"
                                + " delivered by nobody else; the copies are moved into "
                                + journal.resolve("copied-" + producer)
                                + ". The journal begins anew with sequence 1.";
                };
    }

    private static String copied(Path journal, JournalReader reader) {
        try {
            long committed = CommittedPosition.read(journal)
                    .map(CommittedPosition::sequence)
                    .orElse(0L);
            return "sequences " + reader.firstSequence() + ".." + reader.lastSequence()
                    + ", committed when it was copied: " + committed;
        } catch (DamagedJournalException e) {
            return "which is damaged: " + e.getMessage();
        }
    }
}
