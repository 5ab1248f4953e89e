package dev.firn.ingest;

import dev.firn.event.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A process that emits flat out and tells what is durable, until it is killed. It never ends by itself, so that every kill hits a process.
 *
 * <p>It prints {@code open LAST .}, then again and again {@code durable SEQUENCE .} and, of an event of each producer that is durable by
 * then, {@code event SEQUENCE CONTENT .}; {@code closing .} and {@code closed DURABLE .} if it was told to close; {@code failed .} if the
 * client closed itself. The dot says that the line is whole.
 *
 * <p>What each event says of itself, its content, is {@code RUN.PRODUCER.COUNT}: the count goes up by one with each event that was accepted
 * of this producer in this run.
 */
final class IngestChild {
    static final int PRODUCERS = 4;
    /** The attribute that holds the content. */
    static final String ATTRIBUTE = "k";

    private static final long HOUR_MICROS = TimeUnit.HOURS.toMicros(1);
    private static final long RUN_HOURS = 100;
    private static final long START_MICROS =
            TimeUnit.SECONDS.toMicros(Instant.parse("2026-01-01T00:00:00Z").getEpochSecond());

    private final int run;
    private final IngestClient client;
    private final List<Producer> producers = new ArrayList<>();

    private IngestChild(int run, IngestClient client) {
        this.run = run;
        this.client = client;
    }

    /**
     * @param run          number of the run, part of the content
     * @param warmUp       whether opening takes the longer way
     * @param filesASecond how many times in a second a new file of the journal begins; the clock runs that many hours a second
     * @param closeAfter   the client is closed once so many more events are durable; 0 for never
     * @param minFreeBytes as in {@link IngestConfig}
     */
    record Plan(
            int run,
            int ringSize,
            int syncMillis,
            boolean warmUp,
            int filesASecond,
            int closeAfter,
            long minFreeBytes) {
        Object[] arguments(Path directory) {
            return new Object[] {directory, run, ringSize, syncMillis, warmUp, filesASecond, closeAfter, minFreeBytes};
        }

        private static Plan of(String[] arguments) {
            return new Plan(
                    Integer.parseInt(arguments[1]),
                    Integer.parseInt(arguments[2]),
                    Integer.parseInt(arguments[3]),
                    Boolean.parseBoolean(arguments[4]),
                    Integer.parseInt(arguments[5]),
                    Integer.parseInt(arguments[6]),
                    Long.parseLong(arguments[7]));
        }

        /** Later in each run than in the one before, so that time goes on over the kills. */
        private LongSupplier clock() {
            long start = System.nanoTime();
            long speed = Math.max(1, filesASecond * TimeUnit.HOURS.toSeconds(1));
            return () -> START_MICROS + run * RUN_HOURS * HOUR_MICROS + (System.nanoTime() - start) / 1_000 * speed;
        }
    }

    public static void main(String[] arguments) {
        Plan plan = Plan.of(arguments);
        IngestClient client = IngestClient.open(IngestConfig.builder(Path.of(arguments[0]))
                .ringSize(plan.ringSize())
                .syncInterval(Duration.ofMillis(plan.syncMillis()))
                .warmUp(plan.warmUp())
                .minFreeBytes(plan.minFreeBytes())
                .clock(plan.clock())
                .build());
        new IngestChild(plan.run(), client).run(plan.closeAfter());
    }

    private void run(int closeAfter) {
        say("open " + client.lastSequence());
        long first = client.lastSequence();
        for (int i = 0; i < PRODUCERS; i++) {
            producers.add(new Producer(i));
        }
        producers.forEach(Thread::start);
        long told = first;
        boolean failed = false;
        while (closeAfter == 0 || told < first + closeAfter) {
            long durable = client.durableSequence();
            if (durable > told) {
                tell(durable);
                told = durable;
            }
            if (!failed) {
                failed = client.flush(Duration.ZERO).failure().isPresent();
                if (failed) {
                    say("failed");
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        say("closing");
        client.close();
        say("closed " + client.durableSequence());
        while (true) {
            LockSupport.park();
        }
    }

    private void tell(long durable) {
        StringBuilder lines = new StringBuilder();
        for (Producer producer : producers) {
            Accepted last = producer.told;
            if (last != null && last.sequence() <= durable) {
                producer.told = null;
                lines.append("event ")
                        .append(last.sequence())
                        .append(' ')
                        .append(last.content())
                        .append(" .\n");
            }
        }
        say(lines + "durable " + durable);
    }

    private static void say(String what) {
        System.out.println(what + " .");
        System.out.flush();
    }

    private record Accepted(long sequence, String content) {}

    /** Half of them hand over event objects, half go through the writer of their thread. */
    private final class Producer extends Thread {
        private final int number;
        /** One that the main thread has not yet told of; that one sets it to null. */
        private volatile Accepted told;

        Producer(int number) {
            super("producer-" + number);
            this.number = number;
            setDaemon(true);
        }

        @Override
        public void run() {
            for (long count = 0; ; count++) {
                String content = run + "." + number + "." + count;
                long sequence = accepted(content);
                if (sequence == EventClient.CLOSED) {
                    return;
                }
                if (told == null) {
                    told = new Accepted(sequence, content);
                }
            }
        }

        /** Tries again for as long as there is no room: an event that is left out would look like one that was lost. */
        private long accepted(String content) {
            long answer;
            do {
                answer = number % 2 == 0 ? client.emit(event(content)) : emitByWriter(content);
            } while (answer == EventClient.RING_FULL || answer == EventClient.DISK_LOW);
            if (answer < 0 && answer != EventClient.CLOSED) {
                throw new IllegalStateException("event not taken: outcome=" + EventClient.outcome(answer));
            }
            return answer;
        }

        private Event event(String content) {
            return Events.builder("user.created").attribute(ATTRIBUTE, content).build();
        }

        private long emitByWriter(String content) {
            return client.event("user.created")
                    .tenant("T1")
                    .actor("tester")
                    .attribute(ATTRIBUTE, content)
                    .emit();
        }
    }
}
