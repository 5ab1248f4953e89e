package dev.firn.cli.input;

import dev.firn.event.Event;
import dev.firn.event.InvalidEventException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How one event is made of a row, or one of each part of a row.
 *
 * @param objectType null if and only if {@code objectId} is
 */
record EventMapping(
        @Nullable When when,
        @Nullable ForEach forEach,
        ValueSpec tenantId,
        ValueSpec action,
        ValueSpec actorId,
        @Nullable ValueSpec objectType,
        @Nullable ValueSpec objectId,
        ValueSpec occurredAt,
        @Nullable Offset offset,
        Map<String, ValueSpec> attributes) {
    static final List<String> KEYS = List.of(
            "tenant_id",
            "action",
            "actor_id",
            "object_type",
            "object_id",
            "occurred_at",
            "attributes",
            "for_each",
            "when");

    private static final String ANY_ACTION = "any.done";

    /** Tries the fields that are the same for all rows, so that a mistake shows before the first one. */
    void check(EventMappingReader.Layers keys) {
        check(keys, "tenant_id", tenantId, text -> Event.builder(ANY_ACTION).tenant(text));
        check(keys, "action", action, Event::builder);
        check(keys, "actor_id", actorId, text -> Event.builder(ANY_ACTION).actor(text));
        check(keys, "object_type", objectType, text -> Event.builder(ANY_ACTION).object(text, "id"));
        check(keys, "object_id", objectId, text -> Event.builder(ANY_ACTION).object("type", text));
    }

    private static void check(
            EventMappingReader.Layers keys, String key, @Nullable ValueSpec spec, Consumer<String> rule) {
        Optional<String> constant = spec == null ? Optional.empty() : spec.constant();
        if (constant.isEmpty()) {
            return;
        }
        try {
            rule.accept(constant.get());
        } catch (InvalidEventException e) {
            throw keys.require(key).error("is not a valid value: " + e.getMessage());
        }
    }

    /**
     * @return none if the row is not meant, or skipped
     * @throws InvalidEventException if the row does not fit
     */
    List<Event> events(Row row) {
        if (when != null && !when.holds(row)) {
            return List.of();
        }
        List<Row> parts = forEach == null ? List.of(row) : forEach.parts(row);
        List<Event> events = new ArrayList<>(parts.size());
        for (Row part : parts) {
            event(part).ifPresent(events::add);
        }
        return events;
    }

    /** Empty as soon as one value says that the event is to be skipped. */
    private Optional<Event> event(Row row) {
        Object name = action.value(row, "action");
        Object tenant = tenantId.value(row, "tenant_id");
        Object actor = actorId.value(row, "actor_id");
        Object moment = occurredAt.value(row, "occurred_at");
        boolean made = name instanceof String
                && tenant instanceof String
                && actor instanceof String
                && moment instanceof Instant;
        if (!made) {
            return Optional.empty();
        }
        Instant at = offset == null ? (Instant) moment : offset.addTo((Instant) moment, row, "occurred_at");
        Event.Builder event = Event.builder((String) name)
                .tenant((String) tenant)
                .actor((String) actor)
                .occurredAt(at);
        return setObject(event, row) && setAttributes(event, row) ? Optional.of(event.build()) : Optional.empty();
    }

    private boolean setObject(Event.Builder event, Row row) {
        if (objectType == null || objectId == null) {
            return true;
        }
        Object type = objectType.value(row, "object_type");
        Object id = objectId.value(row, "object_id");
        if (type instanceof String typeName && id instanceof String idText) {
            event.object(typeName, idText);
            return true;
        }
        return false;
    }

    private boolean setAttributes(Event.Builder event, Row row) {
        for (Map.Entry<String, ValueSpec> attribute : attributes.entrySet()) {
            String field = "attributes." + InvalidEventException.shownName(attribute.getKey());
            Object value = attribute.getValue().value(row, field);
            if (value == ValueSpec.SKIPPED) {
                return false;
            }
            if (value != ValueSpec.OMITTED) {
                event.attribute(attribute.getKey(), value);
            }
        }
        return true;
    }
}
