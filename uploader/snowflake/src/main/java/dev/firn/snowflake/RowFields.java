package dev.firn.snowflake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row as Snowflake's streaming libraries take it: values by the names of the columns. */
public final class RowFields {
    private static final JsonFactory JSON = new JsonFactory();
    private static final long MICROS = 1_000_000;
    private static final int NANOS_IN_MICRO = 1_000;
    private static final int COLUMNS = 13;
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT);

    private RowFields() {}

    /**
     * Checks what Snowflake does not check at arrival: a payload that is no JSON object would be stored, and stop
     * the refresh of {@code ACTIVITY.EVENTS} for all.
     *
     * @throws SinkException with {@link SinkException.Remedy#DEAD_LETTER}
     */
    public static void check(SinkRow row) {
        try (JsonParser parser = JSON.createParser(row.payload())) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                parser.skipChildren();
                if (parser.nextToken() == null) {
                    return;
                }
            }
        } catch (IOException e) {
            throw refused(row, e);
        }
        throw refused(row, null);
    }

    private static SinkException refused(SinkRow row, @Nullable IOException e) {
        // Not as the cause: parsers quote what they read.
        return new SinkException(
                SinkException.Remedy.DEAD_LETTER,
                "the payload is no JSON object: " + row
                        + (e == null ? "" : " error=" + e.getClass().getSimpleName()),
                null);
    }

    /** With times as texts, for a library that would write them down in its own way. */
    public static Map<String, Object> withTexts(SinkRow row) {
        LocalDateTime occurredAt = time(row.occurredAtMicros());
        return of(
                row,
                DATE.format(occurredAt),
                TIMESTAMP.format(occurredAt),
                TIMESTAMP.format(time(row.receivedAtMicros())));
    }

    /** With times as {@code java.time} has them, in UTC, for a library that would only take texts apart again. */
    public static Map<String, Object> withTimes(SinkRow row) {
        LocalDateTime occurredAt = time(row.occurredAtMicros());
        return of(row, occurredAt.toLocalDate(), occurredAt, time(row.receivedAtMicros()));
    }

    private static Map<String, Object> of(SinkRow row, Object occurredDate, Object occurredAt, Object receivedAt) {
        Map<String, Object> fields = new HashMap<>(2 * COLUMNS);
        fields.put("EVENT_ID", row.eventId());
        fields.put("OCCURRED_DATE", occurredDate);
        fields.put("OCCURRED_AT", occurredAt);
        fields.put("TENANT_ID", row.tenantId());
        fields.put("ACTION", row.action());
        fields.put("ACTOR_ID", row.actorId());
        String objectType = row.objectType();
        String objectId = row.objectId();
        if (objectType != null && objectId != null) {
            fields.put("OBJECT_TYPE", objectType);
            fields.put("OBJECT_ID", objectId);
        }
        fields.put("PAYLOAD", new String(row.payload(), StandardCharsets.UTF_8));
        fields.put("_SOURCE_LANE", row.sourceLane());
        fields.put("_RECV_AT", receivedAt);
        fields.put("_PRODUCER_ID", row.producerId());
        fields.put("_SEQ", row.sequence());
        return fields;
    }

    private static LocalDateTime time(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS), (int) Math.floorMod(micros, MICROS) * NANOS_IN_MICRO, ZoneOffset.UTC);
    }
}
