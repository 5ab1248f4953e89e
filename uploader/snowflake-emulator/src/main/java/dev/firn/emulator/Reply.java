package dev.firn.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What is answered. */
record Reply(int http, String contentType, byte[] body, Map<String, String> headers) {
    static Reply json(int http, JsonNode body) {
        return new Reply(http, "application/json", body.toString().getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Reply ok(JsonNode body) {
        return json(200, body);
    }

    static Reply text(String body) {
        return new Reply(200, "text/plain", body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Reply empty(Map<String, String> headers) {
        return new Reply(200, "text/plain", new byte[0], headers);
    }
}
