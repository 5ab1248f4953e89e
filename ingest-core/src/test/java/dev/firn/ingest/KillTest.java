package dev.firn.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.firn.ingest.IngestChild.Plan;
import dev.firn.journal.ChildJvm;
import dev.firn.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL of a process whose producers emit as fast as they can, again and again, on one growing journal: while it opens, at a random point
 * of its progress or of time, with new files beginning several times a second, and while it closes. Whatever was told to be durable is there,
 * under its sequence, and of each producer in each run the journal holds the first so many events, in order, each once.
 *
 * <p>The build kills {@value #SHORT} times. The long form, with the modules installed: {@code mvn -B -pl ingest-core test -Dtest=KillTest
 * -Dfirn.kills=200}; another {@code -Dfirn.kills.seed} gives other points. It leaves its numbers on standard output. A run of 200 takes some
 * seven minutes and several gigabytes below {@code target}, which it deletes again.
 */
class KillTest {
    private static final int SHORT = 10;
    private static final int KILLS = Integer.getInteger("firn.kills", SHORT);
    private static final long SEED = Long.getLong("firn.kills.seed", 17);
    private static final Duration AT_MOST = Duration.ofSeconds(60 + 10L * KILLS);

    @TempDir
    Path temporary;

    /** When a process is killed. */
    private enum Moment {
        OPENING,
        PROGRESS,
        TIME,
        CLOSING
    }

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Map<Moment, Integer> kills = new EnumMap<>(Moment.class);
    private long linesChecked;
    private long eventsChecked;
    private int opened;

    @Test
    void whatWasToldToBeDurableIsThereAfterEachKill() {
        assertTimeoutPreemptively(AT_MOST, this::killAgainAndAgain);
    }

    private void killAgainAndAgain() throws Exception {
        long start = System.nanoTime();
        try (FollowedJournal follower = new FollowedJournal(temporary, KILLS)) {
            for (int kill = 1; kill <= KILLS; kill++) {
                try {
                    killOnce(kill, follower);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("kill " + kill + " of seed " + SEED + ", after " + kills, e);
                }
            }
            assertThat(opened).as("processes that were open").isGreaterThan(KILLS / 2);
            assertThat(eventsChecked).isPositive();
            verifyAll(follower);
            goOn(follower.last());
            System.out.printf(
                    Locale.ROOT,
                    "KillTest: kills=%d %s records=%,d files=%d reportsChecked=%,d eventsChecked=%,d seconds=%d recordsPerSecond=%,d seed=%d%n",
                    KILLS,
                    kills,
                    follower.last(),
                    files(),
                    linesChecked,
                    eventsChecked,
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
                    follower.last() * 1_000_000 / ((System.nanoTime() - start) / 1_000),
                    SEED);
        }
    }

    private void killOnce(int kill, FollowedJournal follower) throws Exception {
        Moment moment = Moment.values()[kill % Moment.values().length];
        kills.merge(moment, 1, Integer::sum);
        ToldByChild told = new ToldByChild(follower.last());
        follower.beginRun();
        try (ChildJvm child =
                ChildJvm.start(IngestChild.class, plan(kill, moment).arguments(temporary))) {
            switch (moment) {
                case OPENING -> park(TimeUnit.MILLISECONDS.toNanos(random.nextInt(700)));
                case PROGRESS -> hear(child, told, follower, random.nextInt(1, 1_000));
                case TIME -> {
                    hear(child, told, follower, 1);
                    park(random.nextInt(400_000_000));
                }
                case CLOSING -> {
                    hear(child, told, follower, Integer.MAX_VALUE);
                    park(random.nextInt(12_000_000));
                }
            }
            child.kill();
            child.remainingLines().forEach(told::hear);
        }
        opened += told.isOpen() ? 1 : 0;
        assertThat(told.isFailed()).isFalse();
        follower.readToTheEnd();
        // A kill tears nothing, so there is nothing to repair and to tell of.
        assertThat(follower.others()).isEmpty();
        assertThat(follower.gaps()).isEmpty();
        told.assertIsIn(follower);
        linesChecked += told.lines();
        eventsChecked += told.events().size();
        verifyEnd(told.lastBefore(), told.durable(), follower.last());
    }

    /** Half of the runs begin a file a few times a second; few warm up, which is half a second. */
    private Plan plan(int kill, Moment moment) {
        return new Plan(
                kill,
                64 << random.nextInt(9),
                random.nextInt(1, 20),
                random.nextInt(4) == 0,
                random.nextInt(2) * random.nextInt(1, 12),
                moment == Moment.CLOSING ? random.nextInt(1, 60_000) : 0,
                IngestConfig.DEFAULT_MIN_FREE_BYTES);
    }

    /** Reads so many lines, or until it closes, while the follower reads the journal. */
    private static void hear(ChildJvm child, ToldByChild told, FollowedJournal follower, int lines) throws IOException {
        for (int i = 0; i < lines; i++) {
            String line = child.line();
            told.hear(line);
            if (line.equals("closing .")) {
                return;
            }
            follower.poll();
        }
    }

    private static void park(long ns) {
        long start = System.nanoTime();
        for (long left = ns; left > 0; left = ns - (System.nanoTime() - start)) {
            LockSupport.parkNanos(left);
        }
    }

    /** A reader that has seen nothing so far finds the end and what it is told to look for. */
    private void verifyEnd(long before, long durable, long last) {
        if (last == 0) {
            return;
        }
        try (JournalReader reader = JournalReader.open(temporary)) {
            assertThat(reader.lastSequence()).isEqualTo(last);
            for (long sequence : new long[] {1, Math.min(before + 1, last), Math.max(1, durable), last}) {
                reader.seek(sequence);
                assertThat(reader.poll(record -> assertThat(record.sequence()).isEqualTo(sequence), 1))
                        .isEqualTo(1);
            }
        }
    }

    /** All of it once more, by a reader that never saw a writer. */
    private void verifyAll(FollowedJournal follower) {
        try (FollowedJournal afterwards = new FollowedJournal(temporary, KILLS)) {
            afterwards.readToTheEnd();
            assertThat(afterwards.last()).isEqualTo(follower.last());
            assertThat(afterwards.counts()).isDeepEqualTo(follower.counts());
        }
    }

    /** After all that the journal takes events as before. */
    private void goOn(long last) {
        try (IngestClient client =
                IngestClient.open(IngestConfig.builder(temporary).warmUp(false).build())) {
            assertThat(client.lastSequence()).isEqualTo(last);
            assertThat(client.emit(Events.event("after"))).isEqualTo(last + 1);
            assertThat(client.awaitDurable(last + 1, Duration.ofSeconds(10))).isTrue();
        }
    }

    private int files() throws IOException {
        try (Stream<Path> files = Files.list(temporary.resolve("queue"))) {
            return (int) files.filter(file -> file.toString().endsWith(".cq4")).count();
        }
    }
}
