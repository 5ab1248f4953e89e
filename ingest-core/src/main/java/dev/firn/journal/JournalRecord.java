package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One verified record, valid during {@link RecordHandler#onRecord}: the same object comes again with the next record. Reading it allocates
 * nothing but what {@link #eventId} and {@link #canonical} return.
 */
public final class JournalRecord {
    /** More lanes than a producer has; the rest cost a string each. */
    private static final int MAX_CACHED_LANES = 64;

    private final byte[] record;
    private final List<CachedLane> lanes = new ArrayList<>();

    private record CachedLane(byte[] bytes, String name) {}

    JournalRecord(byte[] record) {
        this.record = record;
    }

    public long sequence() {
        return RecordLayout.sequence(record);
    }

    /** When the client took the event, in microseconds since 1970-01-01T00:00Z. */
    public long receivedAtMicros() {
        return RecordLayout.receivedAtMicros(record);
    }

    /** Where the event came in, 1 to 32 ASCII characters. The same lane gives the same instance. */
    public String lane() {
        int from = RecordLayout.HEADER_BYTES;
        int to = RecordLayout.canonicalOffset(record);
        for (int i = 0; i < lanes.size(); i++) {
            CachedLane lane = lanes.get(i);
            if (Arrays.equals(lane.bytes(), 0, lane.bytes().length, record, from, to)) {
                return lane.name();
            }
        }
        String name = new String(record, from, to - from, StandardCharsets.US_ASCII);
        if (lanes.size() < MAX_CACHED_LANES) {
            lanes.add(new CachedLane(Arrays.copyOfRange(record, from, to), name));
        }
        return name;
    }

    /** The event's content ID: SHA-256 of its canonical bytes, 64 lower-case hex digits. */
    public String eventId() {
        return Hex.encode(record, RecordLayout.HASH_OFFSET, RecordLayout.HASH_BYTES);
    }

    /** Copies the 32 raw bytes of the content ID. */
    public void copyHashTo(byte[] target, int offset) {
        requireNonNull(target, "target");
        System.arraycopy(record, RecordLayout.HASH_OFFSET, target, offset, RecordLayout.HASH_BYTES);
    }

    /** Holds the canonical bytes, from {@link #canonicalOffset} on, {@link #canonicalLength} of them. For reading only. */
    public byte[] buffer() {
        return record;
    }

    public int canonicalOffset() {
        return RecordLayout.canonicalOffset(record);
    }

    /** 1 to 1,000,000 bytes. */
    public int canonicalLength() {
        return RecordLayout.canonicalLength(record);
    }

    /** A copy of the canonical bytes. */
    public byte[] canonical() {
        int offset = canonicalOffset();
        return Arrays.copyOfRange(record, offset, offset + canonicalLength());
    }
}
