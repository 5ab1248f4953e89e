package dev.firn.emulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdInputStream;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A request, read to its end and unpacked. */
final class Request {
    private final HttpExchange exchange;
    private final Map<String, String> query;
    private final byte[] body;

    private Request(HttpExchange exchange, byte[] body) {
        this.exchange = exchange;
        this.body = body;
        this.query = query(exchange.getRequestURI().getRawQuery());
    }

    static Request read(HttpExchange exchange) throws IOException {
        try (InputStream in = exchange.getRequestBody()) {
            byte[] packed = in.readAllBytes();
            return new Request(exchange, unpack(exchange.getRequestHeaders().getFirst("Content-Encoding"), packed));
        }
    }

    private static byte[] unpack(@Nullable String encoding, byte[] packed) throws IOException {
        if (encoding == null || packed.length == 0) {
            return packed;
        }
        return switch (encoding) {
            case "gzip" -> {
                try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
                    yield in.readAllBytes();
                }
            }
            case "zstd" -> unpackZstd(packed);
            default -> packed;
        };
    }

    static byte[] unpackZstd(byte[] packed) throws IOException {
        try (InputStream in = new ZstdInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }

    String method() {
        return exchange.getRequestMethod();
    }

    String path() {
        return exchange.getRequestURI().getPath();
    }

    @Nullable
    String header(String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    String parameter(String name) {
        return query.getOrDefault(name, "");
    }

    byte[] body() {
        return body;
    }

    /** @throws Refusal if it is no JSON */
    JsonNode json() {
        try {
            return body.length == 0 ? Json.object() : Json.MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new Refusal(400, "INVALID_JSON", "the body is no JSON: path=" + path());
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory are readable", e);
        }
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }
}
