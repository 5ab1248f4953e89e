package dev.firn.benchmarks.latency;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import dev.firn.benchmarks.TemporaryDirectory;
import dev.firn.event.ContentId;
import dev.firn.ingest.IngestConfig;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * What two threads could do at most with memory-mapped files: the parts that nobody can leave out, each measured alone and as cheap as it
 * gets, shared evenly and without any waiting. Medians of a few rounds.
 *
 * <p>Encoding without rules, by {@link LineEncoder}; SHA2-256 of the canonical form; a reference through a ring, counted for the thread that
 * puts it in and for the one that takes it out; the bytes of one record copied into mapped memory that nobody touched before, in segments of
 * 64 MiB. Not counted: the queue's own headers and indexes, checks, synchronising, and all that goes on besides.
 */
final class Limit {
    private static final int THREADS = 2;
    private static final int ROUNDS = 5;
    private static final long SEGMENT_BYTES = 64 << 20;
    /** A record's header, and the length that the queue puts before it; then it begins at a multiple of four. */
    private static final int RECORD_HEADER_BYTES = 64;

    private static final int DOCUMENT_HEADER_BYTES = 4;
    private static final int ALIGNMENT = 4;

    private final int events;
    private final ChatMessage[] messages = Input.cycle().messages();
    private final LineEncoder encoder = new LineEncoder();
    private final ContentId contentId = new ContentId();
    private final byte[] hash = new byte[ContentId.HASH_LENGTH];
    /** Keeps the compiler from leaving out what is measured. */
    private long sum;

    private Limit(int events) {
        this.events = events;
    }

    /** Does its part for all events and returns the nanoseconds that it took. */
    @FunctionalInterface
    private interface Part {
        long run() throws Exception;
    }

    private static final class Slot {
        @Nullable
        ChatMessage message;
    }

    static Map<Metric, Double> measure(int events) throws Exception {
        return new Limit(events).measure();
    }

    private Map<Metric, Double> measure() throws Exception {
        double encodeNs = nsPerEvent(this::encode);
        double hashNs = nsPerEvent(this::hash);
        double handOverNs = THREADS * nsPerEvent(this::handOver);
        double writeNs = nsPerEvent(this::write);
        if (sum == 0) {
            throw new IllegalStateException("nothing was measured");
        }
        Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
        metrics.put(Metric.LIMIT_ENCODE_NS, encodeNs);
        metrics.put(Metric.LIMIT_HASH_NS, hashNs);
        metrics.put(Metric.LIMIT_HAND_OVER_NS, handOverNs);
        metrics.put(Metric.LIMIT_WRITE_NS, writeNs);
        metrics.put(
                Metric.EVENTS_PER_SECOND,
                THREADS * (double) TimeUnit.SECONDS.toNanos(1) / (encodeNs + hashNs + handOverNs + writeNs));
        return metrics;
    }

    /** The first round warms up and does not count. */
    private double nsPerEvent(Part part) throws Exception {
        List<Double> rounds = new ArrayList<>();
        for (int i = 0; i <= ROUNDS; i++) {
            System.gc();
            rounds.add((double) part.run() / events);
        }
        return median(rounds.subList(1, rounds.size()).stream().mapToDouble(Double::doubleValue));
    }

    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private long encode() {
        long start = System.nanoTime();
        for (int i = 0; i < events; i++) {
            sum += encoder.canonical(messages[i % messages.length]);
        }
        return System.nanoTime() - start;
    }

    private long hash() {
        int length = encoder.canonical(messages[0]);
        long start = System.nanoTime();
        for (int i = 0; i < events; i++) {
            contentId.hash(encoder.buffer(), LineEncoder.CANONICAL_OFFSET, length, hash, 0);
            sum += hash[0];
        }
        return System.nanoTime() - start;
    }

    /** From this thread to another one, both spinning. */
    private long handOver() throws Exception {
        RingBuffer<Slot> ring =
                RingBuffer.createMultiProducer(Slot::new, IngestConfig.DEFAULT_RING_SIZE, new BusySpinWaitStrategy());
        EventPoller<Slot> poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
        Worker consumer = new Worker("consumer", () -> consume(poller));
        long start = System.nanoTime();
        consumer.start();
        for (int i = 0; i < events; i++) {
            long position = claim(ring);
            ring.get(position).message = messages[i % messages.length];
            ring.publish(position);
        }
        consumer.join();
        return System.nanoTime() - start;
    }

    private static long claim(RingBuffer<Slot> ring) {
        while (true) {
            try {
                return ring.tryNext();
            } catch (InsufficientCapacityException e) {
                Thread.onSpinWait();
            }
        }
    }

    private void consume(EventPoller<Slot> poller) throws Exception {
        long last = events - 1L;
        while (poller.getSequence().get() < last) {
            if (poller.poll(Limit::take) != EventPoller.PollState.PROCESSING) {
                Thread.onSpinWait();
            }
        }
    }

    private static boolean take(Slot slot, long sequence, boolean endOfBatch) {
        if (slot.message == null) {
            throw new IllegalStateException("a slot is empty: sequence=" + sequence);
        }
        slot.message = null;
        return true;
    }

    private long write() throws Exception {
        byte[] record = new byte[recordBytes(encoder.canonical(messages[0]))];
        try (TemporaryDirectory directory = new TemporaryDirectory()) {
            Path file = directory.resolve("mapped");
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long start = System.nanoTime();
                long at = 0;
                MappedByteBuffer segment = channel.map(MapMode.READ_WRITE, at, SEGMENT_BYTES);
                for (int i = 0; i < events; i++) {
                    if (segment.remaining() < record.length) {
                        at += SEGMENT_BYTES;
                        segment = channel.map(MapMode.READ_WRITE, at, SEGMENT_BYTES);
                    }
                    segment.put(record);
                }
                sum += segment.position();
                return System.nanoTime() - start;
            }
        }
    }

    private static int recordBytes(int canonicalLength) {
        int length = DOCUMENT_HEADER_BYTES
                + RECORD_HEADER_BYTES
                + IngestConfig.DEFAULT_SOURCE_LANE.length()
                + canonicalLength;
        return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
