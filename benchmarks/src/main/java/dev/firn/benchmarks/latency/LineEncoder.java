package dev.firn.benchmarks.latency;

import dev.firn.event.ContentId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * What the alternatives write: {@code {"event_id":"…","event":{…}}} and a line feed, the event in its canonical form. It is as cheap as an
 * application would make it for this one action by hand, and cheaper than Firn: no rule is checked, all that is constant is joined, one
 * buffer is used again and again. One thread.
 */
final class LineEncoder {
    private static final byte[] BEFORE_ID = ascii("{\"event_id\":\"");
    private static final byte[] BEFORE_EVENT = ascii("\",\"event\":");
    private static final byte[] AFTER_EVENT = ascii("}\n");
    private static final int ID_LENGTH = 2 * ContentId.HASH_LENGTH;

    /** Where the canonical form begins. */
    static final int CANONICAL_OFFSET = BEFORE_ID.length + ID_LENGTH + BEFORE_EVENT.length;

    private static final byte[] ACTOR = ascii("{\"action\":\"" + ChatMessage.ACTION + "\",\"actor_id\":\"");
    private static final byte[] MESSAGE_ID = ascii("\",\"attributes\":{\"message_id\":\"");
    private static final byte[] ROLE = ascii("\",\"role\":\"");
    private static final byte[] TEXT = ascii("\",\"text\":\"");
    private static final byte[] TOKENS = ascii("\",\"tokens\":");
    private static final byte[] OBJECT_ID = ascii("},\"object_id\":\"");
    private static final byte[] OCCURRED_AT =
            ascii("\",\"object_type\":\"" + ChatMessage.OBJECT_TYPE + "\",\"occurred_at\":\"");
    private static final byte[] TENANT = ascii("\",\"tenant_id\":\"");
    private static final byte[] END = ascii("\",\"v\":3}");

    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final DateTimeFormatter TO_THE_MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:").withZone(ZoneOffset.UTC);
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int LONGEST_LINE = 64 << 10;

    private final byte[] line = new byte[LONGEST_LINE];
    private final byte[] hash = new byte[ContentId.HASH_LENGTH];
    private final ContentId contentId = new ContentId();
    private long minute = Long.MIN_VALUE;
    private byte[] minuteText = new byte[0];
    private int at;

    LineEncoder() {
        System.arraycopy(BEFORE_ID, 0, line, 0, BEFORE_ID.length);
        System.arraycopy(BEFORE_EVENT, 0, line, BEFORE_ID.length + ID_LENGTH, BEFORE_EVENT.length);
    }

    /** Bytes of the whole line with a canonical form of this length. */
    static int lineLength(int canonicalLength) {
        return CANONICAL_OFFSET + canonicalLength + AFTER_EVENT.length;
    }

    /** Holds what was encoded last, from the start, the canonical form from {@link #CANONICAL_OFFSET} on. */
    byte[] buffer() {
        return line;
    }

    /** Encodes the whole line, hash included; returns its length. */
    int line(ChatMessage message) {
        return line(canonical(message));
    }

    /** Makes a line of a canonical form that is in the buffer; returns the line's length. */
    int line(int canonicalLength) {
        contentId.hash(line, CANONICAL_OFFSET, canonicalLength, hash, 0);
        at = BEFORE_ID.length;
        for (byte b : hash) {
            line[at++] = HEX[b >> 4 & 0xf];
            line[at++] = HEX[b & 0xf];
        }
        at = CANONICAL_OFFSET + canonicalLength;
        put(AFTER_EVENT);
        return at;
    }

    /** Encodes the canonical form alone; returns its length. */
    int canonical(ChatMessage message) {
        at = CANONICAL_OFFSET;
        put(ACTOR);
        put(message.actorId());
        put(MESSAGE_ID);
        put(message.messageId());
        put(ROLE);
        put(message.role());
        put(TEXT);
        put(message.text());
        put(TOKENS);
        put(message.tokens());
        put(OBJECT_ID);
        put(message.conversationId());
        put(OCCURRED_AT);
        put(message.occurredAt());
        put(TENANT);
        put(message.tenantId());
        put(END);
        return at - CANONICAL_OFFSET;
    }

    private void put(byte[] constant) {
        System.arraycopy(constant, 0, line, at, constant.length);
        at += constant.length;
    }

    private void put(String text) {
        int to = at;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                throw new IllegalArgumentException(
                        "the harness has plain text only: index=" + i + " length=" + text.length());
            }
            line[to++] = (byte) c;
        }
        at = to;
    }

    private void put(long number) {
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        for (int i = at + digits - 1; i >= at; i--) {
            line[i] = (byte) ('0' + number % 10);
            number /= 10;
        }
        at += digits;
    }

    private void put(Instant moment) {
        long seconds = moment.getEpochSecond();
        if (seconds / SECONDS_PER_MINUTE != minute) {
            minute = seconds / SECONDS_PER_MINUTE;
            minuteText = ascii(TO_THE_MINUTE.format(moment));
        }
        put(minuteText);
        int second = (int) (seconds - minute * SECONDS_PER_MINUTE);
        int micros = moment.getNano() / 1_000;
        pair(second);
        line[at++] = '.';
        pair(micros / 10_000);
        pair(micros / 100 % 100);
        pair(micros % 100);
        line[at++] = 'Z';
    }

    private void pair(int value) {
        line[at++] = (byte) ('0' + value / 10);
        line[at++] = (byte) ('0' + value % 10);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
