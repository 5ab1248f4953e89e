package dev.firn.event;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes events canonical straight from the caller's values, one after the other, without an object for each: byte for byte
 * what {@link Event.Builder} makes of the same values, under the same rules.
 *
 * <pre>{@code
 * encoder.begin("conversation.message_sent").tenant("HCS0001").actor("user-17").attribute("tokens", 17);
 * if (encoder.encode(nowMicros)) {
 *     send(encoder.bytes(), encoder.length());
 * }
 * }</pre>
 *
 * <p><b>Errors.</b> Content that breaks a rule is an expected outcome: no method throws for it, {@link #encode} answers
 * false and {@link #problem} says why. A field that broke its rule cannot be mended by setting it again; of an attribute the
 * last value counts, unless 16 others are bad already or all together come to more than 1,500,000 bytes. If several rules are
 * broken, the problem is that of a field's length or format, in the order of the calls; else what is missing; else the first
 * in the order of the canonical form. A null where a value must be, and a call outside of {@link #begin} and {@link #end},
 * are mistakes of the program and thrown.
 *
 * <p><b>Threads.</b> One at a time.
 *
 * <p><b>Cost.</b> Each value is encoded when it is set; a map or collection may be changed afterwards. What does not change
 * from event to event is not done again: the action, the type of the object and the names of attributes, if they come in the
 * order of the last event of that action, and the date and minute. After warm-up nothing is allocated, with four exceptions:
 * values that are a {@code BigDecimal}, {@code Instant}, map, collection or boxed number; more than 32 attributes that are
 * not set in the order of their names; an event that breaks a rule; and one above 64 KiB or of more than 1,024 attributes,
 * whose buffers are let go by {@code end} or the next {@code begin}, so that they are not held for as long as the thread
 * lives. As a rule 4 KiB are held, and 2 KiB more for each of at most 16 actions.
 */
public final class EventEncoder {
    private static final int FIRST_BYTES = 512;
    private static final int FIRST_ATTRIBUTES = 16;
    private static final int MOST_BYTES_KEPT = 65_536;
    private static final int MOST_ATTRIBUTES_KEPT = 1_024;
    /** How many bad attributes an event keeps apart, in case that they are replaced; one more and it is refused. */
    private static final int MOST_BAD_KEPT = 16;

    private static final int SHAPES = 16;
    private static final int MAX_LENGTH = CanonicalWriter.MAX_LENGTH;
    /** From here on attributes that were replaced are dropped; there must be room for one as long as an event behind. */
    private static final int MOST_ATTRIBUTE_BYTES = MAX_LENGTH + MAX_LENGTH / 2;

    private static final int ATTRIBUTES_LIMIT = MOST_ATTRIBUTE_BYTES + MAX_LENGTH;
    private static final long MICROS_PER_MINUTE = 60_000_000;
    private static final int MICROS_PER_SECOND = 1_000_000;
    /** Where the time itself begins: behind its key and the quote. */
    private static final int TIME_OFFSET = CanonicalWriter.OCCURRED_AT.length + 1;

    // Each field with its key, as it will stand in the event; the key alone while the field is not set.
    private final JsonBytes actor = field(CanonicalWriter.ACTOR_ID);
    private final JsonBytes object = field(CanonicalWriter.OBJECT_ID);
    private final JsonBytes time = field(CanonicalWriter.OCCURRED_AT);
    private final JsonBytes tenant = field(CanonicalWriter.TENANT_ID);

    /** By the hash of the action; made when first needed. */
    private final @Nullable EventShape[] shapes = new EventShape[SHAPES];
    /** Of the present event; an index, since a reference would cost more to write. */
    private int shapeIndex;

    private boolean open;
    private boolean systemTenant;
    private boolean timed;
    private long occurredAtMicros;
    private long writtenMinute;
    private @Nullable String sourceLane;

    /** The first that nothing set later can mend. */
    private @Nullable InvalidEventException refused;

    // Characters that no string may have: gone if the field is set again, as for the builder, who looks at them last.
    private @Nullable InvalidEventException badActor;
    private @Nullable InvalidEventException badObject;

    /** The attributes as they were set, each {@code ,"name":value}, also those that were replaced later. */
    private JsonBytes attributes = new JsonBytes(FIRST_BYTES, ATTRIBUTES_LIMIT);

    private CanonicalWriter values = new CanonicalWriter(attributes);
    private int count;
    /** Where each ends, and the next begins. */
    private int[] ends = new int[FIRST_ATTRIBUTES];
    /** What is wrong with each; null almost always. */
    private @Nullable InvalidEventException[] bad = new InvalidEventException[FIRST_ATTRIBUTES];

    private int badCount;

    private JsonBytes whole = new JsonBytes(FIRST_BYTES, MAX_LENGTH);
    private boolean encoded;
    private long encodedAtMicros;
    private @Nullable InvalidEventException problem;

    public EventEncoder() {
        time.time(0);
    }

    private static JsonBytes field(byte[] key) {
        JsonBytes bytes = new JsonBytes(128, MAX_LENGTH);
        bytes.raw(key);
        return bytes;
    }

    /**
     * Begins an event; what was set before is gone.
     *
     * @param action namespace and verb in the past tense, {@code conversation.message_sent}
     */
    public EventEncoder begin(String action) {
        requireNonNull(action, "action");
        end();
        open = true;
        shapeIndex = action.hashCode() & SHAPES - 1;
        EventShape shape = shapes[shapeIndex];
        if (shape == null) {
            shape = new EventShape();
            shapes[shapeIndex] = shape;
        }
        try {
            shape.use(action);
        } catch (InvalidEventException e) {
            refuse(e);
        }
        return this;
    }

    private EventShape shape() {
        return shapes[shapeIndex];
    }

    /**
     * Lets the event go: nothing of it can be read any more, and buffers above 64 KiB are released. Not needed before
     * {@link #begin}.
     */
    public void end() {
        open = false;
        encoded = false;
        problem = null;
        refused = null;
        badActor = null;
        badObject = null;
        systemTenant = false;
        timed = false;
        sourceLane = null;
        actor.truncate(CanonicalWriter.ACTOR_ID.length);
        object.truncate(CanonicalWriter.OBJECT_ID.length);
        tenant.truncate(CanonicalWriter.TENANT_ID.length);
        if (badCount > 0) {
            Arrays.fill(bad, 0, count, null);
            badCount = 0;
            // A bad name may be of any length.
            shapes[shapeIndex] = null;
        }
        attributes.truncate(0);
        count = 0;
        if (whole.capacity() > MOST_BYTES_KEPT
                || attributes.capacity() > MOST_BYTES_KEPT
                || ends.length > MOST_ATTRIBUTES_KEPT) {
            renewBuffers();
        }
    }

    private void renewBuffers() {
        attributes = new JsonBytes(FIRST_BYTES, ATTRIBUTES_LIMIT);
        values = new CanonicalWriter(attributes);
        ends = new int[FIRST_ATTRIBUTES];
        bad = new InvalidEventException[FIRST_ATTRIBUTES];
        // Its names may be as many or as long.
        shapes[shapeIndex] = null;
        whole = new JsonBytes(FIRST_BYTES, MAX_LENGTH);
    }

    /** @param tenantId 1 to 64 characters of {@code A-Z a-z 0-9 _ . -}, case-exact */
    public EventEncoder tenant(String tenantId) {
        requireNonNull(tenantId, "tenantId");
        requireOpen();
        try {
            Rules.tenantId(tenantId);
        } catch (InvalidEventException e) {
            return refuse(e);
        }
        systemTenant = tenantId.equals(Rules.SYSTEM_TENANT);
        tenant.truncate(CanonicalWriter.TENANT_ID.length);
        tenant.string(tenantId);
        return this;
    }

    /** @param actorId who did it, 1 to 256 characters; {@code system} for the pipeline itself */
    public EventEncoder actor(String actorId) {
        requireNonNull(actorId, "actorId");
        requireOpen();
        try {
            Rules.length("actor_id", actorId, 256);
        } catch (InvalidEventException e) {
            return refuse(e);
        }
        actor.truncate(CanonicalWriter.ACTOR_ID.length);
        badActor = text(actor, "actor_id", actorId);
        return this;
    }

    /**
     * What it was done to.
     *
     * @param type 1 to 64 characters
     * @param id   1 to 256 characters
     */
    public EventEncoder object(String type, String id) {
        requireNonNull(type, "type");
        requireNonNull(id, "id");
        requireOpen();
        InvalidEventException badType;
        try {
            badType = shape().objectType(type);
            Rules.length("object_id", id, 256);
        } catch (InvalidEventException e) {
            return refuse(e);
        }
        object.truncate(CanonicalWriter.OBJECT_ID.length);
        badObject = text(object, "object_id", id);
        if (badObject == null) {
            badObject = badType;
        }
        return this;
    }

    /** When it happened: kept to the microsecond, finer digits are cut. Without it, the time given to {@link #encode}. */
    public EventEncoder occurredAt(Instant occurredAt) {
        requireNonNull(occurredAt, "occurredAt");
        requireOpen();
        try {
            return occurredAtMicros(EventTime.micros(occurredAt, "occurred_at"));
        } catch (InvalidEventException e) {
            return refuse(e);
        }
    }

    /** @param micros since 1970-01-01 UTC, in the years 1 to 9999 */
    public EventEncoder occurredAtMicros(long micros) {
        requireOpen();
        if (!EventTime.isInRange(micros)) {
            return refuse(EventTime.outOfRange("occurred_at"));
        }
        occurredAtMicros = micros;
        timed = true;
        return this;
    }

    /** @param sourceLane where it comes in, 1 to 32 of {@code A-Z 0-9 _}; not part of the content */
    public EventEncoder sourceLane(String sourceLane) {
        requireNonNull(sourceLane, "sourceLane");
        requireOpen();
        try {
            Rules.sourceLane(sourceLane);
        } catch (InvalidEventException e) {
            return refuse(e);
        }
        this.sourceLane = sourceLane;
        return this;
    }

    /**
     * Sets an attribute; a later value of the same name replaces an earlier one.
     *
     * @param value of the types that {@link Event.Builder#attribute(String, Object)} takes, in the same form
     */
    public EventEncoder attribute(String name, @Nullable Object value) {
        if (value instanceof String text) {
            return attribute(name, text);
        }
        if (add(name)) {
            try {
                shape().name(count, name, attributes);
                values.attribute(name, value);
                added();
            } catch (InvalidEventException e) {
                spoiled(e);
            }
        }
        return this;
    }

    /** As {@link #attribute(String, Object)}. */
    public EventEncoder attribute(String name, @Nullable String value) {
        if (add(name)) {
            try {
                shape().name(count, name, attributes);
                if (value == null) {
                    attributes.raw(CanonicalWriter.NULL);
                } else {
                    int wrong = attributes.string(value);
                    if (wrong != JsonBytes.GOOD) {
                        throw CanonicalWriter.badText(CanonicalWriter.where(name), value, wrong);
                    }
                }
                added();
            } catch (InvalidEventException e) {
                spoiled(e);
            }
        }
        return this;
    }

    /** @param value of a magnitude below 2^53 */
    public EventEncoder attribute(String name, long value) {
        if (add(name)) {
            try {
                shape().name(count, name, attributes);
                if (!attributes.integer(value)) {
                    throw CanonicalWriter.badNumber(CanonicalWriter.where(name), value);
                }
                added();
            } catch (InvalidEventException e) {
                spoiled(e);
            }
        }
        return this;
    }

    /** @param value finite, and not of a magnitude from 2^53 to below 10^21 */
    public EventEncoder attribute(String name, double value) {
        if (add(name)) {
            try {
                shape().name(count, name, attributes);
                if (!Double.isFinite(value) || !attributes.number(value)) {
                    throw CanonicalWriter.badNumber(CanonicalWriter.where(name), value);
                }
                added();
            } catch (InvalidEventException e) {
                spoiled(e);
            }
        }
        return this;
    }

    public EventEncoder attribute(String name, boolean value) {
        if (add(name)) {
            try {
                shape().name(count, name, attributes);
                attributes.raw(value ? CanonicalWriter.TRUE : CanonicalWriter.FALSE);
                added();
            } catch (InvalidEventException e) {
                spoiled(e);
            }
        }
        return this;
    }

    /** Makes room for one more attribute. False if the event is lost anyway. */
    private boolean add(String name) {
        requireNonNull(name, "name");
        requireOpen();
        if (refused != null) {
            return false;
        }
        if (start(count) > MOST_ATTRIBUTE_BYTES) {
            dropReplaced();
        }
        // A map or collection that throws an exception of its own leaves a part of itself.
        attributes.truncate(start(count));
        return refused == null;
    }

    private int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    private void added() {
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
            bad = Arrays.copyOf(bad, count * 2);
        }
        ends[count++] = attributes.length();
    }

    private void spoiled(InvalidEventException e) {
        if (badCount == MOST_BAD_KEPT) {
            refuse(e);
            return;
        }
        attributes.truncate(start(count));
        added();
        bad[count - 1] = e;
        badCount++;
    }

    /** Drops the attributes that were replaced; refuses the event if the others are still more than it may have. */
    private void dropReplaced() {
        EventShape shape = shape();
        shape.sort(count);
        int kept = shape.distinctCount();
        JsonBytes keptAttributes = new JsonBytes(attributes.capacity(), ATTRIBUTES_LIMIT);
        int[] keptEnds = new int[ends.length];
        @Nullable InvalidEventException[] keptBad = new InvalidEventException[bad.length];
        for (int i = 0; i < kept; i++) {
            int place = shape.place(i);
            keptAttributes.raw(attributes.array(), start(place), ends[place] - start(place));
            keptEnds[i] = keptAttributes.length();
            keptBad[i] = bad[place];
        }
        shape.arrange();
        attributes = keptAttributes;
        values = new CanonicalWriter(keptAttributes);
        ends = keptEnds;
        bad = keptBad;
        count = kept;
        if (keptAttributes.length() > MAX_LENGTH) {
            refuse(JsonBytes.tooLong());
        }
    }

    /**
     * Ends the input: true if the event is good, and can be read until the next {@link #begin}, {@link #end} or
     * {@code encode}.
     *
     * @param nowMicros the time it happened if none was set, in microseconds since 1970-01-01 UTC
     */
    public boolean encode(long nowMicros) {
        requireOpen();
        encodedAtMicros = timed ? occurredAtMicros : nowMicros;
        EventShape shape = shape();
        shape.sort(count);
        problem = findProblem(shape);
        encoded = problem == null;
        if (encoded) {
            assemble(shape);
        }
        return encoded;
    }

    private @Nullable InvalidEventException findProblem(EventShape shape) {
        if (refused != null) {
            return refused;
        }
        if (tenant.length() == CanonicalWriter.TENANT_ID.length) {
            return CanonicalWriter.missing("tenant_id");
        }
        if (actor.length() == CanonicalWriter.ACTOR_ID.length) {
            return CanonicalWriter.missing("actor_id");
        }
        if (!EventTime.isInRange(encodedAtMicros)) {
            return EventTime.outOfRange("occurred_at");
        }
        if (badActor != null) {
            return badActor;
        }
        for (int i = 0; badCount > 0 && i < shape.distinctCount(); i++) {
            if (bad[shape.place(i)] != null) {
                return bad[shape.place(i)];
            }
        }
        if (badObject != null) {
            return badObject;
        }
        return wholeLength(shape) > MAX_LENGTH ? JsonBytes.tooLong() : null;
    }

    private int wholeLength(EventShape shape) {
        int length = shape.encodedAction().length() + actor.length() + CanonicalWriter.ATTRIBUTES_KEY.length;
        // The braces, and all but the first comma.
        length += count == 0 ? 2 : 1;
        for (int i = 0; i < shape.distinctCount(); i++) {
            length += ends[shape.place(i)] - start(shape.place(i));
        }
        if (object.length() > CanonicalWriter.OBJECT_ID.length) {
            length += object.length() + shape.encodedObjectType().length();
        }
        return length + time.length() + tenant.length() + CanonicalWriter.VERSION.length;
    }

    private void assemble(EventShape shape) {
        writeTime();
        whole.truncate(0);
        whole.raw(shape.encodedAction());
        whole.raw(actor);
        whole.raw(CanonicalWriter.ATTRIBUTES_KEY);
        whole.put('{');
        if (shape.isAscending() && count > 0) {
            whole.raw(attributes.array(), 1, ends[count - 1] - 1);
        } else {
            for (int i = 0; i < shape.distinctCount(); i++) {
                int place = shape.place(i);
                int start = start(place) + (i == 0 ? 1 : 0);
                whole.raw(attributes.array(), start, ends[place] - start);
            }
        }
        whole.put('}');
        if (object.length() > CanonicalWriter.OBJECT_ID.length) {
            whole.raw(object);
            whole.raw(shape.encodedObjectType());
        }
        whole.raw(time);
        whole.raw(tenant);
        whole.raw(CanonicalWriter.VERSION);
    }

    /** The date and the minute are mostly those of the event before. */
    private void writeTime() {
        long minute = Math.floorDiv(encodedAtMicros, MICROS_PER_MINUTE);
        if (minute == writtenMinute) {
            int rest = (int) (encodedAtMicros - minute * MICROS_PER_MINUTE);
            EventTime.writeInMinute(rest / MICROS_PER_SECOND, rest % MICROS_PER_SECOND, time.array(), TIME_OFFSET);
        } else {
            EventTime.write(encodedAtMicros, time.array(), TIME_OFFSET);
            writtenMinute = minute;
        }
    }

    /** Why the last {@link #encode} answered false: the field, the rule and lengths, never a value. Null if it did not. */
    public @Nullable InvalidEventException problem() {
        return problem;
    }

    /** The canonical bytes, from 0 to {@link #length}: the encoder's own, to be copied before its next event. */
    public byte[] bytes() {
        requireEncoded();
        return whole.array();
    }

    /** Of the canonical form, in bytes. */
    public int length() {
        requireEncoded();
        return whole.length();
    }

    /** Microseconds since 1970-01-01 UTC. */
    public long occurredAtMicros() {
        requireEncoded();
        return encodedAtMicros;
    }

    /** Where it came in, or null for the lane of the client that takes it. */
    public @Nullable String sourceLane() {
        requireEncoded();
        return sourceLane;
    }

    /** As {@link Event#isSystem}. */
    public boolean isSystem() {
        requireEncoded();
        return shape().isSystem();
    }

    /** As {@link Event#isAdmissible}. */
    public boolean isAdmissible() {
        requireEncoded();
        return shape().isAdmissible(systemTenant);
    }

    /** The same as an object of its own; allocates it. */
    public Event toEvent() {
        requireEncoded();
        byte[] canonical = whole.toByteArray();
        return new Event(new CanonicalReader().read(canonical, 0, canonical.length), sourceLane, canonical);
    }

    private static @Nullable InvalidEventException text(JsonBytes target, String field, String value) {
        int wrong = target.string(value);
        return wrong == JsonBytes.GOOD ? null : CanonicalWriter.badText(field, value, wrong);
    }

    private EventEncoder refuse(InvalidEventException e) {
        if (refused == null) {
            refused = e;
        }
        return this;
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException("no event was begun: call begin first");
        }
    }

    private void requireEncoded() {
        if (!encoded) {
            throw new IllegalStateException("there is no good event to read: encode was not called or answered false");
        }
    }
}
