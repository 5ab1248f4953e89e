package dev.firn.event;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the top-level fields back out of canonical bytes, without a JSON parser: the canonical form has a fixed order of
 * keys and no white space, so one pass over the bytes finds them.
 *
 * <p>A flyweight: {@link #read} sets all fields anew. Not thread-safe. The bytes must be a canonical form, as those of a
 * record whose hash was verified are; other bytes are an {@link IllegalArgumentException} with a position.
 */
public final class CanonicalReader {
    private byte[] bytes = new byte[0];
    private int start;
    private int at;
    private int end;

    private String action = "";
    private String actorId = "";
    private @Nullable String objectId;
    private @Nullable String objectType;
    private long occurredAtMicros;
    private String tenantId = "";
    private int attributesStart;
    private int attributesLength;

    public CanonicalReader read(byte[] canonical, int offset, int length) {
        bytes = canonical;
        start = offset;
        at = offset;
        end = offset + length;
        literal("{\"action\":");
        action = string();
        literal(",\"actor_id\":");
        actorId = string();
        literal(",\"attributes\":");
        attributesStart = at;
        skipObject();
        attributesLength = at - attributesStart;
        objectId = null;
        objectType = null;
        if (startsWith(",\"object_id\":")) {
            literal(",\"object_id\":");
            objectId = string();
            literal(",\"object_type\":");
            objectType = string();
        }
        literal(",\"occurred_at\":");
        occurredAtMicros = EventTime.parse(string(), "occurred_at");
        literal(",\"tenant_id\":");
        tenantId = string();
        literal(",\"v\":3}");
        if (at != end) {
            throw notCanonical();
        }
        return this;
    }

    public String action() {
        return action;
    }

    public String actorId() {
        return actorId;
    }

    public @Nullable String objectId() {
        return objectId;
    }

    public @Nullable String objectType() {
        return objectType;
    }

    /** Microseconds since 1970-01-01 UTC. */
    public long occurredAtMicros() {
        return occurredAtMicros;
    }

    public String tenantId() {
        return tenantId;
    }

    /** The attributes as JSON text: content, not for logs. */
    public String attributes() {
        return new String(bytes, attributesStart, attributesLength, StandardCharsets.UTF_8);
    }

    private boolean startsWith(String ascii) {
        if (end - at < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (bytes[at + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void literal(String ascii) {
        if (!startsWith(ascii)) {
            throw notCanonical();
        }
        at += ascii.length();
    }

    private String string() {
        expect('"');
        int first = at;
        boolean escaped = skipString();
        int length = at - 1 - first;
        return escaped ? unescaped(first, length) : new String(bytes, first, length, StandardCharsets.UTF_8);
    }

    /** Leaves {@code at} behind the closing quote; tells whether there were escapes. */
    private boolean skipString() {
        boolean escaped = false;
        while (at < end) {
            byte b = bytes[at++];
            if (b == '"') {
                return escaped;
            }
            if (b == '\\') {
                escaped = true;
                at++;
            }
        }
        throw notCanonical();
    }

    private void skipObject() {
        expect('{');
        int depth = 1;
        while (depth > 0) {
            if (at >= end) {
                throw notCanonical();
            }
            switch (bytes[at++]) {
                case '"' -> skipString();
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {
                    // numbers, literals and punctuation
                }
            }
        }
    }

    private String unescaped(int first, int length) {
        String text = new String(bytes, first, length, StandardCharsets.UTF_8);
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char kind = text.charAt(++i);
            switch (kind) {
                case 'b' -> plain.append('\b');
                case 't' -> plain.append('\t');
                case 'n' -> plain.append('\n');
                case 'f' -> plain.append('\f');
                case 'r' -> plain.append('\r');
                case 'u' -> {
                    plain.append((char) Integer.parseInt(text, i + 1, i + 5, 16));
                    i += 4;
                }
                default -> plain.append(kind);
            }
        }
        return plain.toString();
    }

    private void expect(char c) {
        if (at >= end || bytes[at] != c) {
            throw notCanonical();
        }
        at++;
    }

    private IllegalArgumentException notCanonical() {
        return new IllegalArgumentException(
                "not a canonical event: position=" + (at - start) + " length=" + (end - start));
    }
}
