package dev.firn.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about events says what the code does. */
class DocumentationTest {
    private static final Path PAGE = Path.of("..", "docs", "events.md");

    @Test
    void everyReasonCodeIsExplained() throws IOException {
        String page = Files.readString(PAGE);
        for (Reason reason : Reason.values()) {
            assertThat(page).contains("| `" + reason + "` |");
        }
    }

    @Test
    void everyKnownActionStandsThereWithItsObjectAndItsAttributes() throws IOException {
        String page = Files.readString(PAGE);
        for (ActionSpec spec : ActionCatalog.all()) {
            assertThat(page).contains(row(spec));
        }
    }

    private static String row(ActionSpec spec) {
        String attributes = spec.attributes().stream()
                .map(attribute -> attribute.required() ? "**" + attribute.name() + "**" : attribute.name())
                .collect(Collectors.joining(", "));
        return "| `" + spec.action() + "` | `" + spec.objectType() + "` | " + attributes + " |";
    }

    @Test
    void theVectorOnThePageIsRight() throws IOException {
        Event event = new EventParser()
                .parse(
                        "{\"tenant_id\":\"T1\",\"action\":\"a.b\",\"actor_id\":\"x\",\"occurred_at\":\"2026-01-02T03:04:05Z\"}");

        assertThat(Files.readString(PAGE)).contains("    " + event.canonical() + "\n    " + event.eventId() + "\n");
    }
}
