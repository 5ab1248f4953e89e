package dev.firn.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.firn.ingest.Interleavings.ClosingRing;
import dev.firn.ingest.Interleavings.Drops;
import dev.firn.ingest.Interleavings.FullRing;
import dev.firn.ingest.Interleavings.LastPosition;
import dev.firn.ingest.Interleavings.Room;
import dev.firn.ingest.Interleavings.Times;
import dev.firn.ingest.Interleavings.Watermarks;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Explores the interleavings of what the client's threads share, by Lincheck, which runs each of {@link Interleavings} again and again and
 * decides itself where one thread stops and another goes on: at each read and write of a field, an array, an atomic or a variable handle,
 * those of the Disruptor included. It does so with sequential consistency; what a processor may reorder beyond that it does not show.
 *
 * <p>That the scenarios can fail is shown on the same code with a bug in it, each of them one that is easily made. More interleavings:
 * {@code -Dfirn.interleavings=100000}.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class InterleavingsTest {
    private static final int SHORT = 1_000;
    private static final int INVOCATIONS = Integer.getInteger("firn.interleavings", SHORT);
    /** A bug is found long before. */
    private static final int INVOCATIONS_TO_FIND = Math.max(5_000, INVOCATIONS);

    private static final String RING = "dev.firn.ingest.EventRing";
    private static final String DROPS = "dev.firn.ingest.DroppedEvents";
    private static final String ROOM = "dev.firn.ingest.DiskRoom";
    private static final String TIMINGS = "dev.firn.ingest.Timings";

    @TempDir
    Path changedClasses;

    @ParameterizedTest
    @ValueSource(
            classes = {
                ClosingRing.class,
                FullRing.class,
                LastPosition.class,
                Drops.class,
                Room.class,
                Times.class,
                Watermarks.class
            })
    void promiseHoldsInEachInterleaving(Class<? extends Runnable> scenario) throws Exception {
        assertThat(explored(INVOCATIONS, ExtractedJournal.source(), scenario)).isEqualTo("held " + scenario.getName());
    }

    private static ChangedSource changed(String className, String old, String replacement) {
        return ChangedSource.of(className).replacing(old, replacement);
    }

    static Stream<Arguments> bugs() {
        return Stream.of(
                arguments(
                        "a position is published before its slot is filled",
                        changed(
                                RING,
                                "Slot slot = ring.get(position);",
                                "ring.publish(position); Slot slot = ring.get(position);"),
                        ClosingRing.class,
                        "with its own"),
                arguments(
                        "no second look at closing after the claim",
                        changed(RING, "counts = !closing || position <= fixEnd();", "counts = true;"),
                        ClosingRing.class,
                        "what counts is what was accepted"),
                arguments(
                        "the end is fixed by whoever comes last",
                        changed(RING, "end.compareAndSet(NOT_FIXED, ring.getCursor());", "end.set(ring.getCursor());"),
                        ClosingRing.class,
                        "what counts is what was accepted"),
                arguments(
                        "the cursor is read after closing",
                        changed(
                                        RING,
                                        "long cursor = ring.getCursor();",
                                        "boolean closed = closing; long cursor = ring.getCursor();")
                                .replacing("return closing ? Math.min", "return closed ? Math.min"),
                        LastPosition.class,
                        "the last position"),
                arguments(
                        "a slot is cleared after its place was given back",
                        changed(
                                RING,
                                "return poller.poll(handler) == EventPoller.PollState.PROCESSING;",
                                "long next = consumedPosition() + 1; boolean any = poller.poll(handler) == EventPoller.PollState.PROCESSING; if (any) { ring.get(next).clear(); } return any;"),
                        FullRing.class,
                        "with its own"),
                arguments(
                        "a drop is counted before its time is noted",
                        changed(DROPS, "        dropped.increment();\n", "")
                                .replacing(
                                        "void add(long atMicros) {", "void add(long atMicros) { dropped.increment();"),
                        Drops.class,
                        "the times of a report"),
                arguments(
                        "the first that comes is taken for the earliest",
                        changed(
                                DROPS,
                                "firstAtMicros.accumulateAndGet(atMicros, Math::min);",
                                "firstAtMicros.compareAndSet(NONE, atMicros);"),
                        Drops.class,
                        "the times of a report"),
                arguments(
                        "a drop that is under way is forgotten by a report",
                        changed(DROPS, "begun.sum() == count ? NONE : earliestAtMicros", "NONE"),
                        Drops.class,
                        "the times of a report"),
                arguments(
                        "the writer's count is read after the free space",
                        changed(ROOM, "        long before = written.getAcquire();\n", "")
                                .replacing(
                                        "freeBytes = usable;",
                                        "freeBytes = usable; long before = written.getAcquire();"),
                        Room.class,
                        "a quarter of"),
                arguments(
                        "times are counted before they are added",
                        changed(TIMINGS, "        count = count + times;\n", "")
                                .replacing(
                                        "void add(long times, long ns) {",
                                        "void add(long times, long ns) { count = count + times;"),
                        Times.class,
                        "what is counted has"),
                arguments(
                        "the durable watermark is read after the disk was forced",
                        ExtractedJournal.source().replacing("durable = target;", "durable = lastSequence();"),
                        Watermarks.class,
                        "what sync returned is on disk"),
                arguments(
                        "a record is announced before its file",
                        ExtractedJournal.source()
                                .replacing(
                                        "if (appender.cycle() != cycle) {",
                                        "APPENDED.setRelease(this, sequence); if (appender.cycle() != cycle) {"),
                        Watermarks.class,
                        "what sync returned is on disk"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void bugIsFound(String bug, ChangedSource source, Class<? extends Runnable> scenario, String promise)
            throws Exception {
        assertThat(explored(INVOCATIONS_TO_FIND, source, scenario))
                .startsWith("broken")
                // A report whose range was never set makes no event.
                .containsAnyOf(Interleavings.BROKEN + promise, "InvalidEventException: attributes.first_dropped_at");
    }

    /** What the child says of a scenario, with one class taken from another source. */
    private String explored(int invocations, ChangedSource source, Class<? extends Runnable> scenario)
            throws IOException, InterruptedException {
        source.compileInto(changedClasses);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(changedClasses + File.pathSeparator + System.getProperty("java.class.path"));
        command.addAll(List.of(InterleavingsChild.class.getName(), "" + invocations, scenario.getName()));
        Path errors = changedClasses.resolve("errors.log");
        Process child =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        try {
            List<String> lines = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("held ") || line.startsWith("broken "))
                    .toList();
            assertThat(child.waitFor()).as("exit, see %s", errors).isZero();
            return lines.get(0).replace('\f', '\n');
        } finally {
            child.destroyForcibly();
        }
    }
}
