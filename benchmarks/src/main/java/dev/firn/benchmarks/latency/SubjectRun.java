package dev.firn.benchmarks.latency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.firn.benchmarks.TemporaryDirectory;
import dev.firn.benchmarks.latency.Subject.Opener;
import dev.firn.benchmarks.latency.Subject.Phase;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * One subject, once, in this JVM: it is warmed up, gets events on a schedule, then as many as it takes. Each time into files of its own,
 * which are read back and counted.
 */
public final class SubjectRun {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<EnumMap<Metric, Double>> METRICS = new TypeReference<>() {};
    private static final long BYTES_OF_AN_EVENT = 400;
    private static final int SATURATED_ROUNDS = 5;
    private static final int CLOCK_READINGS = 1_000_000;

    private final Subject subject;
    private final Opener opener;
    private final Load load;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Map<Metric, Double> metrics = new EnumMap<>(Metric.class);

    private SubjectRun(Subject subject, Opener opener, Load load) {
        this.subject = subject;
        this.opener = opener;
        this.load = subject.share(load);
    }

    /**
     * Prints one line, see {@link #read}.
     *
     * @param args of {@link #arguments}
     */
    public static void main(String[] args) throws Exception {
        Load load = new Load(
                Integer.parseInt(args[1]),
                Integer.parseInt(args[2]),
                Integer.parseInt(args[3]),
                Integer.parseInt(args[4]),
                Integer.parseInt(args[5]));
        System.out.println(JSON.writeValueAsString(measure(Subject.named(args[0]), load)));
    }

    static List<String> arguments(Subject subject, Load load) {
        return List.of(
                subject.title(),
                Integer.toString(load.eventsPerSecond()),
                Integer.toString(load.burst()),
                Integer.toString(load.latencyEvents()),
                Integer.toString(load.saturatedEvents()),
                Integer.toString(load.warmUpEvents()));
    }

    /** @param line as {@link #main} printed it */
    static Map<Metric, Double> read(String line) throws JsonProcessingException {
        return JSON.readValue(line, METRICS);
    }

    static Map<Metric, Double> measure(Subject subject, Load load) throws Exception {
        return subject == Subject.LIMIT ? Limit.measure(load.saturatedEvents()) : measure(subject, subject::open, load);
    }

    /** @param opener of what is measured in the subject's stead */
    static Map<Metric, Double> measure(Subject subject, Opener opener, Load load) throws Exception {
        return new SubjectRun(subject, opener, load).measure();
    }

    private Map<Metric, Double> measure() throws Exception {
        Input cycle = Input.cycle();
        inFilesOfItsOwn(cycle, this::warmUp);
        metrics.put(Metric.CLOCK_NS, clockNs());
        if (subject.has(Phase.SCHEDULED)) {
            Input input = subject == Subject.FIRN_FRESH ? Input.eventsOnly(load.latencyEvents()) : cycle;
            inFilesOfItsOwn(input, this::schedule);
        }
        if (subject.has(Phase.SATURATED)) {
            List<Map<Metric, Double>> rounds = new ArrayList<>();
            for (int i = 0; i < SATURATED_ROUNDS; i++) {
                inFilesOfItsOwn(cycle, (target, input) -> saturate(target, input, rounds));
            }
            rounds.sort(Comparator.comparing(round -> round.get(Metric.EVENTS_PER_SECOND)));
            metrics.putAll(rounds.get(SATURATED_ROUNDS / 2));
        }
        return metrics;
    }

    /** Returns how many events the target took. */
    @FunctionalInterface
    private interface Use {
        long of(Target target, Input input) throws Exception;
    }

    private void inFilesOfItsOwn(Input input, Use use) throws Exception {
        try (TemporaryDirectory directory = new TemporaryDirectory()) {
            Path touched = directory.resolve("touched");
            touchMemory(touched, BYTES_OF_AN_EVENT * Math.max(load.latencyEvents(), load.saturatedEvents()));
            // So that nobody pays for what was made before.
            System.gc();
            Target target = opener.open(directory.resolve("events"), input);
            long taken;
            try (target) {
                Files.delete(touched);
                taken = use.of(target, input);
            }
            long stored = target.countStored();
            if (stored != taken) {
                throw new IllegalStateException(
                        "events are missing: subject=" + subject.title() + " taken=" + taken + " stored=" + stored);
            }
        }
    }

    /**
     * Fills as much memory with a file as the subject will need for its own; it is let go when the subject begins. A virtual machine may have to
     * be given each page of its memory by its host, and again when it has not used it for some seconds, which takes longer than anything that is
     * measured here.
     */
    private static void touchMemory(Path file, long bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < bytes; at += buffer.capacity()) {
                channel.write(buffer.clear());
            }
        }
    }

    private long warmUp(Target target, Input input) throws Exception {
        take(target, input.length(), load.warmUpEvents());
        target.awaitWritten(load.warmUpEvents());
        new Schedule(load.eventsPerSecond(), load.burst(), System::nanoTime)
                .run(target, input.length(), load.warmUpLatencyEvents());
        return load.warmUpEvents() + load.warmUpLatencyEvents();
    }

    private long schedule(Target target, Input input) throws Exception {
        Schedule schedule = new Schedule(load.eventsPerSecond(), load.burst(), System::nanoTime);
        long allocated = threads.getCurrentThreadAllocatedBytes();
        schedule.run(target, input.length(), load.latencyEvents());
        allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
        // Replaced by what is found when saturated, if the subject is.
        metrics.put(Metric.ALLOCATED_BYTES, (double) allocated / load.latencyEvents());
        Histogram service = schedule.service();
        metrics.put(Metric.SERVICE_P50, (double) service.getValueAtPercentile(50));
        metrics.put(Metric.SERVICE_P99, (double) service.getValueAtPercentile(99));
        metrics.put(Metric.SERVICE_P999, (double) service.getValueAtPercentile(99.9));
        metrics.put(Metric.SERVICE_P9999, (double) service.getValueAtPercentile(99.99));
        metrics.put(Metric.SERVICE_MAX, (double) service.getMaxValue());
        Histogram response = schedule.response();
        metrics.put(Metric.RESPONSE_P50, (double) response.getValueAtPercentile(50));
        metrics.put(Metric.RESPONSE_P99, (double) response.getValueAtPercentile(99));
        metrics.put(Metric.RESPONSE_P999, (double) response.getValueAtPercentile(99.9));
        metrics.put(Metric.RESPONSE_P9999, (double) response.getValueAtPercentile(99.99));
        metrics.put(Metric.RESPONSE_MAX, (double) response.getMaxValue());
        return load.latencyEvents();
    }

    private long saturate(Target target, Input input, List<Map<Metric, Double>> rounds) throws Exception {
        int events = load.saturatedEvents();
        long processNs = system.getProcessCpuTime();
        long othersNs = cpuNsOfOtherThreads();
        long producerNs = threads.getCurrentThreadCpuTime();
        long startNs = System.nanoTime();
        take(target, input.length(), events / 2);
        // From here on, for a ring may fill its places at the first turn.
        long allocated = threads.getCurrentThreadAllocatedBytes();
        take(target, input.length(), events - events / 2);
        allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
        producerNs = threads.getCurrentThreadCpuTime() - producerNs;
        target.awaitWritten(events);
        long endNs = System.nanoTime();
        othersNs = cpuNsOfOtherThreads() - othersNs;
        processNs = system.getProcessCpuTime() - processNs;
        Map<Metric, Double> round = new EnumMap<>(Metric.class);
        round.put(Metric.EVENTS_PER_SECOND, events * (double) TimeUnit.SECONDS.toNanos(1) / (endNs - startNs));
        round.put(Metric.ALLOCATED_BYTES, (double) allocated / (events - events / 2));
        round.put(Metric.PRODUCER_CPU_NS, (double) producerNs / events);
        round.put(Metric.WRITER_CPU_NS, (double) othersNs / events);
        round.put(Metric.PROCESS_CPU_NS, (double) processNs / events);
        rounds.add(round);
        return events;
    }

    private static void take(Target target, int prepared, int events) throws Exception {
        int index = 0;
        for (int i = 0; i < events; i++) {
            target.accept(index);
            if (++index == prepared) {
                index = 0;
            }
        }
    }

    private long cpuNsOfOtherThreads() {
        long sum = 0;
        for (long id : threads.getAllThreadIds()) {
            if (id != Thread.currentThread().getId()) {
                sum += Math.max(0, threads.getThreadCpuTime(id));
            }
        }
        return sum;
    }

    private static double clockNs() {
        long start = System.nanoTime();
        long last = start;
        for (int i = 0; i < CLOCK_READINGS; i++) {
            last = System.nanoTime();
        }
        return (double) (last - start) / CLOCK_READINGS;
    }
}
