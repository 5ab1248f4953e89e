package dev.firn.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How much of a core a client takes that nobody gives events: the processor time of each of its threads over ten seconds, after a burst of
 * events and a second of quiet.
 */
final class IdleMeasurement {
    private static final int EVENTS = 200_000;
    private static final int QUIET_SECONDS = 1;
    private static final int MEASURED_SECONDS = 10;
    private static final List<String> THREADS = List.of("firn-writer-", "firn-sync-", "firn-watch-");

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private IdleMeasurement() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println(Machine.describe());
        try (TemporaryDirectory directory = new TemporaryDirectory()) {
            new IdleMeasurement().measure(directory.resolve("journal"));
        }
    }

    private void measure(Path journal) throws InterruptedException {
        try (IngestClient client =
                IngestClient.open(IngestConfig.builder(journal).build())) {
            for (int i = 0; i < EVENTS; i++) {
                if (client.event("user.created").tenant("T1").actor("idle").emit() < 0) {
                    throw new IllegalStateException("event not taken: index=" + i);
                }
            }
            TimeUnit.SECONDS.sleep(QUIET_SECONDS);
            long[] before = new long[THREADS.size()];
            for (int i = 0; i < before.length; i++) {
                before[i] = cpuNs(THREADS.get(i));
            }
            long start = System.nanoTime();
            TimeUnit.SECONDS.sleep(MEASURED_SECONDS);
            double elapsed = System.nanoTime() - start;
            double sum = 0;
            for (int i = 0; i < before.length; i++) {
                double share = 100 * (cpuNs(THREADS.get(i)) - before[i]) / elapsed;
                sum += share;
                System.out.printf(Locale.ROOT, "%s* %.2f %% of a core%n", THREADS.get(i), share);
            }
            System.out.printf(Locale.ROOT, "idle client: %.2f %% of a core%n", sum);
        }
    }

    private long cpuNs(String prefix) {
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith(prefix)) {
                return threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        throw new IllegalStateException("client has no such thread: name=" + prefix);
    }
}
