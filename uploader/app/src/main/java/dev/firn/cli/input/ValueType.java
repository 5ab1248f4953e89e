package dev.firn.cli.input;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firn.event.InvalidEventException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code type} of a value: what is accepted, and what the event gets. */
enum ValueType {
    STRING,
    INTEGER,
    NUMBER,
    DECIMAL,
    BOOLEAN,
    JSON;

    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern PLAIN = Pattern.compile("-?[0-9]{1,1000}(\\.[0-9]{1,1000})?");
    private static final Pattern FLOATING = Pattern.compile("-?[0-9]{1,1000}(\\.[0-9]{1,1000})?([eE][+-]?[0-9]{1,5})?");

    static Optional<ValueType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.shown().equals(name)).findFirst();
    }

    String shown() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param found a text or a value of JSON
     * @throws InvalidEventException if it is not of this type
     */
    @Nullable
    Object convert(Object found, String field) {
        if (this == JSON) {
            return Values.ofJson(found instanceof String text ? JsonRows.value(text, field) : (JsonNode) found, field);
        }
        String text = Values.text(found, field);
        return switch (this) {
            case STRING, JSON -> text;
            case INTEGER -> {
                String whole = found instanceof JsonNode json && json.isNumber() ? withoutZeroFraction(text) : text;
                yield Long.valueOf(matching(WHOLE, whole, field, "must be a whole number of at most 18 digits"));
            }
            case NUMBER ->
                Values.number(
                        new BigDecimal(matching(FLOATING, text, field, "must be a number, such as -1.5e3")), field);
            case DECIMAL -> matching(PLAIN, text, field, "must be a plain decimal, such as 12.50");
            case BOOLEAN -> {
                if (!text.equals("true") && !text.equals("false")) {
                    throw Values.unmapped(field, "must be true or false: give it a map for other words");
                }
                yield text.equals("true");
            }
        };
    }

    /** In JSON, 5.0 is the number 5. */
    private static String withoutZeroFraction(String plain) {
        int point = plain.indexOf('.');
        boolean zeros = point >= 0 && plain.chars().skip(point + 1L).allMatch(c -> c == '0');
        return zeros ? plain.substring(0, point) : plain;
    }

    private static String matching(Pattern pattern, String text, String field, String rule) {
        if (!pattern.matcher(text).matches()) {
            throw Values.unmapped(field, rule);
        }
        return text;
    }
}
