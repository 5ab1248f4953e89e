package dev.firn.benchmarks;

import dev.firn.event.Event;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does handing over an event, built or not, cost its thread, against what an application would pick instead?
 *
 * <p>Bursts of 1,000 by each thread, each when its last one is through, so that it is the hand-over that is measured and not
 * the disk behind it; what drains the ring does so meanwhile, on another thread. Allocation is that of all threads.
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
        ARRAY_BLOCKING_QUEUE,
        /** {@code IngestClient.event(…)….emit()}: encoded from what the application has, then as by reference. */
        FIRN_ENCODING
    }

    @Param
    Taker taker = Taker.FIRN;

    private final TemporaryDirectory directory = new TemporaryDirectory();
    private EventTaker target = EventTaker.NONE;

    /** One thread of an application, with events of its own. */
    @State(Scope.Thread)
    public static class Producer {
        private final String[] messageIds =
                IntStream.range(0, BURST).mapToObj(i -> "c-4711-m" + i).toArray(String[]::new);
        private final Event[] events = Stream.of(messageIds)
                .map(id -> TypicalEvent.builder().attribute("message_id", id).build())
                .toArray(Event[]::new);
        private long last;

        /** Until the burst before is through. */
        @Setup(Level.Invocation)
        public void awaitDone(EmitBenchmark benchmark) {
            while (!benchmark.target.isDone(last)) {
                // With more threads than cores, spinning alone would keep from the core what is waited for.
                Thread.yield();
            }
        }

        private long emitTo(EventTaker target) {
            for (int i = 0; i < BURST; i++) {
                last = target.take(events[i], messageIds[i]);
                if (last < 0) {
                    throw new IllegalStateException("an event was not taken: outcome=" + last);
                }
            }
            return last;
        }
    }

    @Setup
    public void open() {
        target = switch (taker) {
            case FIRN -> new EventTaker.Firn(directory.resolve("journal"));
            case FIRN_ENCODING -> new EventTaker.FirnEncoding(directory.resolve("journal"));
            case ARRAY_BLOCKING_QUEUE -> new EventTaker.Queue();
        };
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public long emit(Producer producer) {
        return producer.emitTo(target);
    }

    /** The time of each of four threads that do so at once, whether or not there are as many cores. */
    @Benchmark
    @Threads(4)
    @OperationsPerInvocation(BURST)
    public long emitByFour(Producer producer) {
        return producer.emitTo(target);
    }

    @TearDown
    public void close() {
        target.close();
        directory.close();
    }
}
