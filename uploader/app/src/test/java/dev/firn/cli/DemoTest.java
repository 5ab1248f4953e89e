package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.cli.demo.ChatPlatform;
import dev.firn.cli.demo.Step;
import dev.firn.event.EventParser;
import dev.firn.event.InvalidEventException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    @TempDir
    private Path parent;

    private static List<String> steps(long seed, long events) {
        List<String> steps = new ArrayList<>();
        new ChatPlatform(seed, events)
                .forEachRemaining(step -> steps.add(step.kind() + " "
                        + (step.event() == null ? "" : step.event().eventId())));
        return steps;
    }

    @Test
    void theSameSeedGivesTheSameEvents() {
        assertThat(steps(7, 5_000)).isEqualTo(steps(7, 5_000)).isNotEqualTo(steps(8, 5_000));
        assertThat(steps(7, 5_000)).hasSize((int) ChatPlatform.steps(5_000));
    }

    @Test
    void everyGeneratedEventIsOneOfItsOwnAndEveryMalformedLineIsNone() {
        Set<String> ids = new HashSet<>();
        EventParser parser = new EventParser();
        new ChatPlatform(1, 20_000).forEachRemaining(step -> {
            if (step.kind() == Step.Kind.GENERATED) {
                assertThat(ids.add(step.event().eventId())).isTrue();
            } else if (step.kind() == Step.Kind.MALFORMED) {
                assertThat(refused(parser, step.line())).isTrue();
            } else {
                assertThat(ids).contains(step.event().eventId());
            }
        });
        assertThat(ids).hasSize(20_000);
    }

    private static boolean refused(EventParser parser, byte[] line) {
        try {
            parser.parse(line, 0, line.length);
            return false;
        } catch (InvalidEventException e) {
            return true;
        }
    }

    @Test
    void theBooksBalanceThroughACrash() {
        String dir = parent.resolve("demo").toString();

        CommandRun demo = CommandRun.of("demo", "--events", "20000", "--dir", dir);

        assertThat(demo.code()).as(demo.toString()).isZero();
        assertThat(demo.out())
                .contains("\nbalanced\n")
                .containsPattern("= journaled +\\| +20,420 \\|")
                .containsPattern("= events in ACTIVITY.EVENTS +\\| +20,020 \\|")
                .containsPattern(
                        "The application was killed at sequence [0-9,]+; the crash took [0-9,]+ accepted events")
                .containsPattern("\\| HCS0007 \\| EXCEEDED +\\|");
        assertThat(demo.err()).contains("killed the application");
        assertThat(killedAt(demo)).isPositive().isLessThan(ChatPlatform.steps(20_000) * 3 / 4);
        CommandRun verify = CommandRun.of("verify", "--dir", dir);
        assertThat(verify.code()).as(verify.toString()).isZero();
        assertThat(CommandRun.of(
                                "query",
                                "--dir",
                                dir,
                                "--format",
                                "csv",
                                "SELECT ORG_ID FROM TENANT_MANAGEMENT.ORGANIZATIONS WHERE STATUS = 'suspended'")
                        .out())
                .isEqualTo("ORG_ID\r\nHCS0013\r\n");
    }

    private static long killedAt(CommandRun demo) {
        Matcher killed = Pattern.compile("killed at sequence ([0-9,]+);").matcher(demo.out());
        assertThat(killed.find()).as(demo.toString()).isTrue();
        return Long.parseLong(killed.group(1).replace(",", ""));
    }

    @Test
    void theSmallestDemoIsKilledInItsMiddleToo() {
        CommandRun demo = CommandRun.of(
                "demo", "--events", "1000", "--dir", parent.resolve("demo").toString());

        assertThat(demo.code()).as(demo.toString()).isZero();
        assertThat(killedAt(demo)).isBetween(1L, ChatPlatform.steps(1_000) * 3 / 4);
    }

    @Test
    void anApplicationWhoseDemoIsKilledEnds() throws Exception {
        Path dir = parent.resolve("demo");
        Process demo = FirnProcess.start(
                parent.resolve("output"), "demo", "--events", "100000", "--rate", "200", "--dir", dir.toString());
        try {
            while (demo.isAlive() && accepted(dir.resolve("accepted")) == 0) {
                Thread.onSpinWait();
            }
            ProcessHandle application = demo.descendants().findFirst().orElseThrow();

            demo.destroyForcibly().waitFor();

            assertThat(application.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
        } finally {
            demo.descendants().forEach(ProcessHandle::destroyForcibly);
            demo.destroyForcibly().waitFor();
        }
        CommandRun again = CommandRun.of("demo", "--events", "1000", "--dir", dir.toString());
        assertThat(again.code()).as(again.toString()).isZero();
    }

    private static long accepted(Path file) throws IOException {
        byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        return bytes.length < Long.BYTES ? 0 : ByteBuffer.wrap(bytes).getLong();
    }

    @Test
    void aDemoInWhichSomebodyWorkedOnIsLeftAlone() throws Exception {
        Path dir = Files.createDirectory(parent.resolve("demo"));
        Files.createFile(dir.resolve(".firn-demo"));
        CommandRun.of("emit", "--dir", dir.toString());

        CommandRun demo = CommandRun.of("demo", "--events", "1000", "--dir", dir.toString());

        assertThat(demo.code()).isEqualTo(Exit.FAILED);
        assertThat(demo.err()).contains("a journal that is not the demo's", "journal=" + dir.resolve("journals/cli"));
        assertThat(CommandRun.of("status", "--dir", dir.toString()).code()).isZero();
    }

    @Test
    void aDirectoryThatNoDemoMadeIsLeftAlone() throws Exception {
        Path mine = Files.createDirectory(parent.resolve("mine"));
        Files.writeString(mine.resolve("thesis.txt"), "years of work");

        CommandRun demo = CommandRun.of("demo", "--events", "1000", "--dir", mine.toString());

        assertThat(demo.code()).isEqualTo(Exit.FAILED);
        assertThat(demo.err()).contains("was not made by a demo");
        assertThat(mine.resolve("thesis.txt")).hasContent("years of work");
    }
}
