package dev.firn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
