package dev.firn.event;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An immutable fact: an actor did an action to an object of a tenant at a moment. It holds its canonical bytes, encoded
 * once when it was built; the same bytes are hashed, journaled, sent and stored.
 *
 * <p>Two events are equal if their canonical bytes are. Where an event came in ({@link #sourceLane}) is no part of that.
 * Its {@code toString} shows no content.
 */
public final class Event {
    /** The tenant of what concerns all tenants: prices, and the pipeline's own events. */
    public static final String SYSTEM_TENANT = Rules.SYSTEM_TENANT;
    /** The actor of the pipeline's own events. */
    public static final String SYSTEM_ACTOR = "system";
    /** The longest canonical form, in bytes. */
    public static final int MAX_CANONICAL_LENGTH = CanonicalWriter.MAX_LENGTH;

    private final String tenantId;
    private final String action;
    private final String actorId;
    private final @Nullable String objectType;
    private final @Nullable String objectId;
    private final long occurredAtMicros;
    private final @Nullable String sourceLane;
    private final boolean admissible;
    private final byte[] canonical;
    /** Beside the other fields: who hands an event over asks for it, and should not have to fetch the bytes for that. */
    private final int canonicalLength;

    private Event(Builder builder, long occurredAtMicros, byte[] canonical) {
        this.tenantId = builder.tenantId;
        this.action = builder.action;
        this.actorId = builder.actorId;
        this.objectType = builder.objectType;
        this.objectId = builder.objectId;
        this.sourceLane = builder.sourceLane;
        this.admissible = Rules.isAdmissible(tenantId, action);
        this.occurredAtMicros = occurredAtMicros;
        this.canonical = canonical;
        this.canonicalLength = canonical.length;
    }

    /** Of canonical bytes, which nobody else may change, and the fields that were read out of them. */
    Event(CanonicalReader fields, @Nullable String sourceLane, byte[] canonical) {
        this.tenantId = fields.tenantId();
        this.action = fields.action();
        this.actorId = fields.actorId();
        this.objectType = fields.objectType();
        this.objectId = fields.objectId();
        this.sourceLane = sourceLane;
        this.admissible = Rules.isAdmissible(tenantId, action);
        this.occurredAtMicros = fields.occurredAtMicros();
        this.canonical = canonical;
        this.canonicalLength = canonical.length;
    }

    /** @param action namespace and verb in the past tense, {@code conversation.message_sent} */
    public static Builder builder(String action) {
        return new Builder(action);
    }

    public String tenantId() {
        return tenantId;
    }

    public String action() {
        return action;
    }

    public String actorId() {
        return actorId;
    }

    /** The kind of thing it was done to; null if and only if {@link #objectId} is. */
    public @Nullable String objectType() {
        return objectType;
    }

    public @Nullable String objectId() {
        return objectId;
    }

    /** Microseconds since 1970-01-01 UTC, in the years 1 to 9999. */
    public long occurredAtMicros() {
        return occurredAtMicros;
    }

    /** Where it came in, or null for the lane of the client that takes it. */
    public @Nullable String sourceLane() {
        return sourceLane;
    }

    /** Whether it is one of the pipeline's own: namespace {@code pipeline.} or {@code quality.}. */
    public boolean isSystem() {
        return Rules.isSystemAction(action);
    }

    /**
     * Whether an application may write it: not {@code pipeline.} or {@code quality.}, and {@code price.} for the tenant
     * {@link #SYSTEM_TENANT} only. Costs a field read.
     */
    public boolean isAdmissible() {
        return admissible;
    }

    public int canonicalLength() {
        return canonicalLength;
    }

    /** Copies the canonical bytes; allocates nothing. */
    public void copyCanonicalTo(byte[] target, int offset) {
        System.arraycopy(canonical, 0, target, offset, canonical.length);
    }

    /** The canonical form as text: content, not for logs. */
    public String canonical() {
        return new String(canonical, StandardCharsets.UTF_8);
    }

    /** SHA2-256 of the canonical bytes in 64 lower-case hex digits; computed at each call. */
    public String eventId() {
        byte[] hash = new byte[ContentId.HASH_LENGTH];
        new ContentId().hash(canonical, 0, canonical.length, hash, 0);
        return ContentId.hex(hash, 0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Event event && Arrays.equals(canonical, event.canonical);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(canonical);
    }

    @Override
    public String toString() {
        return "Event[action=" + action + " bytes=" + canonical.length + "]";
    }

    /**
     * Collects an event's fields and refuses what the specification refuses.
     *
     * <p>Field rules are checked when a field is set, attributes when the event is built; each failure is an
     * {@link InvalidEventException} that names the field and the rule. Not thread-safe; may build any number of events.
     */
    public static final class Builder {
        private final String action;
        private final SortedMap<String, @Nullable Object> attributes = new TreeMap<>();
        private String tenantId = "";
        private String actorId = "";
        private @Nullable String objectType;
        private @Nullable String objectId;
        private boolean timed;
        private long occurredAtMicros;
        private @Nullable String sourceLane;

        private Builder(String action) {
            Rules.action(requireNonNull(action, "action"));
            this.action = action;
        }

        /** @param tenantId 1 to 64 characters of {@code A-Z a-z 0-9 _ . -}, case-exact */
        public Builder tenant(String tenantId) {
            Rules.tenantId(requireNonNull(tenantId, "tenantId"));
            this.tenantId = tenantId;
            return this;
        }

        /** @param actorId who did it, 1 to 256 characters; {@code system} for the pipeline itself */
        public Builder actor(String actorId) {
            Rules.length("actor_id", requireNonNull(actorId, "actorId"), 256);
            this.actorId = actorId;
            return this;
        }

        /**
         * What it was done to.
         *
         * @param type 1 to 64 characters
         * @param id   1 to 256 characters
         */
        public Builder object(String type, String id) {
            Rules.length("object_type", requireNonNull(type, "type"), 64);
            Rules.length("object_id", requireNonNull(id, "id"), 256);
            this.objectType = type;
            this.objectId = id;
            return this;
        }

        /** When it happened: kept to the microsecond, finer digits are cut. */
        public Builder occurredAt(Instant occurredAt) {
            return occurredAtMicros(EventTime.micros(requireNonNull(occurredAt, "occurredAt"), "occurred_at"));
        }

        Builder occurredAtMicros(long micros) {
            this.occurredAtMicros = micros;
            this.timed = true;
            return this;
        }

        /** @param sourceLane where it comes in, 1 to 32 of {@code A-Z 0-9 _}; not part of the content */
        public Builder sourceLane(String sourceLane) {
            Rules.sourceLane(requireNonNull(sourceLane, "sourceLane"));
            this.sourceLane = sourceLane;
            return this;
        }

        /**
         * Sets an attribute; a later value of the same name replaces an earlier one.
         *
         * @param value a string, boolean, number, map with string keys, collection, or null; a {@code BigDecimal} is
         *              kept as text, as money must be, an {@code Instant} as text in the form of {@code occurred_at}
         */
        public Builder attribute(String name, @Nullable Object value) {
            attributes.put(requireNonNull(name, "name"), value);
            return this;
        }

        /** @param value of a magnitude below 2^53 */
        public Builder attribute(String name, long value) {
            return attribute(name, (Object) value);
        }

        /** @param value finite */
        public Builder attribute(String name, double value) {
            return attribute(name, (Object) value);
        }

        public Builder attribute(String name, boolean value) {
            return attribute(name, (Object) value);
        }

        SortedMap<String, @Nullable Object> attributes() {
            return attributes;
        }

        String action() {
            return action;
        }

        /** @throws InvalidEventException if a required field is missing or an attribute breaks a rule */
        public Event build() {
            return build(new CanonicalWriter());
        }

        Event build(CanonicalWriter writer) {
            require("tenant_id", !tenantId.isEmpty());
            require("actor_id", !actorId.isEmpty());
            require("occurred_at", timed);
            writer.reset();
            writer.raw(CanonicalWriter.ACTION);
            writer.field("action", action);
            writer.raw(CanonicalWriter.ACTOR_ID);
            writer.field("actor_id", actorId);
            writer.raw(CanonicalWriter.ATTRIBUTES_KEY);
            writer.attributes(attributes);
            if (objectType != null && objectId != null) {
                writer.raw(CanonicalWriter.OBJECT_ID);
                writer.field("object_id", objectId);
                writer.raw(CanonicalWriter.OBJECT_TYPE);
                writer.field("object_type", objectType);
            }
            writer.raw(CanonicalWriter.OCCURRED_AT);
            writer.time(occurredAtMicros);
            writer.raw(CanonicalWriter.TENANT_ID);
            writer.field("tenant_id", tenantId);
            writer.raw(CanonicalWriter.VERSION);
            writer.checkLength();
            return new Event(this, occurredAtMicros, writer.toByteArray());
        }

        private static void require(String field, boolean present) {
            if (!present) {
                throw CanonicalWriter.missing(field);
            }
        }
    }
}
