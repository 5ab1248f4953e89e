package dev.firn.ingest.testing;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.firn.event.Event;
import dev.firn.event.EventEncoder;
import dev.firn.event.InvalidEventException;
import dev.firn.ingest.EventClient;
import dev.firn.ingest.EventWriter;
import dev.firn.ingest.EventWriters;
import dev.firn.ingest.FlushReport;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A client that keeps its events in memory, for the tests of applications: no disk, no JVM flags, no threads. It admits and refuses events
 * as {@link dev.firn.ingest.IngestClient} does; what it accepts counts as durable and committed at once.
 *
 * <p><b>Threads.</b> Any number of callers of everything.
 *
 * <p><b>Assertions</b> throw {@link AssertionError}. Their messages show actions, tenants, ids and the names of attributes, never values,
 * so that they may stand in a build's log.
 */
public final class RecordingClient implements EventClient {
    private static final int MOST_SHOWN = 20;

    private final LongSupplier clock;
    private final EventWriters writers = new EventWriters(this::emitEncoded, new LongAdder());
    private final List<Event> events = new ArrayList<>();
    private final Deque<Long> answers = new ArrayDeque<>();
    private long accepted;
    private long refused;
    private long dropped;
    private boolean closed;

    /** On the system's clock. */
    public RecordingClient() {
        this(() -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    }

    /** @param epochMicros the time of events that name none, in microseconds since 1970-01-01T00:00Z */
    public RecordingClient(LongSupplier epochMicros) {
        this.clock = requireNonNull(epochMicros, "epochMicros");
    }

    /** As {@link #answer(long, int)}, once. */
    public RecordingClient answer(long outcome) {
        return answer(outcome, 1);
    }

    /**
     * The next events that would be accepted get this answer instead, and are not recorded; then it goes on as before, or with what was
     * asked for next.
     *
     * @param outcome one of the negative answers of {@link #emit}
     * @param times   1 or more
     */
    public synchronized RecordingClient answer(long outcome, int times) {
        if (outcome >= 0) {
            throw new IllegalArgumentException("outcome must be negative: outcome=" + outcome);
        }
        EventClient.outcome(outcome);
        if (times < 1) {
            throw new IllegalArgumentException("times must be at least 1: times=" + times);
        }
        for (int i = 0; i < times; i++) {
            answers.add(outcome);
        }
        return this;
    }

    @Override
    @CheckReturnValue
    public long emit(Event event) {
        return event.isAdmissible() ? record(event) : refused(NOT_ADMITTED);
    }

    @Override
    public EventWriter event(String action) {
        return writers.begin(action);
    }

    private long emitEncoded(EventEncoder encoded) {
        return encoded.encode(clock.getAsLong()) ? emit(encoded.toEvent()) : refused(INVALID);
    }

    private synchronized long record(Event event) {
        Long told = closed ? Long.valueOf(CLOSED) : answers.poll();
        if (told != null) {
            return refused(told);
        }
        events.add(event);
        return ++accepted;
    }

    private synchronized long refused(long outcome) {
        if (outcome == DROPPED) {
            dropped++;
        } else {
            refused++;
        }
        return outcome;
    }

    @Override
    public synchronized FlushReport flush(Duration timeout) {
        requireNotNegative(timeout);
        return new FlushReport(accepted, accepted, accepted, dropped, refused, true, Optional.empty());
    }

    /** At once: true if an event was accepted under this sequence. */
    @Override
    public synchronized boolean awaitDurable(long sequence, Duration timeout) {
        requireNotNegative(timeout);
        return sequence > 0 && sequence <= accepted;
    }

    /** As {@link #awaitDurable}. */
    @Override
    public boolean awaitCommitted(long sequence, Duration timeout) {
        return awaitDurable(sequence, timeout);
    }

    @Override
    public synchronized FlushReport close(Duration timeout) {
        requireNotNegative(timeout);
        closed = true;
        return flush(timeout);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private static void requireNotNegative(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must not be negative: timeout=" + timeout);
        }
    }

    /** What was accepted so far, in order. */
    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    /** What was accepted of one action, in order. */
    public List<Event> events(String action) {
        requireNonNull(action, "action");
        return events().stream().filter(event -> event.action().equals(action)).toList();
    }

    /** Forgets the events, and the answers that are still to be given. Sequences go on. */
    public synchronized void clear() {
        events.clear();
        answers.clear();
    }

    /** The first event of this action; there must be one. */
    public Event assertEmitted(String action) {
        return assertEmitted(action, event -> true);
    }

    /** The first event of this action that fits; there must be one. {@link EventAttributes} gives its attributes. */
    public Event assertEmitted(String action, Predicate<? super Event> fits) {
        requireNonNull(fits, "fits");
        return events(action).stream()
                .filter(fits)
                .findFirst()
                .orElseThrow(() -> failure("expected an event " + action + " that fits"));
    }

    /** Nothing was accepted. */
    public void assertNothingEmitted() {
        if (!events().isEmpty()) {
            throw failure("expected no event");
        }
    }

    /** Events of these actions were accepted in this order; others may stand before, between and after them. */
    public void assertEmittedInOrder(String... actions) {
        Deque<String> expected = new ArrayDeque<>(Arrays.asList(actions));
        for (Event event : events()) {
            if (event.action().equals(expected.peek())) {
                expected.remove();
            }
        }
        if (!expected.isEmpty()) {
            throw failure("expected in this order " + String.join(", ", actions) + ", did not come "
                    + String.join(", ", expected));
        }
    }

    private AssertionError failure(String expected) {
        List<Event> found = events();
        if (found.isEmpty()) {
            return new AssertionError(expected + "; nothing was emitted");
        }
        String shown =
                found.stream().limit(MOST_SHOWN).map(RecordingClient::show).collect(Collectors.joining("\n  "));
        String rest = found.size() > MOST_SHOWN ? "\n  and " + (found.size() - MOST_SHOWN) + " more" : "";
        return new AssertionError(expected + "; emitted:\n  " + shown + rest);
    }

    private static String show(Event event) {
        String object = event.objectType() == null ? "" : " object=" + event.objectType() + "/" + event.objectId();
        String attributes = EventAttributes.of(event).keySet().stream()
                .map(InvalidEventException::shownName)
                .collect(Collectors.joining(", ", "[", "]"));
        return event.action() + " tenant=" + event.tenantId() + " actor=" + event.actorId() + object + " attributes="
                + attributes;
    }
}
