package dev.firn.ingest;

import com.lmax.disruptor.EventPoller;
import dev.firn.event.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns what is in the ring into records, each position into one; and puts the client's own events into the ring. One thread. Allocates
 * nothing for a lane that it has seen.
 */
final class RecordWriter {
    /** Room in the ring is given back after so many records at the latest. */
    private static final int MAX_BATCH = 256;

    private static final int MAX_KNOWN_LANES = 256;
    /** While events are dropped all the time, each report tells of so much of it. */
    private static final long REPORT_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final EventRing ring;
    private final EventPoller.Handler<EventRing.Slot> handler;
    private final RecordLog log;
    private final DiskRoom room;
    private final DroppedEvents dropped;
    private final LongSupplier clock;
    private final long firstSequence;
    private final byte[] defaultLane;
    private final Map<String, byte[]> knownLanes = new HashMap<>();
    private final byte[] canonical = new byte[Event.MAX_CANONICAL_LENGTH];
    private final Deque<Event> ownEvents = new ArrayDeque<>();
    private long reportedAtNs = System.nanoTime() - REPORT_INTERVAL_NS;
    private int batch;
    private boolean holding;

    /** @param firstSequence the sequence of position 0 */
    RecordWriter(
            EventRing ring,
            RecordLog log,
            DiskRoom room,
            DroppedEvents dropped,
            LongSupplier clock,
            long firstSequence,
            String defaultLane) {
        this.ring = ring;
        this.handler = ring.handler(this::accept);
        this.log = log;
        this.room = room;
        this.dropped = dropped;
        this.clock = clock;
        this.firstSequence = firstSequence;
        this.defaultLane = defaultLane.getBytes(StandardCharsets.US_ASCII);
    }

    /** These go into the ring as soon as there is room. */
    void addOwn(Collection<Event> events) {
        ownEvents.addAll(events);
    }

    /** Writes what is there, at most a batch, and nothing while the disk has no room; how many positions that were. */
    int doWork() throws Exception {
        batch = 0;
        // Before the rest: in a ring that is always full there is room only after a batch.
        offerOwn();
        // First what a full disk kept back.
        if (publish() && room.admitsOne()) {
            ring.poll(handler);
            publish();
        }
        return batch;
    }

    private boolean publish() {
        holding = !log.publish();
        return !holding;
    }

    /** Whether there are records that are no longer in the ring and not yet in the log, for want of room on the disk. */
    boolean isHolding() {
        return holding;
    }

    private void offerOwn() {
        if (dropped.isPending()
                && !ring.isFull()
                && !room.isLow()
                && System.nanoTime() - reportedAtNs >= REPORT_INTERVAL_NS) {
            reportedAtNs = System.nanoTime();
            ownEvents.add(dropped.takeReport());
        }
        while (!ownEvents.isEmpty() && ring.offer(ownEvents.element(), null, clock.getAsLong()) >= 0) {
            ownEvents.remove();
        }
    }

    /** Appends the own events for which the ring was closed too early, behind its end; how many those were. */
    int writeRest() {
        if (dropped.isPending()) {
            ownEvents.add(dropped.takeReport());
        }
        int count = 0;
        while (!ownEvents.isEmpty() && room.admitsOne() && publish()) {
            write(ownEvents.remove(), clock.getAsLong());
            count++;
        }
        publish();
        return count;
    }

    private boolean accept(EventRing.Slot slot, long position) {
        Event event = slot.event;
        long sequence;
        if (event != null) {
            sequence = write(event, slot.receivedAtMicros);
        } else if (slot.length > 0) {
            sequence = write(slot.bytes(), slot.length, lane(slot.sourceLane), slot.receivedAtMicros);
        } else if (position <= ring.lastPosition()) {
            // Its producer failed between its claim and its publication, and has heard of it.
            sequence = write(dropped.reportOne("producer failed"), clock.getAsLong());
        } else {
            sequence = firstSequence + position;
        }
        if (sequence != firstSequence + position) {
            throw new IllegalStateException("record has another sequence than emit returned: expected="
                    + (firstSequence + position) + " found=" + sequence);
        }
        return ++batch < MAX_BATCH && !log.isFull() && room.admitsOne();
    }

    private long write(Event event, long receivedAtMicros) {
        event.copyCanonicalTo(canonical, 0);
        return write(canonical, event.canonicalLength(), lane(event.sourceLane()), receivedAtMicros);
    }

    private long write(byte[] bytes, int length, byte[] lane, long receivedAtMicros) {
        long sequence = log.add(receivedAtMicros, lane, lane.length, bytes, length);
        room.written(length);
        return sequence;
    }

    private byte[] lane(@Nullable String name) {
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
