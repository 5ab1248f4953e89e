package dev.firn.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.table.AbstractTSQueueLock;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WriterLockTest {
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    @TempDir
    Path temporary;

    /** This process. */
    private static String ownerPattern() {
        return "pid=" + ProcessHandle.current().pid() + " host=" + Pattern.quote(Host.name())
                + " since=\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";
    }

    @Test
    void secondWriterInThisProcessIsTurnedAwayByName() {
        try (Journal journal = Journal.open(temporary)) {
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatExceptionOfType(JournalLockedException.class)
                        .isThrownBy(() -> Journal.open(temporary))
                        .withMessageContaining("directory=" + temporary + " pid=")
                        .satisfies(e -> assertThat(e.owner()).matches(ownerPattern()));
            }
            assertThat(Samples.append(journal, Samples.START_MICROS)).isEqualTo(1);
        }
        Samples.write(temporary, 1, 1);
        assertThat(Samples.readAll(temporary)).containsExactly(1L, 2L);
    }

    @Test
    void anotherPathToTheSameDirectoryIsTheSameJournal() throws Exception {
        Path directory = Files.createDirectory(temporary.resolve("journal"));
        Path link = Files.createSymbolicLink(temporary.resolve("link"), directory);
        try (Journal journal = Journal.open(directory)) {
            assertThat(journal.lastSequence()).isZero();
            assertThatExceptionOfType(JournalLockedException.class).isThrownBy(() -> Journal.open(link));
        }
    }

    @Test
    void writerInAnotherProcessIsNamedAndItsDeathFreesTheJournal() throws Exception {
        try (ChildJvm child = ChildJvm.start(JournalChild.class, temporary)) {
            assertThat(child.line()).isEqualTo("open 1 1");
            assertThatExceptionOfType(JournalLockedException.class)
                    .isThrownBy(() -> Journal.open(temporary))
                    .satisfies(e -> assertThat(e.owner())
                            .matches("pid=\\d+ host=\\S+ since=\\S+Z")
                            .doesNotContain("pid=" + ProcessHandle.current().pid() + " "));
            child.kill();
        }
        Samples.write(temporary, 1, 1);
        assertThat(Samples.readAll(temporary)).containsExactly(1L, 2L);
    }

    /** Closing any descriptor of the lock file would give the lock away, also that of an attempt that failed. */
    @Test
    void failedSecondOpeningDoesNotLoseTheLock() throws Exception {
        try (Journal journal = Journal.open(temporary)) {
            assertThatExceptionOfType(JournalLockedException.class).isThrownBy(() -> Journal.open(temporary));
            Samples.append(journal, Samples.START_MICROS);
            Samples.readAll(temporary);
            try (ChildJvm child = ChildJvm.start(JournalChild.class, temporary)) {
                assertThat(child.line()).matches("locked " + ownerPattern());
                assertThat(child.end()).isZero();
            }
        }
        try (ChildJvm child = ChildJvm.start(JournalChild.class, temporary)) {
            assertThat(child.line()).isEqualTo("open 2 2");
            assertThat(child.end()).isZero();
        }
    }

    /** In a container the process has the PID 1 each time; the namespace here is what makes a container of it. */
    @Test
    void writerKilledAsPid1IsFollowedByAnotherAsPid1() throws Exception {
        String[] unshare = {"unshare", "--map-root-user", "--pid", "--fork", "--mount-proc", "--kill-child"};
        List<String> command = new ArrayList<>(List.of(unshare));
        command.add("true");
        Commands.assumeRuns(command.toArray(String[]::new));
        for (int restart = 1; restart <= 3; restart++) {
            try (ChildJvm killed = ChildJvm.start(
                    List.of(unshare), JAVA_HOME, ChildJvm.moduleFlags(), KilledWriterChild.class, temporary)) {
                assertThat(killed.line()).isEqualTo("pid 1 open=true lockedBy=1 appended=" + (2 * restart - 1));
                assertThat(killed.awaitExit()).isEqualTo(KilledWriterChild.EXIT);
            }
            long start = System.nanoTime();
            try (ChildJvm restarted = ChildJvm.start(
                    List.of(unshare), JAVA_HOME, ChildJvm.moduleFlags(), JournalChild.class, temporary)) {
                assertThat(restarted.line()).isEqualTo("open " + 2 * restart + " " + 2 * restart);
                // With the start of a JVM on a busy machine. Waiting for oneself would take 15 s and end in an error.
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
                assertThat(restarted.end()).isZero();
            }
        }
    }

    @Test
    void lockOfADeadWriterIsNotWaitedFor() {
        Samples.write(temporary, 1, 3);
        Path queueDirectory = temporary.resolve("queue");
        try (SingleChronicleQueue killed = Queues.openForWriting(queueDirectory, () -> Samples.START_MICROS / 1_000);
                SingleChronicleQueue next = Queues.openForWriting(queueDirectory, () -> Samples.START_MICROS / 1_000)) {
            DocumentContext unfinished = killed.createAppender().writingDocument();
            assertThat(unfinished.isOpen()).isTrue();
            assertThat(next.tableStoreGet("chronicle.write.lock"))
                    .isEqualTo(ProcessHandle.current().pid());

            Queues.forgetKilledWriter(next);

            assertThat(killed.tableStoreGet("chronicle.write.lock")).isEqualTo(AbstractTSQueueLock.UNLOCKED);
        }
    }

    /**
     * A container restarts its process with the PID that it had, so that the queue's own lock, which a killed writer left, seems to be held
     * by a process that is alive. Here it is: by this one.
     */
    @Test
    void lockOfADeadWriterWithOurPidDelaysLittle() {
        Samples.write(temporary, 1, 3);
        SingleChronicleQueue killed =
                Queues.openForWriting(temporary.resolve("queue"), () -> Samples.START_MICROS / 1_000);
        DocumentContext unfinished = killed.createAppender().writingDocument();
        assertThat(unfinished.isOpen()).isTrue();

        long start = System.nanoTime();
        Samples.write(temporary, 1, 3);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(Samples.readAll(temporary)).isEqualTo(Samples.range(1, 6));
        killed.close();
    }
}
