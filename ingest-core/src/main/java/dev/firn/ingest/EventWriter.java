package dev.firn.ingest;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.firn.event.EventEncoder;
import dev.firn.event.InvalidEventException;
import java.time.Instant;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Emits events straight from the caller's values, one after the other, without an object for each.
 *
 * <pre>{@code
 * long sequence = writer.begin("conversation.message_sent").tenant("HCS0001").actor("user-17").attribute("tokens", 17).emit();
 * }</pre>
 *
 * <p><b>Threads.</b> One at a time: each thread has its own.
 *
 * <p><b>Durability.</b> None of its own: {@link #emit} answers what the taker of the events answers.
 *
 * <p><b>Errors.</b> Content that breaks a rule is an outcome of {@link #emit}, and {@link #problem} says why. A null where a value must be,
 * and a call before {@link #begin}, are mistakes of the program and thrown.
 *
 * <p><b>Cost.</b> That of {@link EventEncoder}: after warm-up it allocates nothing, with the exceptions named there.
 */
public final class EventWriter {
    private final EventEncoder encoder = new EventEncoder();
    private final ToLongFunction<EventEncoder> target;
    private boolean open;

    /**
     * @param target encodes and takes an event on the calling thread, and copies what it keeps; answers the event's sequence, or a negative
     *               outcome if it was not taken
     */
    public EventWriter(ToLongFunction<EventEncoder> target) {
        this.target = requireNonNull(target, "target");
    }

    /**
     * Begins an event; what was set and not emitted is gone.
     *
     * @param action namespace and verb in the past tense, {@code conversation.message_sent}
     */
    public EventWriter begin(String action) {
        open = true;
        encoder.begin(action);
        return this;
    }

    /** @param tenantId 1 to 64 characters of {@code A-Z a-z 0-9 _ . -}, case-exact */
    public EventWriter tenant(String tenantId) {
        encoder.tenant(tenantId);
        return this;
    }

    /** @param actorId who did it, 1 to 256 characters */
    public EventWriter actor(String actorId) {
        encoder.actor(actorId);
        return this;
    }

    /**
     * What it was done to.
     *
     * @param type 1 to 64 characters
     * @param id   1 to 256 characters
     */
    public EventWriter object(String type, String id) {
        encoder.object(type, id);
        return this;
    }

    /** When it happened: kept to the microsecond, finer digits are cut. Without it, the time of {@link #emit}. */
    public EventWriter occurredAt(Instant occurredAt) {
        encoder.occurredAt(occurredAt);
        return this;
    }

    /** @param micros since 1970-01-01 UTC, in the years 1 to 9999 */
    public EventWriter occurredAtMicros(long micros) {
        encoder.occurredAtMicros(micros);
        return this;
    }

    /** @param sourceLane where it comes in, if not by the client's own lane: 1 to 32 of {@code A-Z 0-9 _} */
    public EventWriter sourceLane(String sourceLane) {
        encoder.sourceLane(sourceLane);
        return this;
    }

    /**
     * Sets an attribute; a later value of the same name replaces an earlier one.
     *
     * @param value a string, boolean, number, map with string keys, collection, or null; a {@code BigDecimal} is kept as text, as money must
     *              be, an {@code Instant} as text in the form of {@code occurred_at}
     */
    public EventWriter attribute(String name, @Nullable Object value) {
        encoder.attribute(name, value);
        return this;
    }

    /** As {@link #attribute(String, Object)}. */
    public EventWriter attribute(String name, @Nullable String value) {
        encoder.attribute(name, value);
        return this;
    }

    /** @param value of a magnitude below 2^53 */
    public EventWriter attribute(String name, long value) {
        encoder.attribute(name, value);
        return this;
    }

    /** @param value finite, and not of a magnitude from 2^53 to below 10^21 */
    public EventWriter attribute(String name, double value) {
        encoder.attribute(name, value);
        return this;
    }

    public EventWriter attribute(String name, boolean value) {
        encoder.attribute(name, value);
        return this;
    }

    /**
     * Hands the event over. Returns its sequence, above 0, and the event is gone from here; or a negative outcome, and it may be emitted
     * again as it is.
     */
    @CheckReturnValue
    public long emit() {
        open = false;
        long outcome = target.applyAsLong(encoder);
        if (outcome > 0) {
            encoder.end();
        }
        return outcome;
    }

    /** Why the event was refused at the last {@link #emit}: the field, the rule and lengths, never a value. Null if it was not. */
    public @Nullable InvalidEventException problem() {
        return encoder.problem();
    }

    /** Whether an event is begun and {@link #emit} was not called for it. */
    public boolean isOpen() {
        return open;
    }
}
