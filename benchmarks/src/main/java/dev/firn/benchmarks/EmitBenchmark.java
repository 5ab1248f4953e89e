package dev.firn.benchmarks;

import dev.firn.event.Event;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does handing over an event that is built cost its thread, against what an application would pick instead?
 *
 * <p>Bursts of 1,000, each into an empty ring, so that it is the hand-over that is measured and not the disk behind it;
 * what drains the ring does so meanwhile, on another thread. Allocation is that of all threads.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class EmitBenchmark {
    private static final int BURST = 1_000;

    /** Who takes the event. */
    public enum Taker {
        /** {@code IngestClient.emit}: into the ring, from there into a journal on disk, synced every 10 ms. */
        FIRN,
        /** {@code ArrayBlockingQueue.offer}, of the ring's size; a thread takes the events and does nothing with them. */
        ARRAY_BLOCKING_QUEUE
    }

    @Param
    Taker taker = Taker.FIRN;

    private final Event[] events = IntStream.range(0, BURST)
            .mapToObj(i -> TypicalEvent.builder()
                    .attribute("message_id", "c-4711-m" + i)
                    .build())
            .toArray(Event[]::new);
    private final TemporaryDirectory directory = new TemporaryDirectory();
    private EventTaker target = EventTaker.NONE;

    @Setup
    public void open() {
        target = switch (taker) {
            case FIRN -> new EventTaker.Firn(directory.resolve("journal"));
            case ARRAY_BLOCKING_QUEUE -> new EventTaker.Queue();
        };
    }

    @Setup(Level.Invocation)
    public void awaitEmpty() {
        while (!target.isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public long emit() {
        long last = 0;
        for (Event event : events) {
            last = target.take(event);
            if (last < 0) {
                throw new IllegalStateException("an event was not taken: outcome=" + last);
            }
        }
        return last;
    }

    @TearDown
    public void close() {
        target.close();
        directory.close();
    }
}
