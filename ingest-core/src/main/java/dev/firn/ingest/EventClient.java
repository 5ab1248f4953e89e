package dev.firn.ingest;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.firn.event.Event;
import java.time.Duration;

/**
 * Where an application's events go: {@link IngestClient} in production, a recording client in its tests.
 *
 * <p><b>Threads.</b> Any number of callers of everything.
 *
 * <p><b>Done</b> has four words: <i>accepted</i>, in memory, once {@code emit} has returned a sequence; <i>appended</i>, survives the
 * process, once {@link #flush} has returned complete; <i>durable</i>, survives the machine, once {@link #awaitDurable} has returned true;
 * <i>committed</i>, in the warehouse, once {@link #awaitCommitted} has.
 */
public interface EventClient extends AutoCloseable {
    /** The ring is full and stayed so for as long as the client may wait: the event was not taken, the caller may try again. */
    long RING_FULL = -1;

    /** The client is closed, or closed itself after a failure: the event was not taken. */
    long CLOSED = -2;

    /** The disk has too little room: the event was not taken. The client goes on by itself when there is room again. */
    long DISK_LOW = -3;

    /** Only Firn itself may write this action, or only for the system's tenant: the event was not taken. */
    long NOT_ADMITTED = -4;

    /** What an {@link EventWriter} was given makes no event; its {@link EventWriter#problem} says why. Nothing was taken. */
    long INVALID = -5;

    /** There was no room, and {@link BackPressure#DROP_AND_COUNT} says not to wait: the event is lost and counted. */
    long DROPPED = -6;

    /**
     * Takes one event.
     *
     * @return its sequence, 1 or more, or one of the negative outcomes above: what can be expected is an answer, not an exception
     */
    @CheckReturnValue
    long emit(Event event);

    /**
     * This thread's writer, emptied, for one event: set the values, then {@link EventWriter#emit}. Allocates nothing once a thread has its
     * writer. A virtual thread gets a writer of its own too, a few kilobytes.
     *
     * @param action namespace and verb in the past tense, {@code conversation.message_sent}
     */
    EventWriter event(String action);

    /**
     * Waits until every event accepted before this call is appended, the time is over or the client has failed. An interrupt ends the wait
     * and stays set.
     *
     * @param timeout zero only looks
     */
    FlushReport flush(Duration timeout);

    /**
     * Waits until the event with this sequence is durable. False if the time is over or the client ended before, and for the negative
     * outcomes of {@link #emit}.
     */
    boolean awaitDurable(long sequence, Duration timeout);

    /** As {@link #awaitDurable}, until it is committed. An uploader must be at work, in this process or another one. */
    boolean awaitCommitted(long sequence, Duration timeout);

    /**
     * Refuses further events, writes and syncs the accepted ones, releases what it holds. If the time is over before, the report says what
     * is left; the rest goes on behind, and a further call waits for it again.
     *
     * @param timeout zero only begins to close
     */
    FlushReport close(Duration timeout);

    /** As {@link #close(Duration)} with a default time. A second call does nothing. */
    @Override
    void close();

    /** What an answer of {@code emit} means, for messages: {@code RING_FULL} and so on, {@code ACCEPTED} for a sequence. */
    static String outcome(long answer) {
        if (answer > 0) {
            return "ACCEPTED";
        }
        return switch ((int) answer) {
            case (int) RING_FULL -> "RING_FULL";
            case (int) CLOSED -> "CLOSED";
            case (int) DISK_LOW -> "DISK_LOW";
            case (int) NOT_ADMITTED -> "NOT_ADMITTED";
            case (int) INVALID -> "INVALID";
            case (int) DROPPED -> "DROPPED";
            default -> throw new IllegalArgumentException("not an answer of emit: answer=" + answer);
        };
    }
}
