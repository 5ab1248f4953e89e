package dev.firn.cli;

import dev.firn.event.PipelineEvents;
import dev.firn.journal.DamagedJournalException;
import dev.firn.journal.JournalTrimmer;
import dev.firn.journal.TrimReport;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Deletes old files of journals. */
@Command(
        name = "trim",
        description = {
            "Delete the files of journals in which every event is committed and came in at least the retention time ago.",
            "Oldest first, up to the first that must stay; never the newest, and nothing of a damaged journal. What was"
                    + " deleted can no longer be verified against the warehouse, nor replayed. Applications may write"
                    + " meanwhile.",
            "Each journal that lost files has a pipeline.journal_trimmed event in the journal of this command;"
                    + " where that cannot be written, exit 1 and what was deleted is said."
        },
        mixinStandardHelpOptions = true)
final class TrimCommand implements Callable<Integer> {
    private static final Map<TrimReport.Reason, String> REASONS = Map.of(
            TrimReport.Reason.NEWEST, "kept: the newest",
            TrimReport.Reason.NOT_COMMITTED, "kept: not all committed",
            TrimReport.Reason.TOO_YOUNG, "kept: too young",
            TrimReport.Reason.DAMAGED, "kept: the journal is damaged");

    @Mixin
    private DirectoryOption directoryOption = new DirectoryOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--retention",
            paramLabel = "TIME",
            description = "how long an event stays after its receipt at least, such as 7d, 12h or PT36H (default:"
                    + " $FIRN_RETENTION, else retention in DIR/firn.properties; there must be one)")
    private @Nullable String retention;

    @Option(names = "--dry-run", description = "say what would be deleted, and delete nothing")
    private boolean dryRun;

    @Parameters(paramLabel = "JOURNAL", description = "names of journals (default: all)")
    private List<String> names = new ArrayList<>();

    private final Console console;
    private final Clock clock;

    TrimCommand(Console console) {
        this(console, Clock.systemUTC());
    }

    TrimCommand(Console console, Clock clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        Settings settings = directoryOption.settings(console);
        Duration keep = settings.retention(retention)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "how long do events stay? Give --retention, FIRN_RETENTION or retention in firn.properties"));
        DataDirectory directory = directoryOption.directory(console);
        Run run = new Run(keep, clock.instant());
        directory.journals(names).forEach(run::trim);
        run.print();
        // Only then: on a full disk the command's own journal may take nothing, and that is when trimming is needed
        // most.
        boolean told = dryRun || tell(directory, settings.minFreeBytes(), run.trimmed);
        return run.failed || !told ? Exit.FAILED : Exit.DONE;
    }

    /** Writes an event for each journal that lost files; returns whether all are durable. */
    private boolean tell(DataDirectory directory, long minFreeBytes, List<TrimReport> trimmed) {
        if (trimmed.isEmpty()) {
            return true;
        }
        try (CliJournal own = CliJournal.open(directory, CliJournal.PIPELINE_LANE, clock, minFreeBytes)) {
            for (TrimReport report : trimmed) {
                own.report(PipelineEvents.journalTrimmed(
                        report.producerId().toString(),
                        report.firstSequence(),
                        report.lastSequence(),
                        report.deleted().size(),
                        report.bytes(),
                        clock.instant()));
            }
            own.finish();
            return true;
        } catch (CommandFailure e) {
            console.err()
                    .println("firn: files were deleted, but the events that tell of it may not be on record: "
                            + e.getMessage() + ". What was deleted:");
            for (TrimReport report : trimmed) {
                console.err()
                        .println("firn: producer=" + report.producerId() + " sequences=" + report.firstSequence() + ".."
                                + report.lastSequence() + " files="
                                + report.deleted().size() + " bytes=" + report.bytes());
            }
            return false;
        }
    }

    /** One run over all journals: one that fails keeps no other from being trimmed. */
    private final class Run {
        private final Duration keep;
        private final Instant now;
        private final Table table = new Table()
                .text("journal")
                .text("file")
                .text("sequences")
                .number("bytes")
                .text(dryRun ? "would be" : "was");
        private final List<TrimReport> trimmed = new ArrayList<>();
        private long files;
        private long bytes;
        private boolean failed;

        Run(Duration keep, Instant now) {
            this.keep = keep;
            this.now = now;
        }

        void trim(Path journal) {
            try {
                TrimReport report =
                        dryRun ? JournalTrimmer.dryRun(journal, keep, now) : JournalTrimmer.trim(journal, keep, now);
                show(journal, report);
                if (!report.deleted().isEmpty()) {
                    trimmed.add(report);
                }
            } catch (DamagedJournalException | UncheckedIOException e) {
                fail(journal, Causes.explain("not trimmed, or not to its end", e));
            }
        }

        private void show(Path journal, TrimReport report) {
            String name = String.valueOf(journal.getFileName());
            for (TrimReport.Deleted file : report.deleted()) {
                table.row(
                        name, file.file(), file.firstSequence() + ".." + file.lastSequence(), file.bytes(), "deleted");
            }
            for (TrimReport.Kept file : report.kept()) {
                table.row(name, file.file(), "", null, REASONS.get(file.reason()));
            }
            files += report.deleted().size();
            bytes += report.bytes();
            if (report.kept().stream().anyMatch(kept -> kept.reason() == TrimReport.Reason.DAMAGED)) {
                fail(journal, "damaged, so nothing more of it is deleted: firn repair " + name);
            }
        }

        private void fail(Path journal, String why) {
            failed = true;
            console.err().println("firn: journal " + journal.getFileName() + ": " + why);
        }

        void print() {
            if (!table.isEmpty()) {
                console.out().println(table.render(console.width()));
            }
            console.out()
                    .printf(
                            Locale.ROOT,
                            "%s %,d %s with %,d bytes of records%n",
                            dryRun ? "dry run: would delete" : "deleted",
                            files,
                            files == 1 ? "file" : "files",
                            bytes);
        }
    }
}
