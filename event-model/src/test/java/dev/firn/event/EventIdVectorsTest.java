package dev.firn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The published vectors, made with another language's JSON and SHA-256; and one that is always here. */
class EventIdVectorsTest {
    private static final Path VECTORS = Path.of(System.getProperty("firn.shared"), "design", "event-id-vectors.ndjson");

    @Test
    void everyVectorHasItsCanonicalFormAndBothIds() throws IOException {
        assumeTrue(Files.exists(VECTORS), "the published test vectors are not here: " + VECTORS);
        List<String> lines = Files.readAllLines(VECTORS);
        assertThat(lines).isNotEmpty();
        for (String line : lines) {
            JsonNode vector = new ObjectMapper().readTree(line);
            Event event = new EventParser().parse(vector.get("event").toString());
            long receivedAt = EventTime.parse(vector.get("recv_at").asText(), "recv_at");

            assertThat(event.canonical()).isEqualTo(vector.get("canonical").asText());
            assertThat(event.eventId()).isEqualTo(vector.get("event_id").asText());
            assertThat(LegacyEventId.v2(event, vector.get("source_lane").asText(), receivedAt))
                    .isEqualTo(vector.get("event_id_v2").asText());
        }
    }

    @Test
    void everyVectorIsEncodedToItsCanonicalForm() throws IOException {
        assumeTrue(Files.exists(VECTORS), "the published test vectors are not here: " + VECTORS);
        EventEncoder encoder = new EventEncoder();
        for (String line : Files.readAllLines(VECTORS)) {
            JsonNode vector = new ObjectMapper().readTree(line);
            JsonNode event = vector.get("event");
            encoder.begin(event.get("action").asText())
                    .tenant(event.get("tenant_id").asText())
                    .actor(event.get("actor_id").asText())
                    .occurredAtMicros(EventTime.parse(event.get("occurred_at").asText(), "occurred_at"));
            if (event.has("object_type")) {
                encoder.object(
                        event.get("object_type").asText(),
                        event.get("object_id").asText());
            }
            event.path("attributes")
                    .properties()
                    .forEach(attribute -> encoder.attribute(attribute.getKey(), value(attribute.getValue())));

            assertThat(encoder.encode(0)).isTrue();
            assertThat(new String(encoder.bytes(), 0, encoder.length(), StandardCharsets.UTF_8))
                    .isEqualTo(vector.get("canonical").asText());
            assertThat(encoder.toEvent().eventId())
                    .isEqualTo(vector.get("event_id").asText());
        }
    }

    private static @Nullable Object value(JsonNode json) {
        if (json.isObject()) {
            Map<String, @Nullable Object> map = new HashMap<>();
            json.properties().forEach(entry -> map.put(entry.getKey(), value(entry.getValue())));
            return map;
        }
        if (json.isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            json.forEach(item -> list.add(value(item)));
            return list;
        }
        if (json.isNumber()) {
            return json.doubleValue();
        }
        return json.isBoolean() ? (Object) json.booleanValue() : json.isNull() ? null : json.textValue();
    }

    @Test
    void theSimplestEventHasTheIdThatOtherToolsCompute() {
        Event event = new EventParser()
                .parse(
                        "{\"tenant_id\":\"T1\",\"action\":\"a.b\",\"actor_id\":\"x\",\"occurred_at\":\"2026-01-02T03:04:05Z\"}");

        assertThat(event.canonical())
                .isEqualTo("{\"action\":\"a.b\",\"actor_id\":\"x\",\"attributes\":{},"
                        + "\"occurred_at\":\"2026-01-02T03:04:05.000000Z\",\"tenant_id\":\"T1\",\"v\":3}");
        assertThat(event.eventId()).isEqualTo("9fe6980ff13a35b17099f933eeb72d4bbd38c9320c62bde9ee87cdd53a68b53e");
    }
}
