package dev.firn.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the typed builders share. Their factory methods take what an action requires; {@link #build} checks the kinds of
 * the known attributes, so that a view never meets a value of theirs that it cannot read.
 *
 * <p>Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract class ActionBuilder<B extends ActionBuilder<B>> {
    private final ActionSpec spec;
    private final Event.Builder event;

    ActionBuilder(String action, String tenantId, String objectId) {
        spec = ActionCatalog.get(action);
        event = Event.builder(action).tenant(tenantId).object(spec.objectType(), objectId);
    }

    /** @param actorId who did it, 1 to 256 characters */
    public B actor(String actorId) {
        event.actor(actorId);
        return self();
    }

    /** When it happened: kept to the microsecond. */
    public B occurredAt(Instant occurredAt) {
        event.occurredAt(occurredAt);
        return self();
    }

    /** Where it came in, if not the client's own lane: 1 to 32 of {@code A-Z 0-9 _}. */
    public B sourceLane(String sourceLane) {
        event.sourceLane(sourceLane);
        return self();
    }

    /** The trace that it belongs to. */
    public B traceId(String traceId) {
        return attribute("trace_id", traceId);
    }

    /** The ID of the event that led to this one. */
    public B causedBy(String eventId) {
        return attribute("caused_by", eventId);
    }

    /** Any further attribute, in the types of {@link Event.Builder#attribute(String, Object)}. */
    public B attribute(String name, @Nullable Object value) {
        event.attribute(name, value);
        return self();
    }

    /** @throws InvalidEventException naming the field and the rule that it breaks */
    public Event build() {
        return spec.build(event);
    }

    @SuppressWarnings("unchecked")
    private B self() {
        return (B) this;
    }
}
