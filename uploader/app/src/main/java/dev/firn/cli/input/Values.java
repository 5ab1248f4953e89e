package dev.firn.cli.input;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firn.event.InvalidEventException;
import dev.firn.event.Reason;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was found in a row, as values of an event. */
final class Values {
    /** A longer number, written out in full, is no amount of anything. */
    private static final int MAX_PLAIN_DIGITS = 1_000;

    private Values() {}

    /** @throws InvalidEventException if it is an object or an array */
    static String text(Object found, String field) {
        if (found instanceof String text) {
            return text;
        }
        JsonNode json = (JsonNode) found;
        if (json.isContainerNode()) {
            throw unmapped(field, "is an object or an array where a text is needed: give it the type json");
        }
        return json.isNumber() ? plain(json.decimalValue(), field) : json.asText();
    }

    private static String plain(BigDecimal number, String field) {
        if (Math.abs((long) number.scale()) > MAX_PLAIN_DIGITS) {
            throw unmapped(field, "is a number with too many digits");
        }
        return number.toPlainString();
    }

    /** The value of JSON in the types that an event takes; a number is the double that it stands for. */
    static @Nullable Object ofJson(JsonNode json, String field) {
        if (json.isObject()) {
            Map<String, @Nullable Object> map = new TreeMap<>();
            for (Map.Entry<String, JsonNode> member : json.properties()) {
                map.put(member.getKey(), ofJson(member.getValue(), field));
            }
            return map;
        }
        if (json.isArray()) {
            List<@Nullable Object> items = new ArrayList<>();
            for (Iterator<JsonNode> all = json.elements(); all.hasNext(); ) {
                items.add(ofJson(all.next(), field));
            }
            return items;
        }
        if (json.isNull()) {
            return null;
        }
        if (json.isBoolean()) {
            return json.booleanValue();
        }
        return json.isNumber() ? (Object) number(json.decimalValue(), field) : json.textValue();
    }

    /** Range and safety are judged when the event is built. */
    static Double number(BigDecimal exact, String field) {
        double value = exact.doubleValue();
        if (value == 0 && exact.signum() != 0) {
            throw new InvalidEventException(
                    Reason.NUMBER_UNDERFLOW, field, "is too small for a double: give it the type decimal");
        }
        return value;
    }

    static InvalidEventException unmapped(String field, String rule) {
        return new InvalidEventException(Reason.UNMAPPED, field, rule);
    }
}
