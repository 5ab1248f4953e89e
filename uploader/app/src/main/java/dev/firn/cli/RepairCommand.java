package dev.firn.cli;

import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import dev.firn.journal.CopiedJournalException;
import dev.firn.journal.DamagedJournalException;
import dev.firn.journal.Journal;
import dev.firn.journal.JournalLockedException;
import dev.firn.journal.JournalReader;
import dev.firn.journal.MissingRange;
import dev.firn.journal.RepairReport;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies every record of journals, and repairs what is damaged. */
@Command(
        name = "repair",
        description = {
            "Verify every record of journals, and repair what is damaged: what is whole is kept with its sequence, damaged"
                    + " files go into damaged/, what is lost is named, and a pipeline.journal_damaged event tells of it.",
            "Needs journals that nobody writes to, but for --dry-run: one that is in use is named and left alone, and the"
                    + " application that writes it repairs it when it is restarted.",
            "Exit 0 once every journal is whole again, whatever it lost; 1 if one could not be repaired, or if --dry-run found"
                    + " damage."
        },
        mixinStandardHelpOptions = true)
final class RepairCommand implements Callable<Integer> {
    @Mixin
    private DirectoryOption directoryOption = new DirectoryOption();

    @Option(names = "--dry-run", description = "say what is damaged and what would be lost, and change nothing")
    private boolean dryRun;

    @Parameters(paramLabel = "JOURNAL", description = "names of journals (default: all)")
    private List<String> names = new ArrayList<>();

    private final Console console;
    private final Table table = new Table()
            .text("journal")
            .number("files")
            .number("records")
            .number("salvaged")
            .number("lost")
            .text("result");
    private final List<String> details = new ArrayList<>();
    private boolean failed;

    RepairCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        long minFreeBytes = directoryOption.settings(console).minFreeBytes();
        for (Path journal : directoryOption.directory(console).journals(names)) {
            console.err().println("journal " + journal.getFileName() + ": verifying every record");
            try {
                if (dryRun) {
                    RepairReport found = Journal.check(journal);
                    show(journal, found);
                    failed |= !found.isClean();
                } else {
                    show(journal, Journal.repair(journal));
                    tell(journal, minFreeBytes);
                }
            } catch (JournalLockedException e) {
                fail(journal, "in use by " + e.owner() + ", so it is left alone: stop that, or restart it");
            } catch (CopiedJournalException e) {
                fail(journal, e.getMessage() + ": see firn adopt --help");
            } catch (DamagedJournalException | UncheckedIOException e) {
                fail(journal, Causes.explain(dryRun ? "not verified" : "not repaired", e));
            }
        }
        if (!table.isEmpty()) {
            console.out().println(table.render(console.width()));
        }
        details.forEach(console.out()::println);
        return failed ? Exit.FAILED : Exit.DONE;
    }

    private void fail(Path journal, String why) {
        failed = true;
        console.err().println("firn: journal " + journal.getFileName() + ": " + why);
    }

    private void show(Path journal, RepairReport report) {
        long lost = report.missing().stream().mapToLong(MissingRange::count).sum();
        String result = report.isClean() ? "whole" : dryRun ? "damaged" : "repaired";
        String name = String.valueOf(journal.getFileName());
        table.row(name, report.files(), report.records(), report.salvaged(), lost, result);
        for (MissingRange range : report.missing()) {
            String sequences = range.count() == 1 ? "" + range.first() : range.first() + ".." + range.last();
            details.add("journal " + name + (dryRun ? ": would be lost: " : ": lost: ") + sequences + " ("
                    + range.damage() + ", file " + range.file() + ")");
        }
        for (String file : report.setAside()) {
            details.add("journal " + name + (dryRun ? ": would be set aside: " : ": set aside: ")
                    + journal.resolve("damaged").resolve(file));
        }
    }

    /** To open it as a client is what writes the events that tell of a loss, if nobody was told yet. */
    private void tell(Path journal, long minFreeBytes) {
        long before;
        try (JournalReader reader = JournalReader.open(journal)) {
            if (reader.missing().isEmpty()) {
                return;
            }
            before = reader.lastKnownSequence();
        }
        IngestConfig config = IngestConfig.builder(journal)
                .sourceLane(CliJournal.PIPELINE_LANE)
                .minFreeBytes(minFreeBytes)
                .warmUp(false)
                .build();
        try (IngestClient client = IngestClient.open(config)) {
            long told = client.lastSequence() - before;
            if (told > 0) {
                details.add(String.format(
                        Locale.ROOT,
                        "journal %s: told by %,d pipeline.journal_damaged, at sequence %d on",
                        journal.getFileName(),
                        told,
                        before + 1));
            }
        }
    }
}
