package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the uploader through schedules of {@link Simulation}, as many as {@code -Dfirn.schedules=1000000} says, from the seed
 * {@code -Dfirn.seed} on. A failure names its seed; {@code -Dfirn.schedules=1 -Dfirn.seed=N} is that schedule again.
 *
 * <p>That the schedules can fail is shown on the same code with a bug in it, each of them one that is easily made.
 */
class SimulationTest {
    private static final long SCHEDULES = Long.getLong("firn.schedules", 20_000);
    private static final long FIRST_SEED = Long.getLong("firn.seed", 1);
    private static final long SCHEDULES_TO_FIND = 2_000;

    @TempDir
    private Path changedClasses;

    @Test
    void nothingIsLostOrDoubledInAnySchedule() {
        long seed = Simulation.firstBroken(FIRST_SEED, SCHEDULES);

        assertThat(seed == 0 ? "" : "-Dfirn.schedules=1 -Dfirn.seed=" + seed + ": " + Simulation.run(seed))
                .isEmpty();
    }

    @Test
    void aSeedIsTheSameScheduleEachTime() throws Exception {
        ChangedSource bug = uploader("source.force();", "");
        long seed = firstBroken(bug);

        assertThat(firstBroken(bug)).isEqualTo(seed);
    }

    private static ChangedSource uploader(String old, String replacement) {
        return ChangedSource.of(JournalUploader.class).replacing(old, replacement);
    }

    private static ChangedSource striped(String old, String replacement) {
        return ChangedSource.of(StripedSink.class).replacing(old, replacement);
    }

    private static Stream<Arguments> bugs() {
        return Stream.of(
                arguments(
                        "reading begins one too late", uploader("long target = from + 1;", "long target = from + 2;")),
                arguments("reading begins one too early", uploader("long target = from + 1;", "long target = from;")),
                arguments(
                        "reading goes on where it was",
                        uploader("        seek(from);\n", "        if (isFirst) { seek(from); }\n")),
                arguments("what is not on disk is sent", uploader("source.force();", "")),
                arguments(
                        "what is handed over counts as committed",
                        uploader("inFlight.add(taken);", "inFlight.add(taken); acknowledge(sent);")),
                arguments(
                        "what was under way stays so when the channel is opened again",
                        uploader("inFlight.keepUpTo(from);", "")),
                arguments(
                        "a batch comes again whole after a part of it was taken",
                        uploader("Batch rest = whole.after(sent);", "Batch rest = whole;")),
                arguments(
                        "a batch that found no room is forgotten",
                        uploader("Batch rest = whole.after(sent);", "Batch rest = whole.after(whole.token());")),
                arguments("nobody sees that nothing is committed", uploader("throw stalled(nowNs);", "")),
                arguments(
                        "a dead connection is not replaced",
                        uploader("isConnectionDead |= remedy == Remedy.RECREATE;", "")),
                arguments(
                        "what is refused later is not asked for",
                        uploader("from.refused(before, token).stream()", "List.<Long>of().stream()")),
                arguments(
                        "what is refused later is not asked for after a start",
                        uploader(
                                "committed = Math.min(from, Math.max(committed, source.firstSequence() - 1));",
                                "committed = from;")),
                arguments(
                        "the token is kept before the dead letters are there",
                        uploader("refused.isEmpty() ? token : refused.get(0) - 1", "token")),
                arguments(
                        "dead letters count as there once they are handed over",
                        uploader(
                                ".filter(sequence -> missing",
                                ".filter(sequence -> !setAside.contains(sequence) && missing")),
                arguments(
                        "dead letters that a new channel forgot are not sent again",
                        uploader("        setAside.clear();\n", "")),
                arguments(
                        "dead letters move the token past what failed",
                        uploader("read(sequence), sent);", "read(sequence), attempted);")),
                arguments("reading goes on behind the record of a dead letter", uploader("source.seek(next);", "")),
                arguments(
                        "the rest of a batch of which a part is committed is forgotten",
                        ChangedSource.of(InFlight.class).replacing("batches.addFirst(first.after(sequence));", "")),
                arguments(
                        "what had arrived before a failure is not told of",
                        uploader("inFlight.add(Batch.of(batch));", "")),
                arguments(
                        "a stripe gets again what it took",
                        striped("|| row.sequence() > given[stripe]", "|| row.sequence() > 0")),
                arguments(
                        "a stripe that is behind is forgotten at the start",
                        striped(
                                "Math.min(handedOver, nextOf(stripe, given[stripe]) - 1)",
                                "Math.max(handedOver % Long.MAX_VALUE, given[stripe])")),
                arguments(
                        "a stripe that is behind does not hold the token back",
                        striped("if (token < given[stripe]) {", "if (false) {")),
                arguments(
                        "a dead letter sets its stripe's token back",
                        striped("long token = Math.max(given[stripe], last);", "long token = last;")),
                arguments(
                        "stripes do not know what the journal lost",
                        uploader("opened.passOver(source.missing());", "")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void aBugIsFound(String bug, ChangedSource source) throws Exception {
        assertThat(firstBroken(source)).as(bug).isPositive();
    }

    private long firstBroken(ChangedSource source) throws Exception {
        try (URLClassLoader loader = source.load(changedClasses)) {
            Method simulate = loader.loadClass(Simulation.class.getName())
                    .getDeclaredMethod("firstBroken", long.class, long.class);
            simulate.setAccessible(true);
            return (long) simulate.invoke(null, 1L, SCHEDULES_TO_FIND);
        }
    }
}
