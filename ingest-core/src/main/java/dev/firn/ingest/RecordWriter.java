package dev.firn.ingest;

import com.lmax.disruptor.EventPoller;
import dev.firn.event.Event;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Turns what is in the ring into records, each position into one. One thread. Allocates nothing for a lane that it has seen. */
final class RecordWriter implements EventPoller.Handler<EventRing.Slot> {
    /** Room in the ring is given back after so many records at the latest. */
    private static final int MAX_BATCH = 256;

    private static final int MAX_KNOWN_LANES = 256;

    private final EventRing ring;
    private final RecordLog log;
    private final long firstSequence;
    private final byte[] defaultLane;
    private final Map<String, byte[]> knownLanes = new HashMap<>();
    private final byte[] canonical = new byte[Event.MAX_CANONICAL_LENGTH];
    private int batch;

    /** @param firstSequence the sequence of position 0 */
    RecordWriter(EventRing ring, RecordLog log, long firstSequence, String defaultLane) {
        this.ring = ring;
        this.log = log;
        this.firstSequence = firstSequence;
        this.defaultLane = defaultLane.getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes what is there, at most a batch; true if there was anything. */
    boolean doWork() throws Exception {
        batch = 0;
        return ring.poll(this);
    }

    @Override
    public boolean onEvent(EventRing.Slot slot, long position, boolean endOfBatch) {
        Event event = slot.event;
        if (event != null) {
            // Else the ring keeps it from the garbage collector until the slot's next turn.
            slot.event = null;
            append(event, slot.receivedAtMicros, firstSequence + position);
        }
        return ++batch < MAX_BATCH;
    }

    private void append(Event event, long receivedAtMicros, long expected) {
        byte[] lane = lane(event);
        event.copyCanonicalTo(canonical, 0);
        long sequence = log.append(receivedAtMicros, lane, lane.length, canonical, event.canonicalLength());
        if (sequence != expected) {
            throw new IllegalStateException(
                    "record has another sequence than emit returned: expected=" + expected + " found=" + sequence);
        }
    }

    private byte[] lane(Event event) {
        String name = event.sourceLane();
        if (name == null) {
            return defaultLane;
        }
        byte[] known = knownLanes.get(name);
        if (known == null) {
            known = name.getBytes(StandardCharsets.US_ASCII);
            if (knownLanes.size() < MAX_KNOWN_LANES) {
                knownLanes.put(name, known);
            }
        }
        return known;
    }
}
