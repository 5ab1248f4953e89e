package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventIdCommandTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String EVENT =
            "{\"tenant_id\":\"t\",\"action\":\"a.b\",\"actor_id\":\"x\",\"occurred_at\":\"2025-01-01T00:00:00Z\"}";

    @TempDir
    Path directory;

    private CliFixture cli;

    @BeforeEach
    void setUp() {
        cli = new CliFixture(directory);
    }

    @Test
    void everyVectorHasItsIds() throws IOException {
        Path vectors = Path.of(System.getProperty("firn.shared"), "design", "event-id-vectors.ndjson");
        assumeTrue(Files.exists(vectors), "skipped: the test vectors are not here");
        List<String> lines = Files.readAllLines(vectors);
        assertThat(lines).isNotEmpty();
        StringBuilder all = new StringBuilder();
        StringBuilder ids = new StringBuilder();
        for (String line : lines) {
            JsonNode vector = JSON.readTree(line);
            // As it stands there: writing it anew could change it.
            String event = line.substring("{\"event\":".length(), line.indexOf(",\"canonical\":"));
            String id = vector.path("event_id").asText();
            String canonical = vector.path("canonical").asText();
            all.append(event).append('\n');
            ids.append(id).append('\n');
            assertThat(cli.input(event).run("event-id", "--canonical")).isEqualTo(Exit.DONE);
            assertThat(cli.out()).isEqualTo(id + "\t" + canonical + "\n");
            int code = cli.run(
                    "event-id",
                    "--spec",
                    "v2",
                    "--lane",
                    vector.path("source_lane").asText(),
                    "--recv-at",
                    vector.path("recv_at").asText());
            assertThat(code).isEqualTo(Exit.DONE);
            assertThat(cli.out()).isEqualTo(vector.path("event_id_v2").asText() + "\n");
        }
        assertThat(cli.input(all.toString()).run("event-id")).isEqualTo(Exit.DONE);
        assertThat(cli.out()).isEqualTo(ids.toString());
        assertThat(cli.data()).doesNotExist();
    }

    @Test
    void aBadLineGivesItsReasonInItsPlace() {
        int code = cli.input("\uFEFF" + EVENT + "\r\nplanted\n\n" + EVENT).run("event-id");
        assertThat(code).isEqualTo(Exit.FAILED);
        String[] lines = cli.out().split("\n");
        assertThat(lines).hasSize(4);
        assertThat(lines[0]).hasSize(64).isEqualTo(lines[3]);
        assertThat(lines[1]).isEqualTo("-\tNOT_JSON");
        assertThat(lines[2]).isEqualTo("-\tBLANK_LINE");
        assertThat(cli.err()).isEmpty();
    }

    @Test
    void anyNamespaceHasAnId() {
        assertThat(cli.input(EVENT.replace("a.b", "pipeline.x")).run("event-id"))
                .isEqualTo(Exit.DONE);
    }

    @Test
    void manyLinesComeOutInOrder() {
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            input.append(EVENT.replace("\"x\"", "\"x" + i + "\"")).append('\n');
        }
        assertThat(cli.input(input.toString()).run("event-id", "--canonical")).isEqualTo(Exit.DONE);
        String[] lines = cli.out().split("\n");
        assertThat(lines).hasSize(5_000);
        assertThat(lines[4_999]).contains("\"actor_id\":\"x4999\"");
    }

    @Test
    void anEventsOwnLaneIsPartOfItsLegacyId() {
        String own = EVENT.replace("{", "{\"source_lane\":\"MCP\",");
        cli.input(own + "\n" + EVENT)
                .run("event-id", "--spec", "v2", "--lane", "MCP", "--recv-at", "2025-01-01T00:00:00Z");
        String[] same = cli.out().split("\n");
        assertThat(same[0]).isEqualTo(same[1]);
        cli.run("event-id", "--spec", "v2", "--lane", "IMPORT", "--recv-at", "2025-01-01T00:00:00Z");
        String[] other = cli.out().split("\n");
        assertThat(other[0]).isEqualTo(same[0]);
        assertThat(other[1]).isNotEqualTo(same[1]);
    }

    @Test
    void wrongUsageIsExitTwo() {
        cli.input(EVENT);
        assertThat(cli.run("event-id", "--spec", "v2")).isEqualTo(Exit.USAGE);
        assertThat(cli.run("event-id", "--spec", "v1")).isEqualTo(Exit.USAGE);
        assertThat(cli.run("event-id", "--lane", "MCP")).isEqualTo(Exit.USAGE);
        assertThat(cli.run("event-id", "--spec", "v2", "--lane", "L", "--recv-at", "now"))
                .isEqualTo(Exit.USAGE);
        assertThat(cli.run("event-id", "file")).isEqualTo(Exit.USAGE);
        assertThat(cli.out()).isEmpty();
    }
}
