package dev.firn.benchmarks.sink;

import dev.firn.upload.SinkRow;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** A row as one would hand it to a library without Firn: nothing is checked. */
final class BareRow {
    private static final int COLUMNS = 13;
    private static final long MICROS = 1_000_000;
    private static final int NANOS_IN_MICRO = 1_000;

    private BareRow() {}

    static LocalDateTime time(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS), (int) Math.floorMod(micros, MICROS) * NANOS_IN_MICRO, ZoneOffset.UTC);
    }

    /** The times are as the library takes them most cheaply. */
    static Map<String, Object> fields(SinkRow row, Object occurredDate, Object occurredAt, Object receivedAt) {
        Map<String, Object> fields = new HashMap<>(2 * COLUMNS);
        fields.put("EVENT_ID", row.eventId());
        fields.put("OCCURRED_DATE", occurredDate);
        fields.put("OCCURRED_AT", occurredAt);
        fields.put("TENANT_ID", row.tenantId());
        fields.put("ACTION", row.action());
        fields.put("ACTOR_ID", row.actorId());
        if (row.objectType() != null) {
            fields.put("OBJECT_TYPE", row.objectType());
            fields.put("OBJECT_ID", row.objectId());
        }
        fields.put("PAYLOAD", new String(row.payload(), StandardCharsets.UTF_8));
        fields.put("_SOURCE_LANE", row.sourceLane());
        fields.put("_RECV_AT", receivedAt);
        fields.put("_PRODUCER_ID", row.producerId());
        fields.put("_SEQ", row.sequence());
        return fields;
    }
}
