package dev.firn.cli.input;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.firn.event.InvalidEventException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a field or an attribute of an event gets its value from a row.
 *
 * @param reference what it points at, or null
 * @param literal   what stands in the mapping, if it points at nothing
 * @param type      null where the mapping names none: text as text, a literal as it stands
 * @param time      for a moment, else null
 * @param map       from a found text to a value, or null
 * @param otherwise for what the map does not have, or null
 * @param skip      whether what the map does not have makes no event
 * @param fallback  for what is missing or empty, or null
 * @param optional  whether what is missing or empty is left out
 */
record ValueSpec(
        @Nullable Reference reference,
        @Nullable Literal literal,
        @Nullable ValueType type,
        @Nullable TimeFormat time,
        @Nullable Map<String, Literal> map,
        @Nullable Literal otherwise,
        boolean skip,
        @Nullable Literal fallback,
        boolean optional) {
    /** An event is not to be made. */
    static final Object SKIPPED = new Object();
    /** An attribute is to be left out. */
    static final Object OMITTED = new Object();

    private static final Row NO_ROW = Row.ofJson(0, MissingNode.getInstance());

    /** What a mapping says outright: no key but the value itself. */
    static ValueSpec of(Literal literal, @Nullable ValueType type, @Nullable TimeFormat time) {
        return new ValueSpec(null, literal, type, time, null, null, false, null, false);
    }

    /**
     * @return a value as {@link dev.firn.event.Event.Builder#attribute(String, Object)} takes it, {@link #SKIPPED} or
     *     {@link #OMITTED}
     * @throws InvalidEventException naming the field and the rule
     */
    @Nullable
    Object value(Row row, String field) {
        Optional<Reference> missing = missing(row);
        if (missing.isPresent()) {
            if (fallback != null) {
                return ofLiteral(fallback, row, field);
            }
            if (optional) {
                return OMITTED;
            }
            throw isMissing(missing.get(), field);
        }
        if (map == null) {
            return literal == null ? convert(found(row), field) : ofLiteral(literal, row, field);
        }
        Literal target = map.get(text(row, field));
        if (target == null && skip) {
            return SKIPPED;
        }
        target = target == null ? otherwise : target;
        if (target == null) {
            throw Values.unmapped(field, "has a value that the map does not list, and there is no otherwise");
        }
        return ofLiteral(target, row, field);
    }

    private Optional<Reference> missing(Row row) {
        if (reference != null) {
            return reference.find(row) == null ? Optional.of(reference) : Optional.empty();
        }
        return literal == null || literal.text() == null
                ? Optional.empty()
                : literal.text().missing(row);
    }

    private Object found(Row row) {
        Object found = reference == null ? null : reference.find(row);
        if (found == null) {
            throw new IllegalStateException("looked for before it was found to be there");
        }
        return found;
    }

    private String text(Row row, String field) {
        if (literal == null) {
            return Values.text(found(row), field);
        }
        return literal.text() == null
                ? Values.text(literal.json(), field)
                : literal.text().fill(row, field);
    }

    private @Nullable Object ofLiteral(Literal value, Row row, String field) {
        Template text = value.text();
        if (text == null) {
            JsonNode json = value.json();
            return type == null && time == null ? Values.ofJson(json, field) : convert(json, field);
        }
        Optional<Reference> missing = text.missing(row);
        if (missing.isPresent()) {
            throw isMissing(missing.get(), field);
        }
        String filled = text.fill(row, field);
        // A string of the mapping is JSON already; one with placeholders is JSON only when they are filled in.
        return type == ValueType.JSON && text.constant().isPresent() ? filled : convert(filled, field);
    }

    private @Nullable Object convert(Object found, String field) {
        if (time != null) {
            return time.instant(Values.text(found, field), field);
        }
        return (type == null ? ValueType.STRING : type).convert(found, field);
    }

    private static InvalidEventException isMissing(Reference reference, String field) {
        return Values.unmapped(
                field,
                "has no value: " + reference.shown()
                        + " is missing or empty, and the mapping has neither default nor optional for it");
    }

    /** The text, where it is the same for all rows. */
    Optional<String> constant() {
        boolean outright = reference == null && map == null && literal != null && literal.text() != null;
        return outright ? literal.text().constant() : Optional.empty();
    }

    /** Tries what does not depend on a row, so that a mistake shows before the first one. */
    void check(MappingNode where) {
        check(map == null ? literal : null, where);
        check(otherwise, where);
        check(fallback, where);
        if (map != null) {
            map.values().forEach(target -> check(target, where));
        }
    }

    private void check(@Nullable Literal value, MappingNode where) {
        if (value == null || !value.isConstant()) {
            return;
        }
        try {
            ofLiteral(value, NO_ROW, "");
        } catch (InvalidEventException e) {
            throw where.error("has a value of the wrong kind: " + e.getMessage());
        }
    }
}
