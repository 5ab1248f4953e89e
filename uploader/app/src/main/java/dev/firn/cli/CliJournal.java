package dev.firn.cli;

import dev.firn.cli.input.OversizedRecord;
import dev.firn.cli.input.Records;
import dev.firn.event.DeadLetter;
import dev.firn.event.Event;
import dev.firn.event.InvalidEventException;
import dev.firn.event.Reason;
import dev.firn.ingest.EventClient;
import dev.firn.ingest.FlushReport;
import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import dev.firn.journal.CopiedJournalException;
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
 * client's ring is full, as long as it takes; nothing is dropped. It does not wait for room on the disk, which can be a
 * person's work: it fails, once what was taken is durable. Not thread-safe, but for {@link #durableSequence}.
 */
final class CliJournal implements AutoCloseable {
    /** The lane of the events that tell what the command itself did. */
    static final String PIPELINE_LANE = "PIPELINE";

    private static final Duration WAIT = Duration.ofSeconds(10);

    private final Path directory;
    private final IngestClient client;
    private final Clock clock;
    private final long minFreeBytes;
    private final Map<Reason, Long> deadLetters = new EnumMap<>(Reason.class);
    private long accepted;
    private long firstSequence;
    private long lastSequence;

    private CliJournal(Path directory, IngestClient client, Clock clock, long minFreeBytes) {
        this.directory = directory;
        this.client = client;
        this.clock = clock;
        this.minFreeBytes = minFreeBytes;
    }

    /**
     * @param lane         the lane of events that name none
     * @param clock        the time at which records are set aside
     * @param minFreeBytes below so much free space nothing is taken
     */
    static CliJournal open(DataDirectory data, String lane, Clock clock, long minFreeBytes) {
        data.create();
        Path directory = data.journal(DataDirectory.OWN_JOURNAL);
        try {
            // Nobody waits for a single event until a compiler is warm; a long input is waited for as it is.
            IngestConfig config = IngestConfig.builder(directory)
                    .sourceLane(lane)
                    .minFreeBytes(minFreeBytes)
                    .warmUp(false)
                    .build();
            return new CliJournal(directory, IngestClient.open(config), clock, minFreeBytes);
        } catch (JournalLockedException e) {
            throw new CommandFailure(e.getMessage() + ": wait until it has ended, or use another --dir", e);
        } catch (CopiedJournalException e) {
            throw new CommandFailure(e.getMessage() + ": see firn adopt --help", e);
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
        long answer = EventClient.RING_FULL;
        while (answer == EventClient.RING_FULL) {
            if (Thread.currentThread().isInterrupted()) {
                throw stopped("interrupted");
            }
            answer = system ? client.emitSystem(event) : client.emit(event);
        }
        if (answer < 0) {
            throw refused(answer);
        }
        firstSequence = firstSequence == 0 ? answer : firstSequence;
        lastSequence = answer;
    }

    private CommandFailure refused(long answer) {
        if (answer == EventClient.DISK_LOW) {
            // Whoever goes on behind what was taken must be able to count on that.
            client.awaitDurable(lastSequence, WAIT);
            return stopped(
                    "the disk has too little room: free=" + (directory.toFile().getUsableSpace() >> 20) + " MB least="
                            + (minFreeBytes >> 20) + " MB (FIRN_MIN_FREE_MB): make room");
        }
        return stopped(answer == EventClient.CLOSED ? cause() : "outcome=" + EventClient.outcome(answer));
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

    /** The last sequence of the journal that is on disk. Any thread may ask. */
    long durableSequence() {
        return client.durableSequence();
    }

    /** Whether all that was taken is on disk. */
    boolean isDurable() {
        return client.durableSequence() >= lastSequence;
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
