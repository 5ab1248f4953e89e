package dev.firn.cli;

import dev.firn.journal.CommittedPosition;
import dev.firn.journal.DamagedJournalException;
import dev.firn.sink.duckdb.DuckDbWarehouse;
import dev.firn.upload.JournalSource;
import dev.firn.upload.Verification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Proves that nothing was lost or changed, or says what was. */
@Command(
        name = "verify",
        description = "Check journals, RAW_EVENTS and EVENTS against each other: sequences, hashes, counts, two tables."
                + " Exit 1 with what is wrong. What is not yet uploaded is pending, not wrong.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private DirectoryOption directoryOption = new DirectoryOption();

    private final Console console;

    VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        DataDirectory directory = directoryOption.directory(console);
        List<Path> journals = directory.journals();
        boolean uploaded = Files.exists(directory.warehouse());
        if (journals.isEmpty() && !uploaded) {
            throw new CommandFailure("there is neither a journal nor a warehouse in " + directory.root());
        }
        Table positions = new Table()
                .text("journal")
                .number("first")
                .number("last")
                .number("committed")
                .number("pending");
        Table checks = new Table().text("of").text("check").number("checked").text("result");
        List<String> problems = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        try (Progress progress = new Progress(console, "verified")) {
            if (uploaded) {
                againstWarehouse(directory, journals, positions, checks, problems, notes, progress::at);
            } else {
                journals.forEach(journal -> alone(journal, positions, checks, problems));
            }
        }
        if (!positions.isEmpty()) {
            console.out().println(positions.render(console.width()));
        }
        console.out().println(checks.render(console.width()));
        notes.forEach(note -> console.out().println("NOTE   " + note));
        problems.forEach(problem -> console.out().println("WRONG  " + problem));
        console.out()
                .println(
                        problems.isEmpty()
                                ? "verified: nothing is missing, nothing was changed"
                                : "not verified: " + problems.size()
                                        + (problems.size() == 1 ? " problem" : " problems"));
        return problems.isEmpty() ? Exit.DONE : Exit.FAILED;
    }

    private void againstWarehouse(
            DataDirectory directory,
            List<Path> journals,
            Table positions,
            Table checks,
            List<String> problems,
            List<String> notes,
            LongConsumer progress) {
        try (DuckDbWarehouse warehouse = DuckDbWarehouse.openToRead(directory.warehouse());
                Connection connection = warehouse.connect()) {
            Verification verification = new Verification(connection);
            Map<String, Long> unproven = verification.producers();
            for (Path journal : journals) {
                String name = "journal " + journal.getFileName();
                long known = CommittedPosition.read(journal)
                        .map(CommittedPosition::sequence)
                        .orElse(0L);
                try (JournalSource source = JournalSource.open(journal)) {
                    unproven.remove(source.producerId());
                    Verification.JournalResult result = verification.journal(source, known, progress);
                    positions.row(
                            String.valueOf(journal.getFileName()),
                            result.first(),
                            result.last(),
                            result.committed(),
                            Math.max(0, result.pending()));
                    result.checks().forEach(check -> add(name, check, checks, problems));
                } catch (DamagedJournalException e) {
                    damaged(name, e, checks, problems);
                }
            }
            verification.warehouse().forEach(check -> add("warehouse", check, checks, problems));
            unproven.forEach((producer, rows) -> notes.add(String.format(
                    Locale.ROOT,
                    producer.isEmpty()
                            ? "%,d rows of RAW_EVENTS have no producer%s: no journal can prove them"
                            : "%,d rows of RAW_EVENTS are of a producer without a journal here, %s: they were checked"
                                    + " against each other only",
                    rows,
                    producer)));
        } catch (SQLException e) {
            throw new CommandFailure("cannot read the warehouse: " + SqlErrors.shown(e));
        }
    }

    /** Reads a journal of which nothing is uploaded yet. */
    private static void alone(Path journal, Table positions, Table checks, List<String> problems) {
        String name = "journal " + journal.getFileName();
        try (JournalSource source = JournalSource.open(journal)) {
            long first = source.firstSequence();
            long last = source.lastSequence();
            source.scan(first, last, row -> {});
            long read = Math.max(0, last - first + 1);
            positions.row(String.valueOf(journal.getFileName()), first, last, 0L, last);
            add(
                    name,
                    new Verification.Check("journal: hash and sequence of each record", read, null),
                    checks,
                    problems);
        } catch (DamagedJournalException e) {
            damaged(name, e, checks, problems);
        }
    }

    private static void damaged(String name, DamagedJournalException e, Table checks, List<String> problems) {
        add(
                name,
                new Verification.Check("journal: hash and sequence of each record", 0, e.getMessage()),
                checks,
                problems);
    }

    private static void add(String of, Verification.Check check, Table checks, List<String> problems) {
        checks.row(of, check.name(), check.checked(), check.isGood() ? "good" : "WRONG");
        if (!check.isGood()) {
            problems.add(String.format(Locale.ROOT, "%s: %s: %s", of, check.name(), check.problem()));
        }
    }
}
