package dev.firn.event;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * A record set aside with its bytes, so that it can be looked at and sent again ({@code docs/events.md}).
 *
 * @param reason   why, a fixed code
 * @param field    the field that broke a rule, or empty
 * @param message  the rule, never a value
 * @param source   where it stood: the file, journal or sink
 * @param position line, row or sequence in the source, from 1
 * @param refused  which journal record a warehouse refused, or null
 */
public record DeadLetter(
        Reason reason,
        String field,
        String message,
        String source,
        long position,
        @Nullable Refused refused) {
    public static final String ACTION = "quality.dead_lettered";
    /** Up to so many bytes are one event. */
    public static final int MAX_WHOLE_BYTES = 700_000;
    /** Bytes of each part of a longer record but the last: divisible by three, so that the parts' base64 joins up. */
    public static final int PART_BYTES = 699_999;

    /** The position of a refused record in its journal. */
    public record Refused(String producerId, long sequence) {}

    public DeadLetter {
        requireNonNull(reason, "reason");
        requireNonNull(field, "field");
        requireNonNull(message, "message");
        requireNonNull(source, "source");
    }

    public static DeadLetter of(InvalidEventException why, String source, long position) {
        return new DeadLetter(why.reason(), why.field(), String.valueOf(why.getMessage()), source, position, null);
    }

    /** The events that keep the record whole: one, or several parts of a record above {@link #MAX_WHOLE_BYTES}. */
    public List<Event> toEvents(byte[] record, Instant occurredAt) {
        String hash = DigestUtils.sha256Hex(record);
        int parts = parts(record.length);
        List<Event> events = new ArrayList<>(parts);
        for (int part = 1; part <= parts; part++) {
            int from = (part - 1) * PART_BYTES;
            byte[] bytes =
                    parts == 1 ? record : Arrays.copyOfRange(record, from, Math.min(record.length, from + PART_BYTES));
            events.add(part(hash, record.length, part, parts, bytes, occurredAt));
        }
        return events;
    }

    /** How many events a record of so many bytes needs. */
    public static int parts(long sizeBytes) {
        return sizeBytes <= MAX_WHOLE_BYTES ? 1 : Math.toIntExact((sizeBytes + PART_BYTES - 1) / PART_BYTES);
    }

    /**
     * One part of a record too long to be held in memory.
     *
     * @param hash      SHA2-256 of the whole record, in hex
     * @param sizeBytes length of the whole record
     * @param part      1 to {@code parts}
     * @param bytes     the part's own bytes, {@link #PART_BYTES} but for the last
     */
    public Event part(String hash, long sizeBytes, int part, int parts, byte[] bytes, Instant occurredAt) {
        Event.Builder event = Event.builder(ACTION)
                .tenant(Event.SYSTEM_TENANT)
                .actor(Event.SYSTEM_ACTOR)
                .object("record", hash)
                .occurredAt(occurredAt)
                .attribute("reason", reason.name())
                .attribute("field", field)
                .attribute("message", message)
                .attribute("source", source)
                .attribute("position", position)
                .attribute("size_bytes", sizeBytes)
                .attribute("bytes_base64", Base64.getEncoder().encodeToString(bytes));
        if (parts > 1) {
            event.attribute("part", part).attribute("parts", parts);
        }
        if (refused != null) {
            event.attribute("producer_id", refused.producerId()).attribute("seq", refused.sequence());
        }
        return event.build();
    }
}
