package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.cli.demo.ChatPlatform;
import dev.firn.cli.demo.Step;
import dev.firn.event.EventParser;
import dev.firn.event.InvalidEventException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
