package dev.firn.cli;

import dev.firn.journal.CommittedPosition;
import dev.firn.journal.DamagedJournalException;
import dev.firn.upload.JournalSource;
import dev.firn.upload.MissingSequences;
import dev.firn.upload.Verification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Proves that nothing was lost or changed, or says what was. */
@Command(
        name = "verify",
        description = {
            "Check journals, RAW_EVENTS and EVENTS against each other: sequences, hashes, counts, two tables. Exit 1 with"
                    + " what is wrong. What is not yet uploaded is pending, not wrong.",
            "What a journal lost to damage, and its repair has named, is LOST if the warehouse does not have it either: exit"
                    + " 1 too, with the event that tells of it."
        },
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    private static final String JOURNAL_CHECK = "journal: hash and sequence of each record";

    @Mixin
    private DirectoryOption directoryOption = new DirectoryOption();

    @Mixin
    private SinkOption sinkOption = new SinkOption();

    private final Console console;

    VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        DataDirectory directory = directoryOption.directory(console);
        List<Path> journals = directory.journals();
        boolean uploaded = !sinkOption.isEmbedded() || Files.exists(directory.warehouse());
        if (journals.isEmpty() && !uploaded) {
            throw new CommandFailure("there is neither a journal nor a warehouse in " + directory.root());
        }
        Findings findings = new Findings();
        try (Progress progress = new Progress(console, "verified")) {
            if (uploaded) {
                againstWarehouse(directory, journals, findings, progress);
            } else {
                journals.forEach(journal -> alone(journal, findings));
            }
        }
        return findings.print();
    }

    private void againstWarehouse(DataDirectory directory, List<Path> journals, Findings findings, Progress progress) {
        try (Connection connection =
                sinkOption.connect(directory, directoryOption.settings(console), console.environment())) {
            Verification verification = new Verification(connection);
            Map<String, Long> unproven = verification.producers();
            Map<String, MissingSequences> lost = new HashMap<>();
            for (Path journal : journals) {
                long known = CommittedPosition.read(journal)
                        .map(CommittedPosition::sequence)
                        .orElse(0L);
                try (JournalSource source = JournalSource.open(journal)) {
                    unproven.remove(source.producerId());
                    lost.put(source.producerId(), source.missing());
                    findings.add(journal, verification.journal(source, known, progress::at));
                } catch (DamagedJournalException e) {
                    findings.damaged(journal, e);
                }
            }
            verification.warehouse(lost).forEach(check -> findings.add("warehouse", check));
            unproven.forEach(findings::unproven);
        } catch (SQLException e) {
            throw new CommandFailure("cannot read the warehouse: " + SqlErrors.shown(e));
        }
    }

    /** Reads a journal of which nothing is uploaded yet. */
    private static void alone(Path journal, Findings findings) {
        try (JournalSource source = JournalSource.open(journal)) {
            long first = source.firstSequence();
            long last = source.lastSequence();
            MissingSequences lost = source.missing();
            long[] read = {0};
            source.scan(first, last, row -> read[0]++);
            findings.add(
                    journal,
                    new Verification.JournalResult(
                            source.producerId(),
                            first,
                            last,
                            0,
                            read[0],
                            List.of(new Verification.Check(JOURNAL_CHECK, read[0], null)),
                            lost.ranges().stream()
                                    .map(range -> new Verification.KnownLoss(range, List.of(range), List.of()))
                                    .toList()));
        } catch (DamagedJournalException e) {
            findings.damaged(journal, e);
        }
    }

    /** What was found, as it is shown. */
    private final class Findings {
        private final Table positions = new Table()
                .text("journal")
                .number("first")
                .number("last")
                .number("committed")
                .number("pending");
        private final Table checks =
                new Table().text("of").text("check").number("checked").text("result");
        private final List<String> problems = new ArrayList<>();
        private final List<String> losses = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        void add(Path journal, Verification.JournalResult result) {
            positions.row(
                    String.valueOf(journal.getFileName()),
                    result.first(),
                    result.last(),
                    result.committed(),
                    result.pending());
            result.checks().forEach(check -> add(nameOf(journal), check));
            result.losses().forEach(loss -> (loss.isLoss() ? losses : notes).add(nameOf(journal) + ": " + loss));
        }

        void add(String of, Verification.Check check) {
            checks.row(of, check.name(), check.checked(), check.isGood() ? "good" : "WRONG");
            if (!check.isGood()) {
                problems.add(String.format(Locale.ROOT, "%s: %s: %s", of, check.name(), check.problem()));
            }
        }

        void damaged(Path journal, DamagedJournalException e) {
            add(nameOf(journal), new Verification.Check(JOURNAL_CHECK, 0, e.getMessage()));
        }

        void unproven(String producer, long rows) {
            notes.add(String.format(
                    Locale.ROOT,
                    producer.isEmpty()
                            ? "%,d rows of RAW_EVENTS have no producer%s: no journal can prove them"
                            : "%,d rows of RAW_EVENTS are of a producer without a journal here, %s: they were checked"
                                    + " against each other only",
                    rows,
                    producer));
        }

        private String nameOf(Path journal) {
            return "journal " + journal.getFileName();
        }

        /** Returns the exit code. */
        int print() {
            if (!positions.isEmpty()) {
                console.out().println(positions.render(console.width()));
            }
            console.out().println(checks.render(console.width()));
            notes.forEach(note -> console.out().println("NOTE   " + note));
            losses.forEach(loss -> console.out().println("LOST   " + loss));
            problems.forEach(problem -> console.out().println("WRONG  " + problem));
            if (problems.isEmpty() && losses.isEmpty()) {
                console.out().println("verified: nothing is missing, nothing was changed");
                return Exit.DONE;
            }
            List<String> counts = new ArrayList<>();
            if (!problems.isEmpty()) {
                counts.add(counted(problems.size(), "problem", "problems"));
            }
            if (!losses.isEmpty()) {
                counts.add(counted(losses.size(), "known loss", "known losses"));
            }
            console.out().println("not verified: " + String.join(", ", counts));
            return Exit.FAILED;
        }

        private String counted(int count, String one, String many) {
            return count + " " + (count == 1 ? one : many);
        }
    }
}
