package dev.firn.cli;

import dev.firn.cli.input.Records;
import dev.firn.event.Event;
import dev.firn.event.InvalidEventException;
import dev.firn.event.Reason;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Brings the records of inputs into the journal: each becomes events, all or none, or is set aside; the rest goes on. */
final class Intake {
    private final CliJournal journal;
    private final Progress progress;
    private final String what;
    private long read;
    private long skipped;

    /** @param what is read: "line" or "row" */
    Intake(CliJournal journal, Progress progress, String what) {
        this.journal = journal;
        this.progress = progress;
        this.what = what;
    }

    /**
     * @param source   the input's name, for dead letters
     * @param toEvents makes the events of the current record; none skips it
     * @throws CommandFailure if the journal takes no more; it says where the input can be taken up again
     */
    void take(String source, Records records, Supplier<List<Event>> toEvents) throws IOException {
        while (records.next()) {
            read++;
            try {
                takeOne(source, records, toEvents);
            } catch (CommandFailure e) {
                throw journal.isDurable() ? resumable(e, source, records) : e;
            }
            progress.at(read);
        }
    }

    private void takeOne(String source, Records records, Supplier<List<Event>> toEvents) throws IOException {
        try {
            List<Event> events = events(records, toEvents);
            events.forEach(journal::emit);
            skipped += events.isEmpty() ? 1 : 0;
        } catch (InvalidEventException e) {
            journal.setAside(e, source, records);
        }
    }

    private CommandFailure resumable(CommandFailure e, String source, Records records) {
        return new CommandFailure(
                e.getMessage() + "; or go on from " + what + "=" + records.number() + " of file=" + source
                        + ": everything before it is durable",
                e);
    }

    private static List<Event> events(Records records, Supplier<List<Event>> toEvents) {
        if (records.oversized().isPresent()) {
            throw new InvalidEventException(
                    Reason.TOO_LONG, "", "the record is longer than " + Records.MAX_RECORD_BYTES + " bytes");
        }
        List<Event> events = toEvents.get();
        events.forEach(CliJournal::requireAdmissible);
        return events;
    }

    /**
     * Waits until everything is durable and tells what went in.
     *
     * @param out   where to
     * @param skips whether records can be skipped
     * @return the exit code
     */
    int finish(PrintStream out, boolean skips) {
        journal.finish();
        progress.close();
        Map<Reason, Long> reasons = new TreeMap<>(journal.deadLetters());
        long deadLetters = reasons.values().stream().mapToLong(Long::longValue).sum();
        out.println(what + "s read: " + read);
        out.println("events accepted: " + journal.accepted());
        if (skips) {
            out.println(what + "s skipped: " + skipped);
        }
        out.println("dead letters: " + deadLetters);
        reasons.forEach((reason, count) -> out.println("  " + reason + ": " + count));
        out.println("journal: " + journal.directory());
        out.println("sequences: " + journal.sequences());
        out.println("durable: yes");
        return deadLetters == 0 ? Exit.DONE : Exit.SET_ASIDE;
    }
}
