package dev.firn.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLetterTest {
    private static final Instant AT = Instant.parse("2026-11-20T09:30:00Z");

    private static JsonNode attributes(Event event) throws IOException {
        return new ObjectMapper().readTree(event.canonical()).get("attributes");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "700000, 1", "700001, 2", "1399998, 2", "1399999, 3", "2100000, 4"})
    void theRecordComesBackWholeOutOfItsParts(int size, int parts) throws IOException {
        byte[] record = new byte[size];
        new SplittableRandom(size).nextBytes(record);

        List<Event> events =
                new DeadLetter(Reason.NOT_JSON, "", "the line is not JSON", "in.ndjson", 7, null).toEvents(record, AT);

        assertThat(events).hasSize(parts).allMatch(Event::isSystem);
        StringBuilder base64 = new StringBuilder();
        for (Event event : events) {
            base64.append(attributes(event).get("bytes_base64").asText());
            assertThat(event.objectId()).isEqualTo(DigestUtils.sha256Hex(record));
        }
        assertThat(Base64.getDecoder().decode(base64.toString())).isEqualTo(record);
    }

    @Test
    void aRefusedRecordNamesItsPlaceInTheJournal() throws IOException {
        DeadLetter letter =
                new DeadLetter(Reason.REFUSED, "", "refused", "duckdb", 8, new DeadLetter.Refused("p-1", 8));

        JsonNode attributes = attributes(letter.toEvents(new byte[3], AT).get(0));

        assertThat(attributes.get("producer_id").asText()).isEqualTo("p-1");
        assertThat(attributes.get("seq").asLong()).isEqualTo(8);
        assertThat(attributes.has("part")).isFalse();
    }
}
