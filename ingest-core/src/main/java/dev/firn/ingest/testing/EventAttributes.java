package dev.firn.ingest.testing;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.firn.event.CanonicalReader;
import dev.firn.event.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an event's attributes say, read out of its canonical form. For tests: it parses anew at each call. */
public final class EventAttributes {
    private static final JsonFactory JSON = new JsonFactory();

    private EventAttributes() {}

    /**
     * The attributes by name. Values are as the warehouse gets them: {@code String}, {@code Boolean}, {@code Long} for whole numbers,
     * {@code Double} for others, {@code List}, {@code SortedMap} or null; what was a {@code BigDecimal} or an {@code Instant} is a
     * {@code String}.
     */
    public static SortedMap<String, @Nullable Object> of(Event event) {
        byte[] canonical = new byte[requireNonNull(event, "event").canonicalLength()];
        event.copyCanonicalTo(canonical, 0);
        String attributes =
                new CanonicalReader().read(canonical, 0, canonical.length).attributes();
        try (JsonParser json = JSON.createParser(attributes)) {
            json.nextToken();
            return object(json);
        } catch (IOException e) {
            // An event's canonical form is JSON. The cause is left out, since its text quotes content.
            throw new IllegalStateException("attributes not read: event=" + event + " failure=" + e.getClass());
        }
    }

    private static SortedMap<String, @Nullable Object> object(JsonParser json) throws IOException {
        SortedMap<String, @Nullable Object> map = new TreeMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            map.put(name, value(json, json.nextToken()));
        }
        return map;
    }

    private static List<@Nullable Object> array(JsonParser json) throws IOException {
        List<@Nullable Object> items = new ArrayList<>();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            items.add(value(json, token));
        }
        return items;
    }

    private static @Nullable Object value(JsonParser json, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> array(json);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(json);
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> json.getText();
        };
    }

    /** Beyond 2^53 the canonical form has whole numbers only from 10^21 on, with an exponent. */
    private static Object number(JsonParser json) throws IOException {
        double value = json.getDoubleValue();
        return value == Math.rint(value) && Math.abs(value) < 0x1p53 ? (Object) (long) value : (Object) value;
    }
}
