package dev.firn.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.ingest.FollowedJournal.Gap;
import dev.firn.ingest.IngestChild.Plan;
import dev.firn.journal.ChildJvm;
import dev.firn.journal.DamagedJournalException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A disk that runs full, really: no record is torn, no durable event is lost, and it goes on. Once in memory, where a block of a file is
 * taken when it is first touched, and once on ext4, where it is reserved then and taken later.
 */
@Timeout(180)
class DiskFullTest {
    private static final long MIB = 1L << 20;
    private static final long MIN_FREE = 16 * MIB;
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final int RUNS = 3;
    private static final long AFTERMATH_NS = TimeUnit.MILLISECONDS.toNanos(600);
    private static final String AFTERWARDS = "afterwards";
    private static final Pattern DAMAGE = Pattern.compile("\"first_sequence\":(\\d+).*\"last_sequence\":(\\d+)");

    @TempDir
    Path temporary;

    private static IngestClient open(Path journal) {
        return IngestClient.open(IngestConfig.builder(journal)
                .minFreeBytes(MIN_FREE)
                .warmUp(false)
                .build());
    }

    @ParameterizedTest
    @EnumSource
    void whenOthersFillTheDiskEventsAreRefusedUntilThereIsRoom(SmallDisk.Kind kind) throws Exception {
        try (SmallDisk disk = SmallDisk.mount(kind, temporary)) {
            Path journal = disk.path().resolve("journal");
            Emitters emitters;
            try (IngestClient client = open(journal)) {
                emitters = new Emitters(client, TimeUnit.MILLISECONDS.toNanos(1));
                Await.until("first events", () -> emitters.accepted() > 100);
                disk.fillUpTo(MIN_FREE - 2 * MIB);
                Await.until("DISK_LOW", () -> emitters.refused() > 100);
                long accepted = emitters.accepted();
                assertThat(client.flush(TEN_SECONDS).complete()).isTrue();
                assertThat(client.awaitDurable(accepted, TEN_SECONDS)).isTrue();
                assertThat(read(journal).last()).isEqualTo(accepted);
                Await.until("more refusals", () -> emitters.refused() > 500);
                assertThat(emitters.accepted())
                        .as("accepted while the disk is low")
                        .isEqualTo(accepted);

                disk.removeBallast();
                Await.until("events again", () -> emitters.accepted() > accepted + 100);
                endComplete(client, emitters);
            }
            assertThat(read(journal).counts()[0]).isEqualTo(emitters.counts());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whenTheJournalItselfFillsTheDiskEventsAreRefusedUntilThereIsRoom(SmallDisk.Kind kind) throws Exception {
        try (SmallDisk disk = SmallDisk.mount(kind, temporary)) {
            Path journal = disk.path().resolve("journal");
            disk.fillUpTo(60 * MIB);
            Emitters emitters;
            try (IngestClient client = open(journal)) {
                emitters = new Emitters(client, 0);
                Await.until("DISK_LOW", () -> emitters.refused() > 1_000);
                // What is accepted already may use three quarters of the rest. If they do not suffice it waits in the
                // ring.
                client.flush(Duration.ofMillis(300));
                assertThat(disk.usableBytes()).isGreaterThanOrEqualTo(MIN_FREE / 4);
                long appended = client.lastSequence();
                assertThat(client.awaitDurable(appended, TEN_SECONDS)).isTrue();
                assertThat(read(journal).last()).isGreaterThanOrEqualTo(appended);

                disk.removeBallast();
                Await.until("events again", () -> client.durableSequence() > appended + 10_000);
                endComplete(client, emitters);
            }
            assertThat(read(journal).counts()[0]).isEqualTo(emitters.counts());
        }
    }

    /** Nobody can look at a disk often enough. What then becomes of the process is the system's choice; what is durable stays. */
    @ParameterizedTest
    @EnumSource
    void whenTheDiskIsFullBetweenTwoLooksNothingDurableIsLost(SmallDisk.Kind kind) throws Exception {
        SplittableRandom random = new SplittableRandom(23);
        try (SmallDisk disk = SmallDisk.mount(kind, temporary)) {
            Path journal = disk.path().resolve("journal");
            List<ToldByChild> told = new ArrayList<>();
            long last = 0;
            for (int run = 0; run < RUNS; run++) {
                disk.fillUpTo(64 * MIB);
                told.add(fillWhileAChildEmits(disk, new Plan(run, 16_384, 10, false, 0, 0, MIN_FREE), last, random));
                disk.removeBallast();
                assertDurableIsThere(journal, told.get(run));
                last = goOn(journal);
                assertHolds(journal, told, run + 1);
            }
        }
    }

    private ToldByChild fillWhileAChildEmits(SmallDisk disk, Plan plan, long last, SplittableRandom random)
            throws Exception {
        ToldByChild told = new ToldByChild(last);
        // A JVM that is ended by a fault leaves its report beside the disk, not in the sources.
        List<String> flags = new ArrayList<>(ChildJvm.moduleFlags());
        flags.add("-XX:ErrorFile=" + temporary.resolve("fault.log"));
        flags.add("-XX:-CreateCoredumpOnCrash");
        try (ChildJvm child = ChildJvm.start(
                flags, IngestChild.class, plan.arguments(disk.path().resolve("journal")))) {
            // While there is room it goes on telling.
            for (int lines = 5 + random.nextInt(60); lines > 0 && disk.usableBytes() > 28 * MIB; lines--) {
                told.hear(child.line());
            }
            disk.fillUpTo(0);
            park(AFTERMATH_NS);
            child.kill();
            child.remainingLines().forEach(told::hear);
        }
        return told;
    }

    private static void park(long ns) {
        long start = System.nanoTime();
        for (long left = ns; left > 0; left = ns - (System.nanoTime() - start)) {
            LockSupport.parkNanos(left);
        }
    }

    /** Before anything is repaired: what is damaged comes after all that is durable. */
    private static void assertDurableIsThere(Path journal, ToldByChild told) {
        try (FollowedJournal found = new FollowedJournal(journal, RUNS)) {
            found.beginRun();
            try {
                found.readToTheEnd();
            } catch (DamagedJournalException e) {
                assertThat(found.last()).isGreaterThanOrEqualTo(told.durable());
            }
            told.assertIsIn(found);
        }
    }

    /** With room again the journal takes events; the last sequence. */
    private static long goOn(Path journal) {
        try (IngestClient client = open(journal)) {
            long sequence = client.emit(Events.event(AFTERWARDS));
            assertThat(client.awaitDurable(sequence, TEN_SECONDS)).isTrue();
            return sequence;
        }
    }

    private static void assertHolds(Path journal, List<ToldByChild> all, int afterwards) {
        FollowedJournal found = read(journal);
        for (ToldByChild told : all) {
            told.assertIsIn(found);
            assertThat(found.gaps()).noneMatch(gap -> gap.first() <= told.durable() && gap.last() > told.lastBefore());
        }
        List<Gap> toldGaps = new ArrayList<>();
        for (String event : found.others()) {
            Matcher matcher = DAMAGE.matcher(event);
            if (matcher.find()) {
                toldGaps.add(new Gap(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))));
            }
        }
        assertThat(toldGaps).containsAll(found.gaps());
        assertThat(found.others().stream().filter(event -> event.contains(AFTERWARDS)))
                .hasSize(afterwards);
        assertThat(found.others()).hasSize(afterwards + toldGaps.size());
    }

    /** All of the journal, by a reader that saw nothing of it before. */
    private static FollowedJournal read(Path journal) {
        try (FollowedJournal followed = new FollowedJournal(journal, RUNS)) {
            followed.beginRun();
            followed.readToTheEnd();
            return followed;
        }
    }

    private static void endComplete(IngestClient client, Emitters emitters) throws Exception {
        emitters.end();
        FlushReport report = client.close(TEN_SECONDS);
        assertThat(report.failure()).isEmpty();
        assertThat(report.complete()).isTrue();
        assertThat(report.accepted()).isEqualTo(emitters.accepted());
        assertThat(report.durable()).isEqualTo(emitters.accepted());
    }

    /** Threads that emit, each its own events one after the other, each until it is accepted. */
    private static final class Emitters {
        private final IngestClient client;
        private final long pauseNs;
        private final AtomicLongArray accepted = new AtomicLongArray(IngestChild.PRODUCERS);
        private final LongAdder refused = new LongAdder();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean ending;

        /** @param pauseNs after each event */
        Emitters(IngestClient client, long pauseNs) {
            this.client = client;
            this.pauseNs = pauseNs;
            for (int i = 0; i < IngestChild.PRODUCERS; i++) {
                int number = i;
                Thread thread = new Thread(() -> emit(number), "emitter-" + i);
                thread.setDaemon(true);
                threads.add(thread);
                thread.start();
            }
        }

        private void emit(int number) {
            while (!ending) {
                String content = "0." + number + "." + accepted.get(number);
                long answer = client.emit(Events.builder("user.created")
                        .attribute(IngestChild.ATTRIBUTE, content)
                        .build());
                if (answer > 0) {
                    accepted.incrementAndGet(number);
                } else if (answer == EventClient.DISK_LOW) {
                    refused.increment();
                } else if (answer != EventClient.RING_FULL) {
                    throw new IllegalStateException("event not taken: outcome=" + EventClient.outcome(answer));
                }
                if (pauseNs > 0) {
                    LockSupport.parkNanos(pauseNs);
                }
            }
        }

        long accepted() {
            return Arrays.stream(counts()).sum();
        }

        /** By emitter. */
        long[] counts() {
            long[] counts = new long[accepted.length()];
            for (int i = 0; i < counts.length; i++) {
                counts[i] = accepted.get(i);
            }
            return counts;
        }

        /** Answers of {@link EventClient#DISK_LOW}. */
        long refused() {
            return refused.sum();
        }

        void end() throws InterruptedException {
            ending = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
