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

    private static final long SAFE_INTEGER_END = 1L << 53;
    private static final double EXPONENT_START = 1e21;
    private static final int ROOM_FOR_NUMBER = 32;
    private static final byte[] LOWER_HEX = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private final DecimalDigits decimal = new DecimalDigits();
    /** Where the value that is being written stands: names and array positions, outermost first. */
    private final Object[] path = new Object[MAX_DEPTH + 1];

    private int depth;
    private String field = "";
    private byte[] bytes = new byte[512];
    private int length;

    void reset() {
        length = 0;
        depth = 0;
        field = "";
    }

    int length() {
        return length;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    void raw(String ascii) {
        ensure(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            bytes[length++] = (byte) ascii.charAt(i);
        }
    }

    /** A top-level string; {@code name} is what a message calls it. */
    void field(String name, String value) {
        field = name;
        string(value);
    }

    void time(long micros) {
        ensure(EventTime.LENGTH + 2);
        bytes[length++] = '"';
        EventTime.write(micros, bytes, length);
        length += EventTime.LENGTH;
        bytes[length++] = '"';
    }

    /** The attributes, sorted by UTF-16 code units as {@code String.compareTo} does. */
    void attributes(SortedMap<String, @Nullable Object> attributes) {
        field = "attributes";
        object(attributes);
    }

    private void value(@Nullable Object value) {
        if (value == null) {
            raw("null");
        } else if (value instanceof String text) {
            string(text);
        } else if (value instanceof Boolean flag) {
            raw(flag ? "true" : "false");
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
        put('{');
        boolean first = true;
        for (Map.Entry<String, @Nullable Object> entry : map.entrySet()) {
            if (!first) {
                put(',');
            }
            first = false;
            String name = entry.getKey();
            path[depth] = name;
            if (name.startsWith("$")) {
                throw invalid(Reason.RESERVED_NAME, "names that begin with $ are reserved");
            }
            string(name);
            put(':');
            value(entry.getValue());
        }
        put('}');
        leave();
    }

    private void array(Collection<?> items) {
        enter();
        put('[');
        int index = 0;
        for (Object item : items) {
            if (index > 0) {
                put(',');
            }
            path[depth] = index++;
            value(item);
        }
        put(']');
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
        ensure(text.length() + 2);
        bytes[length++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
                put(c);
            } else if (c < 0x80) {
                escape(c);
            } else if (c < 0x800) {
                put(0xc0 | c >> 6);
                put(0x80 | c & 0x3f);
            } else if (!Character.isSurrogate(c)) {
                put(0xe0 | c >> 12);
                put(0x80 | c >> 6 & 0x3f);
                put(0x80 | c & 0x3f);
            } else {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw invalid(Reason.LONE_SURROGATE, "has half of a surrogate pair at character " + i);
                }
                int point = Character.toCodePoint(c, text.charAt(++i));
                put(0xf0 | point >> 18);
                put(0x80 | point >> 12 & 0x3f);
                put(0x80 | point >> 6 & 0x3f);
                put(0x80 | point & 0x3f);
            }
        }
        put('"');
    }

    private void escape(char c) {
        switch (c) {
            case '"' -> raw("\\\"");
            case '\\' -> raw("\\\\");
            case '\b' -> raw("\\b");
            case '\t' -> raw("\\t");
            case '\n' -> raw("\\n");
            case '\f' -> raw("\\f");
            case '\r' -> raw("\\r");
            case 0 -> throw invalid(Reason.NUL_CHARACTER, "has the character U+0000");
            default -> {
                raw("\\u00");
                put(LOWER_HEX[c >> 4]);
                put(LOWER_HEX[c & 0xf]);
            }
        }
    }

    private void integer(long value) {
        if (value >= SAFE_INTEGER_END || value <= -SAFE_INTEGER_END) {
            throw notSafe();
        }
        ensure(ROOM_FOR_NUMBER);
        long rest = value;
        if (rest < 0) {
            bytes[length++] = '-';
            rest = -rest;
        }
        digits(rest, decimalLength(rest));
    }

    /** ECMAScript, section "Number::toString", radix 10. */
    private void number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw invalid(Reason.NUMBER_NOT_FINITE, "must be a finite number");
        }
        double magnitude = Math.abs(value);
        if (magnitude >= SAFE_INTEGER_END && magnitude < EXPONENT_START) {
            throw notSafe();
        }
        if (magnitude < SAFE_INTEGER_END && value == (long) value) {
            integer((long) value);
            return;
        }
        ensure(ROOM_FOR_NUMBER);
        if (value < 0) {
            bytes[length++] = '-';
        }
        decimal.of(magnitude);
        long all = decimal.digits();
        int count = decimalLength(all);
        int point = count + decimal.exponent();
        if (point > 0 && point <= 21) {
            fixed(all, count, point);
        } else if (point > -6 && point <= 0) {
            bytes[length++] = '0';
            bytes[length++] = '.';
            for (int i = point; i < 0; i++) {
                bytes[length++] = '0';
            }
            digits(all, count);
        } else {
            exponential(all, count, point - 1);
        }
    }

    /** A fraction: whole numbers in this range went another way, so the point stands among the digits. */
    private void fixed(long all, int count, int point) {
        int start = length;
        digits(all, count);
        System.arraycopy(bytes, start + point, bytes, start + point + 1, count - point);
        bytes[start + point] = '.';
        length++;
    }

    private void exponential(long all, int count, int exponent) {
        int start = length;
        digits(all, count);
        if (count > 1) {
            System.arraycopy(bytes, start + 1, bytes, start + 2, count - 1);
            bytes[start + 1] = '.';
            length++;
        }
        bytes[length++] = 'e';
        bytes[length++] = (byte) (exponent < 0 ? '-' : '+');
        int magnitude = Math.abs(exponent);
        digits(magnitude, decimalLength(magnitude));
    }

    private void digits(long value, int count) {
        long rest = value;
        for (int at = length + count - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
    }

    private static int decimalLength(long value) {
        int count = 1;
        for (long limit = 10; count < 19 && value >= limit; limit *= 10) {
            count++;
        }
        return count;
    }

    private void put(int value) {
        if (length == bytes.length) {
            ensure(1);
        }
        bytes[length++] = (byte) value;
    }

    private void ensure(int more) {
        int needed = length + more;
        if (needed > bytes.length) {
            // A little above the limit, so that the last number or escape has room before the length is judged.
            if (length > MAX_LENGTH || more > MAX_LENGTH + 2) {
                throw tooLong();
            }
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
        }
    }

    void checkLength() {
        if (length > MAX_LENGTH) {
            throw tooLong();
        }
    }

    private static InvalidEventException tooLong() {
        return new InvalidEventException(
                Reason.TOO_LONG, "", "the canonical form is longer than " + MAX_LENGTH + " bytes");
    }

    private InvalidEventException notSafe() {
        return invalid(
                Reason.NUMBER_NOT_SAFE,
                "is a number of magnitude 2^53 to below 10^21, which many JSON readers corrupt: send it as a string");
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
