package dev.firn.cli.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.firn.event.InvalidEventException;
import dev.firn.event.Reason;
import java.io.IOException;

/** Strict reading of JSON: one value, no key twice, numbers exactly as they stand. */
final class JsonRows {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Records.MAX_RECORD_BYTES)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private JsonRows() {}

    /** @throws InvalidEventException if the line is not one JSON value */
    static JsonNode line(byte[] bytes, int length) {
        String text = Utf8.decode(bytes, length);
        if (text.isBlank()) {
            throw new InvalidEventException(Reason.BLANK_LINE, "", "the line is blank");
        }
        return value(text, "");
    }

    /** @throws InvalidEventException if the text is not one JSON value; its message has no part of the text */
    static JsonNode value(String text, String field) {
        try (JsonParser parser = MAPPER.createParser(text)) {
            JsonNode json = MAPPER.readTree(parser);
            if (json == null) {
                throw new InvalidEventException(Reason.NOT_JSON, field, "is blank, not JSON");
            }
            if (parser.nextToken() != null) {
                throw new InvalidEventException(
                        Reason.TRAILING_CONTENT, field, "something stands behind the JSON value");
            }
            return json;
        } catch (StreamConstraintsException e) {
            throw new InvalidEventException(
                    Reason.TOO_LONG, field, "a name or number is too long, or the nesting too deep");
        } catch (IOException e) {
            throw notJson(e, field);
        }
    }

    /** The cause is left out: its text quotes the input. */
    private static InvalidEventException notJson(IOException e, String field) {
        if (e instanceof JsonProcessingException json) {
            if (json.getOriginalMessage().startsWith("Duplicate field")) {
                return new InvalidEventException(Reason.DUPLICATE_KEY, field, "a key stands twice in one object");
            }
            if (json.getLocation() != null) {
                return new InvalidEventException(
                        Reason.NOT_JSON,
                        field,
                        "is not JSON from character "
                                + Math.max(1, json.getLocation().getColumnNr()) + " of line "
                                + json.getLocation().getLineNr());
            }
        }
        return new InvalidEventException(Reason.NOT_JSON, field, "is not JSON");
    }
}
