package dev.firn.ingest;

import com.lmax.disruptor.EventPoller;
import dev.firn.event.Event;
import dev.firn.event.EventEncoder;
import dev.firn.journal.ProducerId;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a few threads do at once with what the client's threads share, and what must hold whatever the order of their steps. */
final class Interleavings {
    /** Begins the message of everything that did not hold. */
    static final String BROKEN = "broken promise: ";

    private Interleavings() {}

    private static void promise(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(BROKEN + what);
        }
    }

    /** What one of the threads does. What it throws is thrown on, where it is waited for: Lincheck looks at the main thread only. */
    private abstract static class Actor implements Runnable {
        private final Thread thread = new Thread(this);
        private volatile @Nullable Throwable failure;

        abstract void act();

        @Override
        public final void run() {
            try {
                act();
            } catch (RuntimeException | AssertionError e) {
                failure = e;
            }
        }

        void start() {
            thread.start();
        }

        void join() {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Throwable thrown = failure;
            if (thrown != null) {
                throw new AssertionError(thrown.getMessage(), thrown);
            }
        }
    }

    private static Event event(String name) {
        return Event.builder("a.b")
                .tenant("T")
                .actor("x")
                .occurredAt(Instant.EPOCH)
                .attribute("n", name)
                .build();
    }

    /** What came out of a ring, by position. */
    private static final class Taken implements EventRing.Consumer {
        final @Nullable Event[] events = new Event[8];
        final byte[][] bytes = new byte[8][];
        final long[] receivedAtMicros = new long[8];
        final int[] times = new int[8];
        int count;

        @Override
        public boolean accept(EventRing.Slot slot, long position) {
            int at = (int) position;
            events[at] = slot.event;
            bytes[at] = slot.length == 0 ? new byte[0] : Arrays.copyOf(slot.bytes(), slot.length);
            receivedAtMicros[at] = slot.receivedAtMicros;
            times[at]++;
            count++;
            return true;
        }

        boolean isContent(int at) {
            return events[at] != null || bytes[at] != null && bytes[at].length > 0;
        }
    }

    private static void drain(EventRing ring, EventPoller.Handler<EventRing.Slot> handler) {
        try {
            while (!ring.isDrained()) {
                if (!ring.poll(handler)) {
                    Thread.yield();
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Offers one event, as an object or encoded, and keeps the answer. */
    private static final class Offer extends Actor {
        private final EventRing ring;
        private final @Nullable Event event;
        private final @Nullable EventEncoder encoded;
        private final long receivedAtMicros;
        private final int tries;
        volatile long answer;

        Offer(EventRing ring, @Nullable Event event, @Nullable EventEncoder encoded, long receivedAtMicros, int tries) {
            this.ring = ring;
            this.event = event;
            this.encoded = encoded;
            this.receivedAtMicros = receivedAtMicros;
            this.tries = tries;
        }

        @Override
        void act() {
            for (int i = 0; i < tries; i++) {
                answer = ring.offer(event, encoded, receivedAtMicros);
                if (answer != EventRing.FULL) {
                    return;
                }
            }
        }

        void check(Taken taken) {
            if (answer < 0) {
                return;
            }
            int at = (int) answer;
            promise(taken.times[at] == 1, "an accepted position is consumed once");
            promise(taken.receivedAtMicros[at] == receivedAtMicros, "with its own time");
            promise(taken.events[at] == event, "with its own event");
            if (encoded != null) {
                promise(
                        Arrays.equals(taken.bytes[at], Arrays.copyOf(encoded.bytes(), encoded.length())),
                        "with its own bytes");
            }
        }
    }

    private static final class Close extends Actor {
        private final EventRing ring;

        Close(EventRing ring) {
            this.ring = ring;
        }

        @Override
        void act() {
            ring.close();
        }
    }

    /** Two emit, one closes, the writer writes until the ring is drained: all that was accepted is written then, nothing else is. */
    static final class ClosingRing implements Runnable {
        private static final Event EVENT = event("object");
        private static final EventEncoder ENCODED = encoded();

        private static EventEncoder encoded() {
            EventEncoder encoder = new EventEncoder();
            encoder.begin("a.b").tenant("T").actor("x").attribute("n", "bytes").encode(0);
            return encoder;
        }

        @Override
        public void run() {
            EventRing ring = new EventRing(4);
            Taken taken = new Taken();
            Offer byReference = new Offer(ring, EVENT, null, 1, 1);
            Offer byBytes = new Offer(ring, null, ENCODED, 2, 1);
            Close close = new Close(ring);
            byReference.start();
            byBytes.start();
            close.start();
            drain(ring, ring.handler(taken));
            int countWhenDrained = taken.count;
            byReference.join();
            byBytes.join();
            close.join();
            byReference.check(taken);
            byBytes.check(taken);
            int accepted = (byReference.answer >= 0 ? 1 : 0) + (byBytes.answer >= 0 ? 1 : 0);
            int contents = 0;
            for (int at = 0; at < taken.times.length; at++) {
                contents += taken.isContent(at) ? 1 : 0;
            }
            promise(contents == accepted, "nothing is written for which emit answered that the ring has ended");
            promise(ring.lastPosition() + 1 == accepted, "what counts is what was accepted");
            promise(countWhenDrained >= accepted, "drained means that all that counts is consumed");
        }
    }

    /** Two emit into a ring that has room for one. */
    static final class FullRing implements Runnable {
        private static final Event FIRST = event("first");
        private static final Event SECOND = event("second");

        @Override
        public void run() {
            EventRing ring = new EventRing(1);
            Taken taken = new Taken();
            Offer first = new Offer(ring, FIRST, null, 1, 2);
            Offer second = new Offer(ring, SECOND, null, 2, 2);
            EventPoller.Handler<EventRing.Slot> handler = ring.handler(taken);
            first.start();
            second.start();
            try {
                ring.poll(handler);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            first.join();
            second.join();
            ring.close();
            drain(ring, handler);
            first.check(taken);
            second.check(taken);
            int accepted = (first.answer >= 0 ? 1 : 0) + (second.answer >= 0 ? 1 : 0);
            promise(accepted > 0, "in an empty ring there is room");
            promise(taken.count == accepted, "a refused event takes no position");
        }
    }

    /** One emits, one closes, one asks how far a flush must go: never beyond what will be consumed. */
    static final class LastPosition implements Runnable {
        private static final Event EVENT = event("event");

        @Override
        public void run() {
            EventRing ring = new EventRing(4);
            Offer offer = new Offer(ring, EVENT, null, 1, 1);
            Close close = new Close(ring);
            offer.start();
            close.start();
            long seen = ring.lastPosition();
            long seenAgain = ring.lastPosition();
            offer.join();
            close.join();
            promise(seen <= seenAgain, "the last position does not go back");
            promise(seenAgain <= ring.lastPosition(), "nor is it one that will not count");
        }
    }

    /** Three drop events while the writer reports: every event is in one report, whose times hold its own. */
    static final class Drops implements Runnable {
        private static final ProducerId PRODUCER = new ProducerId(new UUID(1, 2));
        private static final LongSupplier CLOCK = () -> 99;

        private static final class Drop extends Actor {
            private final DroppedEvents dropped;
            private final long atMicros;

            Drop(DroppedEvents dropped, long atMicros) {
                this.dropped = dropped;
                this.atMicros = atMicros;
            }

            @Override
            void act() {
                dropped.add(atMicros);
            }
        }

        @Override
        public void run() {
            DroppedEvents dropped = new DroppedEvents(PRODUCER, CLOCK);
            Drop one = new Drop(dropped, 10);
            Drop two = new Drop(dropped, 20);
            one.start();
            two.start();
            Event early = dropped.isPending() ? dropped.takeReport() : null;
            one.join();
            two.join();
            promise(dropped.count() == 2, "every drop is counted");
            Event late = dropped.isPending() ? dropped.takeReport() : null;
            promise(!dropped.isPending(), "nothing is left");
            check(early, late);
        }

        private static void check(@Nullable Event early, @Nullable Event late) {
            // The tests below read the events' own text: the last six digits of a time are its microseconds.
            long inEarly = early == null ? 0 : count(early);
            long inLate = late == null ? 0 : count(late);
            promise(inEarly + inLate == 2, "each is told of once");
            boolean explained = false;
            for (int assignment = 0; assignment < 4; assignment++) {
                // Bit i: the i-th is told of by the early report.
                boolean possible = Integer.bitCount(assignment) == inEarly;
                for (int i = 0; i < 2; i++) {
                    long time = 10L * (i + 1);
                    Event report = (assignment >> i & 1) == 1 ? early : late;
                    possible = possible && report != null && first(report) <= time && time <= last(report);
                }
                explained |= possible;
            }
            promise(explained, "the times of a report hold those of all that it tells of");
        }

        private static long count(Event report) {
            String text = report.canonical();
            int at = text.indexOf("\"count\":") + 8;
            return text.charAt(at) - '0';
        }

        private static long first(Event report) {
            return micros(report, "\"first_dropped_at\":\"");
        }

        private static long last(Event report) {
            return micros(report, "\"last_dropped_at\":\"");
        }

        private static long micros(Event report, String name) {
            String text = report.canonical();
            int from = text.indexOf(name) + name.length();
            Instant instant = Instant.parse(text.substring(from, text.indexOf('"', from)));
            return instant.getNano() / 1_000;
        }
    }

    /** A writer writes as long as it may, while the disk is looked at: it never uses more than it was given. */
    static final class Room implements Runnable {
        private static final long MIN_FREE = 4L << 20;
        private static final long SIZE = 5L << 20;
        private static final int LENGTH = Event.MAX_CANONICAL_LENGTH;

        private volatile long used;

        private final class Look extends Actor {
            private final DiskRoom room;

            Look(DiskRoom room) {
                this.room = room;
            }

            @Override
            void act() {
                room.look();
            }
        }

        @Override
        public void run() {
            used = 0;
            DiskRoom room = new DiskRoom(() -> SIZE - used, MIN_FREE);
            Look look = new Look(room);
            look.start();
            for (int i = 0; i < 5 && room.admitsOne(); i++) {
                used = used + LENGTH;
                room.written(LENGTH);
            }
            look.join();
            while (room.admitsOne()) {
                used = used + LENGTH;
                room.written(LENGTH);
            }
            promise(SIZE - used >= MIN_FREE / 4, "a quarter of the least free space is left");
        }
    }

    /** One measures, another reads the number first: no average is less than the least. */
    static final class Times implements Runnable {
        private static final class Add extends Actor {
            private final Timings timings;

            Add(Timings timings) {
                this.timings = timings;
            }

            @Override
            void act() {
                timings.add(1, 10);
                timings.add(2, 20);
            }
        }

        @Override
        public void run() {
            Timings timings = new Timings();
            Add add = new Add(timings);
            add.start();
            long count = timings.count();
            long total = timings.totalNs();
            add.join();
            promise(total >= 10 * count, "what is counted has its time in the total");
            promise(timings.count() == 3 && timings.totalNs() == 30, "nothing is lost");
        }
    }

    /** A journal's watermarks, and what its disk really holds. */
    interface Watermarked {
        /** Each record begins a file. */
        long append();

        long sync();

        long lastSequence();

        long durableSequence();

        /** The last sequence up to which all is on disk. */
        long onDisk();
    }

    /** One appends two records, each to a new file, one syncs, one looks: what is said to be durable is appended, and on disk. */
    static final class Watermarks implements Runnable {
        private static final class Append extends Actor {
            private final Watermarked journal;

            Append(Watermarked journal) {
                this.journal = journal;
            }

            @Override
            void act() {
                promise(journal.append() == 1 && journal.append() == 2, "sequences are dense");
            }
        }

        private static final class Sync extends Actor {
            private final Watermarked journal;

            Sync(Watermarked journal) {
                this.journal = journal;
            }

            @Override
            void act() {
                long synced = journal.sync();
                promise(synced <= journal.onDisk(), "what sync returned is on disk");
            }
        }

        @Override
        public void run() {
            Watermarked journal = new ExtractedJournal();
            Append append = new Append(journal);
            Sync sync = new Sync(journal);
            append.start();
            sync.start();
            look(journal);
            append.join();
            sync.join();
            promise(journal.lastSequence() == 2, "all is appended");
            promise(journal.sync() == 2, "a sync at the end reaches all");
            look(journal);
        }

        private static void look(Watermarked journal) {
            long durable = journal.durableSequence();
            promise(durable <= journal.onDisk(), "durable is on disk");
            promise(durable <= journal.lastSequence(), "durable is appended");
        }
    }
}
