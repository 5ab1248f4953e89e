package dev.firn.event;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the canonical form of an event: RFC 8785 of one object, as UTF-8 bytes. Checks on the way what only shows
 * here: lone surrogates, U+0000, numbers that JSON readers corrupt, nesting, reserved names, the length.
 *
 * <p>Not thread-safe; may be used again after {@link #reset}, also when an exception was thrown.
 */
final class CanonicalWriter {
    static final int MAX_LENGTH = 1_000_000;
    static final int MAX_DEPTH = 32;
    static final String ATTRIBUTES = "attributes";

    // What stands between the values, in the order of the form.
    static final byte[] ACTION = JsonBytes.ascii("{\"action\":");
    static final byte[] ACTOR_ID = JsonBytes.ascii(",\"actor_id\":");
    static final byte[] ATTRIBUTES_KEY = JsonBytes.ascii(",\"attributes\":");
    static final byte[] OBJECT_ID = JsonBytes.ascii(",\"object_id\":");
    static final byte[] OBJECT_TYPE = JsonBytes.ascii(",\"object_type\":");
    static final byte[] OCCURRED_AT = JsonBytes.ascii(",\"occurred_at\":");
    static final byte[] TENANT_ID = JsonBytes.ascii(",\"tenant_id\":");
    static final byte[] VERSION = JsonBytes.ascii(",\"v\":3}");

    static final byte[] NULL = JsonBytes.ascii("null");
    static final byte[] TRUE = JsonBytes.ascii("true");
    static final byte[] FALSE = JsonBytes.ascii("false");

    private final JsonBytes out;
    /** Where the value that is being written stands: names and array positions, outermost first. */
    private final Object[] path = new Object[MAX_DEPTH + 1];

    private int depth;
    private String field = "";

    CanonicalWriter() {
        this(new JsonBytes(512, MAX_LENGTH));
    }

    /** Writes behind what {@code out} has. */
    CanonicalWriter(JsonBytes out) {
        this.out = out;
    }

    void reset() {
        out.truncate(0);
        depth = 0;
        field = "";
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }

    void raw(byte[] ascii) {
        out.raw(ascii);
    }

    /** A top-level string; {@code name} is what a message calls it. */
    void field(String name, String value) {
        field = name;
        string(value);
    }

    void time(long micros) {
        out.time(micros);
    }

    /** The attributes, sorted by UTF-16 code units as {@code String.compareTo} does. */
    void attributes(SortedMap<String, @Nullable Object> attributes) {
        field = ATTRIBUTES;
        object(attributes);
    }

    /** The value of one attribute, without its name. */
    void attribute(String name, @Nullable Object value) {
        field = ATTRIBUTES;
        depth = 1;
        path[1] = name;
        try {
            value(value);
        } finally {
            // Names are not held any longer than needed.
            Arrays.fill(path, null);
        }
    }

    private void value(@Nullable Object value) {
        if (value == null) {
            raw(NULL);
        } else if (value instanceof String text) {
            string(text);
        } else if (value instanceof Boolean flag) {
            raw(flag ? TRUE : FALSE);
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            integer(((Number) value).longValue());
        } else if (value instanceof Double || value instanceof Float) {
            number(((Number) value).doubleValue());
        } else if (value instanceof BigDecimal decimal) {
            string(decimal.toPlainString());
        } else if (value instanceof Instant instant) {
            time(EventTime.micros(instant, where()));
        } else if (value instanceof Map<?, ?> map) {
            object(sorted(map));
        } else if (value instanceof Collection<?> collection) {
            array(collection);
        } else {
            throw invalid(
                    Reason.WRONG_TYPE,
                    "must be a string, number, boolean, null, map or collection, not a "
                            + value.getClass().getName());
        }
    }

    private void object(SortedMap<String, @Nullable Object> map) {
        enter();
        out.put('{');
        boolean first = true;
        for (Map.Entry<String, @Nullable Object> entry : map.entrySet()) {
            if (!first) {
                out.put(',');
            }
            first = false;
            String name = entry.getKey();
            path[depth] = name;
            if (name.startsWith("$")) {
                throw reservedName(where());
            }
            string(name);
            out.put(':');
            value(entry.getValue());
        }
        out.put('}');
        leave();
    }

    private void array(Collection<?> items) {
        enter();
        out.put('[');
        int index = 0;
        for (Object item : items) {
            if (index > 0) {
                out.put(',');
            }
            path[depth] = index++;
            value(item);
        }
        out.put(']');
        leave();
    }

    private void enter() {
        if (depth == MAX_DEPTH) {
            throw invalid(Reason.TOO_DEEP, "is nested deeper than " + MAX_DEPTH);
        }
        depth++;
        path[depth] = null;
    }

    private void leave() {
        path[depth] = null;
        depth--;
    }

    private SortedMap<String, @Nullable Object> sorted(Map<?, ?> map) {
        SortedMap<String, @Nullable Object> sorted = new TreeMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw invalid(Reason.WRONG_TYPE, "has a key that is not a string");
            }
            sorted.put(name, entry.getValue());
        }
        return sorted;
    }

    private void string(String text) {
        int bad = out.string(text);
        if (bad != JsonBytes.GOOD) {
            throw badText(where(), text, bad);
        }
    }

    private void integer(long value) {
        if (!out.integer(value)) {
            throw badNumber(where(), value);
        }
    }

    private void number(double value) {
        if (!Double.isFinite(value) || !out.number(value)) {
            throw badNumber(where(), value);
        }
    }

    void checkLength() {
        if (out.length() > MAX_LENGTH) {
            throw JsonBytes.tooLong();
        }
    }

    /** What a message calls an attribute. */
    static String where(String name) {
        return ATTRIBUTES + "." + InvalidEventException.shownName(name);
    }

    static InvalidEventException missing(String field) {
        return new InvalidEventException(Reason.MISSING_FIELD, field, "is required");
    }

    /** What to say of the character at {@code index} that no string may have. */
    static InvalidEventException badText(String where, String text, int index) {
        return text.charAt(index) == 0
                ? new InvalidEventException(Reason.NUL_CHARACTER, where, "has the character U+0000")
                : new InvalidEventException(
                        Reason.LONE_SURROGATE, where, "has half of a surrogate pair at character " + index);
    }

    static InvalidEventException reservedName(String where) {
        return new InvalidEventException(Reason.RESERVED_NAME, where, "names that begin with $ are reserved");
    }

    /** What to say of a number that no event may have. */
    static InvalidEventException badNumber(String where, double value) {
        return Double.isFinite(value)
                ? new InvalidEventException(
                        Reason.NUMBER_NOT_SAFE,
                        where,
                        "is a number of magnitude 2^53 to below 10^21, which many JSON readers corrupt: send it as a string")
                : new InvalidEventException(Reason.NUMBER_NOT_FINITE, where, "must be a finite number");
    }

    private InvalidEventException invalid(Reason reason, String rule) {
        return new InvalidEventException(reason, where(), rule);
    }

    private String where() {
        StringBuilder where = new StringBuilder(field);
        for (int i = 1; i <= depth && path[i] != null; i++) {
            if (path[i] instanceof String name) {
                where.append('.').append(InvalidEventException.shownName(name));
            } else {
                where.append('[').append(path[i]).append(']');
            }
        }
        return where.toString();
    }
}
