package dev.firn.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads one event from one line of NDJSON, strictly: what the specification rejects is an {@link InvalidEventException}
 * with field, rule and reason, never with a value. Required attributes of known actions are not asked for.
 *
 * <p>Not thread-safe; use one for many lines. Cost: about twice the line's length in memory while it is read.
 */
public final class EventParser {
    private static final Set<String> STRING_FIELDS =
            Set.of("tenant_id", "action", "actor_id", "object_type", "object_id", "occurred_at", "source_lane");
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // A longer string, name or number fits into no canonical form.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(CanonicalWriter.MAX_LENGTH)
                    .maxNameLength(CanonicalWriter.MAX_LENGTH)
                    .maxNumberLength(CanonicalWriter.MAX_LENGTH)
                    .maxNestingDepth(2 * CanonicalWriter.MAX_DEPTH)
                    .build())
            .build();

    private final CanonicalWriter writer = new CanonicalWriter();
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private CharBuffer characters = CharBuffer.allocate(1_024);

    /** @throws InvalidEventException if the line is not an event */
    public Event parse(byte[] line, int offset, int length) {
        decode(line, offset, length);
        if (isBlank()) {
            throw new InvalidEventException(Reason.BLANK_LINE, "", "the line is blank");
        }
        try (JsonParser json =
                JSON.createParser(characters.array(), characters.arrayOffset(), characters.remaining())) {
            Event event = event(json).build(writer);
            if (json.nextToken() != null) {
                throw new InvalidEventException(
                        Reason.TRAILING_CONTENT, "", "something stands behind the object on its line");
            }
            return event;
        } catch (StreamConstraintsException e) {
            // The cause is left out: its text quotes the input.
            throw new InvalidEventException(Reason.TOO_LONG, "", "a string, name or number is too long for any event");
        } catch (IOException e) {
            throw notJson(e);
        }
    }

    /** @throws InvalidEventException if the text is not an event */
    public Event parse(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return parse(bytes, 0, bytes.length);
    }

    private static InvalidEventException notJson(IOException e) {
        if (!(e instanceof JsonProcessingException json)) {
            return new InvalidEventException(Reason.NOT_JSON, "", "the line is not JSON");
        }
        // The parser itself refuses half of a pair in a name; in a string we find it.
        if (json.getOriginalMessage().contains("surrogate")) {
            return new InvalidEventException(Reason.LONE_SURROGATE, "", "a name has half of a surrogate pair");
        }
        int column =
                json.getLocation() == null ? 1 : Math.max(1, json.getLocation().getColumnNr());
        return new InvalidEventException(Reason.NOT_JSON, "", "the line is not JSON from character " + column);
    }

    private Event.Builder event(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new InvalidEventException(Reason.NOT_AN_OBJECT, "", "the line must hold one JSON object");
        }
        Fields fields = new Fields();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_OBJECT; token = json.nextToken()) {
            String name = json.currentName();
            token = json.nextToken();
            boolean attributes = name.equals("attributes");
            String shown = InvalidEventException.shownName(name);
            if (!attributes && !STRING_FIELDS.contains(name)) {
                throw new InvalidEventException(Reason.UNKNOWN_FIELD, shown, "is not a field of an event");
            }
            if (!fields.seen.add(name)) {
                throw new InvalidEventException(Reason.DUPLICATE_KEY, shown, "stands twice");
            }
            if (token == JsonToken.VALUE_NULL) {
                throw new InvalidEventException(Reason.NULL_FIELD, shown, "must not be null: leave it out");
            }
            if (attributes) {
                if (token != JsonToken.START_OBJECT) {
                    throw new InvalidEventException(Reason.WRONG_TYPE, shown, "must be a JSON object");
                }
                fields.attributes = object(json, 1, shown);
            } else {
                if (token != JsonToken.VALUE_STRING) {
                    throw new InvalidEventException(Reason.WRONG_TYPE, shown, "must be a string");
                }
                fields.texts.put(name, json.getText());
            }
        }
        return fields.toBuilder();
    }

    private static SortedMap<String, @Nullable Object> object(JsonParser json, int depth, String where)
            throws IOException {
        checkDepth(depth, where);
        SortedMap<String, @Nullable Object> map = new TreeMap<>();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_OBJECT; token = json.nextToken()) {
            String name = json.currentName();
            token = json.nextToken();
            boolean repeated = map.containsKey(name);
            String inner = where + "." + InvalidEventException.shownName(name);
            if (repeated) {
                throw new InvalidEventException(Reason.DUPLICATE_KEY, inner, "stands twice");
            }
            map.put(name, value(json, token, depth, inner));
        }
        return map;
    }

    private static List<@Nullable Object> array(JsonParser json, int depth, String where) throws IOException {
        checkDepth(depth, where);
        List<@Nullable Object> items = new ArrayList<>();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            items.add(value(json, token, depth, where));
        }
        return items;
    }

    private static @Nullable Object value(JsonParser json, JsonToken token, int depth, String where)
            throws IOException {
        return switch (token) {
            case START_OBJECT -> object(json, depth + 1, where);
            case START_ARRAY -> array(json, depth + 1, where);
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(json.getText(), where);
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw new InvalidEventException(Reason.NOT_JSON, where, "is not JSON");
        };
    }

    private static void checkDepth(int depth, String where) {
        if (depth > CanonicalWriter.MAX_DEPTH) {
            throw new InvalidEventException(
                    Reason.TOO_DEEP, where, "is nested deeper than " + CanonicalWriter.MAX_DEPTH);
        }
    }

    /** The IEEE 754 double that the text stands for; the range is judged when the canonical form is written. */
    private static Double number(String text, String where) {
        double value = Double.parseDouble(text);
        if (value == 0 && hasNonZeroDigit(text)) {
            throw new InvalidEventException(
                    Reason.NUMBER_UNDERFLOW, where, "is too small for a double: send it as a string");
        }
        return value;
    }

    private static boolean hasNonZeroDigit(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 'e' || c == 'E') {
                return false;
            }
            if (c >= '1' && c <= '9') {
                return true;
            }
        }
        return false;
    }

    private boolean isBlank() {
        for (int i = characters.position(); i < characters.limit(); i++) {
            char c = characters.get(i);
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return false;
            }
        }
        return true;
    }

    private void decode(byte[] line, int offset, int length) {
        if (characters.capacity() < length) {
            characters = CharBuffer.allocate(Math.max(length, 2 * Math.min(characters.capacity(), 1 << 20)));
        }
        characters.clear();
        utf8.reset();
        ByteBuffer bytes = ByteBuffer.wrap(line, offset, length);
        CoderResult result = utf8.decode(bytes, characters, true);
        if (!result.isError()) {
            result = utf8.flush(characters);
        }
        if (result.isError()) {
            throw new InvalidEventException(
                    Reason.INVALID_UTF8, "", "the line is not UTF-8 from byte " + (bytes.position() - offset + 1));
        }
        characters.flip();
    }

    /** The top-level fields of one line as they come in, in any order. */
    private static final class Fields {
        final Set<String> seen = new HashSet<>();
        final Map<String, String> texts = new HashMap<>();
        SortedMap<String, @Nullable Object> attributes = new TreeMap<>();

        Event.Builder toBuilder() {
            Event.Builder builder = Event.builder(required("action"))
                    .tenant(required("tenant_id"))
                    .actor(required("actor_id"))
                    .occurredAtMicros(EventTime.parse(required("occurred_at"), "occurred_at"));
            String type = texts.get("object_type");
            String id = texts.get("object_id");
            if ((type == null) != (id == null)) {
                throw new InvalidEventException(
                        Reason.INCOMPLETE_OBJECT,
                        type == null ? "object_type" : "object_id",
                        "must be there too: object_type and object_id come both or not at all");
            }
            if (type != null && id != null) {
                builder.object(type, id);
            }
            String lane = texts.get("source_lane");
            if (lane != null) {
                builder.sourceLane(lane);
            }
            builder.attributes().putAll(attributes);
            return builder;
        }

        private String required(String field) {
            String value = texts.get(field);
            if (value == null) {
                throw new InvalidEventException(Reason.MISSING_FIELD, field, "is required");
            }
            return value;
        }
    }
}
