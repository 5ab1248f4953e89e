package dev.firn.event;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a known action's attribute must look like, so that the views can read it.
 *
 * @param name     the attribute
 * @param kind     what it holds
 * @param required whether the action is meaningless without it
 * @param allowed  the values of a {@link Kind#ONE_OF}, else empty
 */
public record AttributeSpec(String name, Kind kind, boolean required, List<String> allowed) {
    private static final Pattern PLAIN_DECIMAL = Pattern.compile("-?[0-9]{1,8}(\\.[0-9]{1,10})?");
    private static final long COUNT_END = 1_000_000_000_000L;

    /** Kinds of values inside attributes, as the views read them. */
    public enum Kind {
        /** Text of any length. */
        TEXT("text"),
        /** A whole number of 1 to 12 digits. */
        COUNT("a whole number of 1 to 12 digits"),
        /** US dollars: a plain decimal below 10^8 with at most 10 digits behind the point, as text. */
        MONEY("a plain decimal below 10^8 with at most 10 digits behind the point, as text"),
        /** A finite number. */
        NUMBER("a number"),
        /** True or false. */
        FLAG("true or false"),
        /** A time that ends in Z, as text. */
        TIME("an RFC 3339 time that ends in Z, as text"),
        /** The beginning of a longer text, 200 characters at most. */
        PREVIEW("text of at most 200 characters"),
        /** One of a list of words. */
        ONE_OF("one of"),
        /** Any JSON value. */
        ANY("a value");

        private final String rule;

        Kind(String rule) {
            this.rule = rule;
        }
    }

    AttributeSpec asRequired() {
        return new AttributeSpec(name, kind, true, allowed);
    }

    /** @throws InvalidEventException if the value is absent though required, or not of this kind */
    void check(@Nullable Object value) {
        String field = "attributes." + name;
        if (value == null) {
            if (required) {
                throw new InvalidEventException(Reason.MISSING_FIELD, field, "is required");
            }
            return;
        }
        if (!fits(value)) {
            String words = kind == Kind.ONE_OF ? " " + String.join(", ", allowed) : "";
            Reason reason = kind == Kind.ONE_OF ? Reason.BAD_FORMAT : Reason.WRONG_TYPE;
            throw new InvalidEventException(reason, field, "must be " + kind.rule + words);
        }
    }

    private boolean fits(Object value) {
        return switch (kind) {
            case TEXT -> value instanceof String;
            case PREVIEW -> value instanceof String text && text.codePointCount(0, text.length()) <= 200;
            case COUNT -> isCount(value);
            case MONEY -> isMoney(value);
            case NUMBER -> value instanceof Number;
            case FLAG -> value instanceof Boolean;
            case TIME -> value instanceof Instant || value instanceof String text && isUtc(text);
            case ONE_OF -> value instanceof String text && allowed.contains(text);
            case ANY -> true;
        };
    }

    private static boolean isCount(Object value) {
        if (value instanceof Long || value instanceof Integer) {
            long number = ((Number) value).longValue();
            return number >= 0 && number < COUNT_END;
        }
        return value instanceof Double number && number >= 0 && number < COUNT_END && number == Math.rint(number);
    }

    private static boolean isMoney(Object value) {
        String text =
                value instanceof BigDecimal decimal ? decimal.toPlainString() : value instanceof String s ? s : "";
        return PLAIN_DECIMAL.matcher(text).matches();
    }

    private static boolean isUtc(String text) {
        if (!text.endsWith("Z")) {
            return false;
        }
        EventTime.parse(text, "time");
        return true;
    }

    /**
     * Reads the value from text that a person typed: a count, number or flag becomes one, anything else stays text. What
     * does not fit stays text too, for the check to name.
     */
    public Object fromText(String text) {
        try {
            return switch (kind) {
                case COUNT -> Long.valueOf(text);
                case NUMBER -> Double.valueOf(text);
                case FLAG -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? (Object) Boolean.FALSE : text;
                case TEXT, PREVIEW, MONEY, TIME, ONE_OF, ANY -> text;
            };
        } catch (NumberFormatException e) {
            return text;
        }
    }
}
