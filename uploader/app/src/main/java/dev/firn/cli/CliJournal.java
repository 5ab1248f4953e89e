package dev.firn.cli;

import dev.firn.cli.input.OversizedRecord;
import dev.firn.cli.input.Records;
import dev.firn.event.DeadLetter;
import dev.firn.event.Event;
import dev.firn.event.InvalidEventException;
import dev.firn.event.Reason;
import dev.firn.ingest.FlushReport;
import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import dev.firn.journal.DamagedJournalException;
import dev.firn.journal.JournalLockedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * The journal that this command writes: takes events and what cannot become one, and counts both. It waits while the
 * client's ring is full, as long as it takes; nothing is dropped. Not thread-safe.
 */
final class CliJournal implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final Path directory;
    private final IngestClient client;
    private final Clock clock;
    private final Map<Reason, Long> deadLetters = new EnumMap<>(Reason.class);
    private long accepted;
    private long firstSequence;
    private long lastSequence;

    private CliJournal(Path directory, IngestClient client, Clock clock) {
        this.directory = directory;
        this.client = client;
        this.clock = clock;
    }

    /**
     * @param lane  the lane of events that name none
     * @param clock the time at which records are set aside
     */
    static CliJournal open(DataDirectory data, String lane, Clock clock) {
        data.create();
        Path directory = data.journal(DataDirectory.OWN_JOURNAL);
        try {
            IngestConfig config =
                    IngestConfig.builder(directory).sourceLane(lane).build();
            return new CliJournal(directory, IngestClient.open(config), clock);
        } catch (JournalLockedException e) {
            throw new CommandFailure(e.getMessage() + ": wait until it has ended, or use another --dir", e);
        } catch (DamagedJournalException | UncheckedIOException | IllegalStateException e) {
            throw new CommandFailure(Causes.explain("cannot open the journal: directory=" + directory, e), e);
        }
    }

    /** @throws InvalidEventException if its namespace is not for whoever uses this command */
    static void requireAdmissible(Event event) {
        if (!event.isAdmissible()) {
            throw new InvalidEventException(
                    Reason.RESERVED_NAMESPACE,
                    "action",
                    "the namespaces pipeline. and quality. are Firn's own, and price. is for tenant "
                            + Event.SYSTEM_TENANT + " only");
        }
    }

    /** @param event must be admissible */
    void emit(Event event) {
        put(event, false);
        accepted++;
    }

    /** Takes one of the pipeline's own events. */
    void report(Event event) {
        put(event, true);
    }

    /** Keeps the current record of an input as dead letters. */
    void setAside(InvalidEventException why, String source, Records records) throws IOException {
        Instant now = clock.instant();
        DeadLetter letter = DeadLetter.of(why, source, records.number());
        OversizedRecord oversized = records.oversized().orElse(null);
        if (oversized == null) {
            byte[] record = Arrays.copyOf(records.bytes(), records.length());
            letter.toEvents(record, now).forEach(event -> put(event, true));
        } else {
            int parts = oversized.parts();
            for (int part = 1; part <= parts; part++) {
                put(letter.part(oversized.hash(), oversized.sizeBytes(), part, parts, oversized.part(part), now), true);
            }
        }
        deadLetters.merge(why.reason(), 1L, Long::sum);
    }

    private void put(Event event, boolean system) {
        long sequence = IngestClient.RING_FULL;
        while (sequence == IngestClient.RING_FULL) {
            if (Thread.currentThread().isInterrupted()) {
                throw stopped("interrupted");
            }
            sequence = system ? client.emitSystem(event) : client.emit(event);
        }
        if (sequence == IngestClient.DISK_LOW) {
            throw stopped("the disk has too little room: make some");
        }
        if (sequence < 0) {
            throw stopped(sequence == IngestClient.CLOSED ? cause() : "outcome=" + sequence);
        }
        firstSequence = firstSequence == 0 ? sequence : firstSequence;
        lastSequence = sequence;
    }

    /** Waits until everything that was taken is on disk, and gives the journal free. */
    void finish() {
        while (lastSequence > 0 && !client.awaitDurable(lastSequence, WAIT)) {
            if (client.flush(Duration.ZERO).failure().isPresent()) {
                throw stopped(cause());
            }
            if (Thread.currentThread().isInterrupted()) {
                throw stopped("interrupted");
            }
        }
        FlushReport report = client.close(WAIT);
        if (!report.complete()) {
            throw stopped(cause());
        }
    }

    private String cause() {
        return client.flush(Duration.ZERO)
                .failure()
                .map(failure -> String.valueOf(failure.getMessage()))
                .orElse("the journal was closed");
    }

    private CommandFailure stopped(String why) {
        return new CommandFailure("the journal did not take everything: directory=" + directory + " taken=" + taken()
                + " durable up to sequence=" + client.durableSequence() + ": " + why
                + "; then run the command again: an event that comes twice counts once");
    }

    private long taken() {
        return firstSequence == 0 ? 0 : lastSequence - firstSequence + 1;
    }

    Path directory() {
        return directory;
    }

    /** How many events were taken, dead letters not counted. */
    long accepted() {
        return accepted;
    }

    /** How many records were set aside, by reason. */
    Map<Reason, Long> deadLetters() {
        return deadLetters;
    }

    long lastSequence() {
        return lastSequence;
    }

    /** The sequences that were given, such as {@code 1..5}; {@code none} if there was nothing. */
    String sequences() {
        return firstSequence == 0 ? "none" : firstSequence + ".." + lastSequence;
    }

    /** After {@link #finish} nothing is left to do. */
    @Override
    public void close() {
        client.close();
    }
}
