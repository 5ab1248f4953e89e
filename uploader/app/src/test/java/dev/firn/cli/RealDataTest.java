package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.firn.ddl.Ddl;
import dev.firn.ddl.DdlObject;
import dev.firn.ddl.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Public real data, from its file to the views. */
class RealDataTest {
    private static final Path DATA = Path.of(System.getProperty("firn.shared"), "data");

    @TempDir
    private Path parent;

    private void importFile(String mapping, String file) {
        Path path = DATA.resolve(file);
        assumeTrue(Files.exists(path), "the public data set is not here: " + path);
        CommandRun run = CommandRun.of("import", "--dir", dir(), "--mapping", mapping, path.toString());
        assertThat(run.code()).as(run.toString()).isZero();
        CommandRun upload = CommandRun.of("upload", "--dir", dir());
        assertThat(upload.code()).as(upload.toString()).isZero();
    }

    private String dir() {
        return parent.resolve("data").toString();
    }

    private String csv(String sql) {
        CommandRun query = CommandRun.of("query", "--dir", dir(), "--format", "csv", sql);
        assertThat(query.code()).as(query.toString()).isZero();
        return query.out();
    }

    private Map<String, String> views() {
        Map<String, String> contents = new LinkedHashMap<>();
        for (DdlObject object : new Ddl().objects(Engine.DUCKDB)) {
            if (object.kind() == DdlObject.Kind.VIEW) {
                contents.put(object.qualifiedName(), csv("SELECT * FROM " + object.qualifiedName() + " ORDER BY ALL"));
            }
        }
        return contents;
    }

    @Test
    void theAzureTraceGivesItsPublishedFiguresAndImportingItAgainChangesNoView() {
        importFile("azure-llm-inference", "azure-llm-inference-2023/conv.csv");
        assertThat(
                        csv(
                                "SELECT COUNT(*) AS N, SUM(INPUT_TOKENS) AS I, SUM(OUTPUT_TOKENS) AS O FROM ANALYTICS.CORTEX_USAGE_LOG"))
                .isEqualTo("N,I,O\r\n19366,22361870,4088665\r\n");
        Map<String, String> before = views();

        importFile("azure-llm-inference", "azure-llm-inference-2023/conv.csv");

        assertThat(views()).isEqualTo(before);
        assertThat(csv("SELECT COUNT(*) AS N, MIN(COPIES) AS C FROM ACTIVITY.EVENTS"))
                .isEqualTo("N,C\r\n19366,2\r\n");
        CommandRun verify = CommandRun.of("verify", "--dir", dir());
        assertThat(verify.code()).as(verify.toString()).isZero();
    }

    @Test
    void callsOfTheTraceCostWhatThePriceListSays() {
        importFile("azure-llm-inference", "azure-llm-inference-2023/conv.csv");
        importFile("genai-prices", "genai-prices/prices.csv");

        // 3 and 15 dollars per million tokens, for 22,361,870 and 4,088,665 of them.
        assertThat(csv("SELECT SUM(TOTAL_COST)::DECIMAL(18, 6) AS USD FROM REPORTING.V_DAILY_COST_BY_ORG"))
                .isEqualTo("USD\r\n128.415585\r\n");
    }

    @Test
    void dialoguesBecomeConversationsWithTheirMessagesInOrder() {
        importFile("aci-bench", "aci-bench/valid.csv");

        assertThat(csv("SELECT COUNT(*) AS N, SUM(MESSAGE_COUNT) AS M FROM NEXUSCHAT.CONVERSATIONS"))
                .isEqualTo("N,M\r\n20,1051\r\n");
        assertThat(csv("SELECT ROLE, CONTENT FROM NEXUSCHAT.CHAT_MESSAGES WHERE CONVERSATION_ID = 'D2N068'"
                        + " ORDER BY CREATED_AT LIMIT 3"))
                .isEqualTo(
                        "ROLE,CONTENT\r\nassistant,\"hi , brian . how are you ?\"\r\n"
                                + "user,\"hi , good to see you .\"\r\n"
                                + "assistant,\"it's good to see you too . so , i know the nurse told you a little bit about dax .\"\r\n");
    }

    @Test
    void webhooksBecomeTenantsUsersAndPermissions() {
        importFile("octokit-webhooks", "octokit-webhooks/payloads.ndjson");

        assertThat(csv("SELECT ORG_NAME, STATUS FROM TENANT_MANAGEMENT.ORGANIZATIONS ORDER BY ORG_NAME"))
                .contains("Codertocat,active", "Octocoders,active");
        assertThat(csv("SELECT COUNT(*) AS N FROM TENANT_MANAGEMENT.ORG_USERS")).isNotEqualTo("N\r\n0\r\n");
        assertThat(csv("SELECT EFFECT FROM SECURITY.CURRENT_PERMISSIONS")).contains("GRANT");
        assertThat(csv("SELECT COUNT(*) AS N FROM QUALITY.DEAD_LETTERS")).isEqualTo("N\r\n0\r\n");
    }
}
