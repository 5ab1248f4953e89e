package dev.firn.cli.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.firn.event.Event;
import dev.firn.event.EventTime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The ready mappings on the public data that they are for. */
class ReadyMappingsTest {
    private static final JsonMapper JSON = new JsonMapper();

    private static Mapped mapped(String name, String file) {
        Path data = Path.of(System.getProperty("firn.shared"), "data", file);
        assumeTrue(Files.exists(data), "skipped: the public data is not here: " + file);
        try (InputStream in = Files.newInputStream(data)) {
            return Mapped.of(Mapping.parse(ReadyMappings.find(name).orElseThrow()), in);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode attributes(Event event) {
        try {
            return JSON.readTree(event.canonical()).path("attributes");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> ids(Mapped mapped) {
        return mapped.events.stream().map(Event::eventId).collect(Collectors.toSet());
    }

    private static void assertWhole(Mapped mapped, String name, String file) {
        assertThat(mapped.problems()).isEmpty();
        assertThat(ids(mapped)).hasSameSizeAs(mapped.events);
        assertThat(ids(mapped(name, file))).isEqualTo(ids(mapped));
    }

    @Test
    void azureTokensAddUp() {
        String file = "azure-llm-inference-2023/conv.csv";
        Mapped mapped = mapped("azure-llm-inference", file);
        assertWhole(mapped, "azure-llm-inference", file);
        assertThat(mapped.events).hasSize(19_366);
        long prompt = 0;
        long completion = 0;
        for (Event event : mapped.events) {
            JsonNode attributes = attributes(event);
            prompt += attributes.path("prompt_tokens").longValue();
            completion += attributes.path("completion_tokens").longValue();
        }
        assertThat(prompt).isEqualTo(22_361_870);
        assertThat(completion).isEqualTo(4_088_665);
        Event first = mapped.events.get(0);
        assertThat(first.canonical())
                .isEqualTo("{\"action\":\"cortex.completed\",\"actor_id\":\"gateway\",\"attributes\":{"
                        + "\"completion_tokens\":44,\"function\":\"complete\",\"model\":\"claude-sonnet-4-5\","
                        + "\"prompt_tokens\":374,\"request_id\":\"conv-1\"},\"object_id\":\"conv-1\","
                        + "\"object_type\":\"request\",\"occurred_at\":\"2023-11-16T18:15:46.680590Z\","
                        + "\"tenant_id\":\"HCS0001\",\"v\":3}");
        assertThat(EventTime.format(mapped.events.get(19_365).occurredAtMicros()))
                .startsWith("2023-11-16T19:14:08");
    }

    @Test
    void everyPriceHasAKeyOfItsOwn() {
        Mapped mapped = mapped("genai-prices", "genai-prices/prices.csv");
        assertWhole(mapped, "genai-prices", "genai-prices/prices.csv");
        assertThat(mapped.events).hasSize(184).allSatisfy(event -> {
            assertThat(event.tenantId()).isEqualTo("_system");
            assertThat(event.isAdmissible()).isTrue();
        });
        Set<String> keys = new HashSet<>();
        for (Event event : mapped.events) {
            assertThat(keys.add(event.objectId() + " " + attributes(event).path("valid_from")))
                    .as("model and validity are unique: %s", event.objectId())
                    .isTrue();
        }
        Map<String, Event> undated = mapped.events.stream()
                .filter(event -> !attributes(event).has("valid_from"))
                .collect(Collectors.toMap(Event::objectId, Function.identity()));
        assertThat(attributes(undated.get("claude-sonnet-4-5")).toString())
                .isEqualTo("{\"cache_read_usd_per_mtok\":\"0.3\",\"cache_write_usd_per_mtok\":\"3.75\","
                        + "\"input_usd_per_mtok\":\"3\",\"output_usd_per_mtok\":\"15\",\"provider\":\"anthropic\"}");
        assertThat(undated).containsKeys("google/claude-3-haiku", "claude-3-haiku", "gemini-2.5-pro", "gemma-2-27b-it");
        assertThat(attributes(undated.get("claude-3-haiku")).path("provider").asText())
                .isEqualTo("anthropic");
        assertThat(attributes(undated.get("text-embedding-3-small"))
                        .path("output_usd_per_mtok")
                        .asText())
                .isEqualTo("0");
        // Its output has a price that the list does not know: no price is better than a wrong one.
        assertThat(attributes(undated.get("gpt-image-2")).has("output_usd_per_mtok"))
                .isFalse();
        assertThat(mapped.events)
                .filteredOn(event -> attributes(event).has("valid_from"))
                .hasSize(4)
                .filteredOn(event -> "o3".equals(event.objectId()))
                .singleElement()
                .satisfies(
                        event -> assertThat(attributes(event).path("valid_from").asText())
                                .isEqualTo("2025-06-10T00:00:00.000000Z"));
    }

    @Test
    void aPriceOfAnotherSellerStandsUnderItsName() {
        Mapped mapped = Mapped.of(
                ReadyMappings.find("genai-prices").orElseThrow(),
                "provider,model,valid_from,input_usd_per_mtok,output_usd_per_mtok,cache_read_usd_per_mtok,"
                        + "cache_write_usd_per_mtok\nreseller,claude-sonnet-4-5,,4,20,,\n");
        assertThat(mapped.events).extracting(Event::objectId).containsExactly("reseller/claude-sonnet-4-5");
    }

    @Test
    void everyTurnOfADialogueIsAMessageInItsPlace() {
        Mapped mapped = mapped("aci-bench", "aci-bench/valid.csv");
        assertWhole(mapped, "aci-bench", "aci-bench/valid.csv");
        assertThat(mapped.rows).isEqualTo(20);
        assertThat(mapped.events)
                .filteredOn(event -> event.action().equals("conversation.started"))
                .hasSize(20);
        // 1,053 lines, of which two go on with the turn before them.
        List<Event> messages = mapped.events.stream()
                .filter(event -> event.action().equals("conversation.message_sent"))
                .toList();
        assertThat(messages).hasSize(1_051);
        assertThat(messages)
                .extracting(event -> attributes(event).path("speaker").asText())
                .containsOnly("doctor", "patient", "patient_guest");
        assertThat(messages)
                .allSatisfy(event -> assertThat(attributes(event).path("role").asText())
                        .isEqualTo(attributes(event).path("speaker").asText().equals("doctor") ? "assistant" : "user"));
        List<Event> first = messages.stream()
                .filter(event -> "D2N068".equals(event.objectId()))
                .toList();
        assertThat(first).isSortedAccordingTo((a, b) -> Long.compare(a.occurredAtMicros(), b.occurredAtMicros()));
        assertThat(attributes(first.get(0)).path("message_id").asText()).isEqualTo("D2N068-1");
        assertThat(attributes(first.get(0)).path("text").asText()).isEqualTo("hi , brian . how are you ?");
        assertThat(EventTime.format(first.get(0).occurredAtMicros())).isEqualTo("2025-01-01T00:00:01.000000Z");
        // A line without a speaker belongs to the turn before it.
        assertThat(first)
                .filteredOn(event -> attributes(event).path("text").asText().contains("\nlastly ,"))
                .hasSize(1);
    }

    @Test
    void everyWebhookIsAccountedFor() {
        Mapped mapped = mapped("octokit-webhooks", "octokit-webhooks/payloads.ndjson");
        assertWhole(mapped, "octokit-webhooks", "octokit-webhooks/payloads.ndjson");
        assertThat(mapped.rows).isEqualTo(41);
        // 12 of repository and 2 of public are about neither tenants nor users nor permissions.
        assertThat(mapped.skipped).isEqualTo(14);
        assertThat(mapped.events).hasSize(27);
        Map<String, Long> actions =
                mapped.events.stream().collect(Collectors.groupingBy(Event::action, Collectors.counting()));
        assertThat(actions)
                .containsOnly(
                        Map.entry("tenant.created", 2L),
                        Map.entry("tenant.archived", 1L),
                        Map.entry("tenant.suspended", 1L),
                        Map.entry("tenant.activated", 1L),
                        Map.entry("tenant.settings_changed", 1L),
                        Map.entry("tenant.renamed", 1L),
                        Map.entry("user.added", 2L),
                        Map.entry("user.invited", 1L),
                        Map.entry("permission.denied", 2L),
                        Map.entry("permission.revoked", 2L),
                        Map.entry("permission.granted", 6L),
                        Map.entry("permission.inherited", 1L),
                        Map.entry("permission.inheritance_removed", 3L),
                        Map.entry("permission.all_revoked", 1L),
                        Map.entry("repository.collaborator_changed", 1L),
                        Map.entry("team.edited", 1L));
        assertThat(mapped.events).extracting(Event::occurredAtMicros).isSorted();
        assertThat(mapped.canonical())
                .contains("{\"action\":\"user.added\",\"actor_id\":\"gh-21031067\",\"attributes\":{"
                        + "\"login\":\"hacktocat\",\"membership_state\":\"pending\",\"role\":\"user\","
                        + "\"sender_login\":\"Codertocat\",\"webhook\":\"organization.member_added\"},"
                        + "\"object_id\":\"gh-39652351\",\"object_type\":\"user\","
                        + "\"occurred_at\":\"2025-01-01T00:00:17.000000Z\",\"tenant_id\":\"gh-38302899\",\"v\":3}");
    }

    @Test
    void webhooksThatTheExamplesLackAreMappedToo() {
        String organization = "\"organization\":{\"id\":1,\"login\":\"o\"},\"sender\":{\"id\":2,\"login\":\"s\"}";
        Mapped mapped = Mapped.of(
                ReadyMappings.find("octokit-webhooks").orElseThrow(),
                "{\"github_event\":\"organization\",\"payload\":{\"action\":\"member_removed\",\"membership\":{\"user\":"
                        + "{\"id\":3,\"login\":\"u\"}}," + organization + "}}\n"
                        + "{\"github_event\":\"organization\",\"payload\":{\"action\":\"deleted\"," + organization
                        + "}}\n"
                        + "{\"github_event\":\"member\",\"payload\":{\"action\":\"removed\",\"member\":{\"id\":3,"
                        + "\"login\":\"u\"},\"repository\":{\"id\":4,\"full_name\":\"o/r\",\"owner\":{\"id\":1}},"
                        + organization + "}}\n"
                        + "{\"github_event\":\"organization\",\"payload\":{\"action\":\"something_new\"," + organization
                        + "}}\n"
                        + "{\"github_event\":\"star\",\"payload\":{}}\n");
        assertThat(mapped.problems()).isEmpty();
        assertThat(mapped.events)
                .extracting(Event::action)
                .containsExactly("user.removed", "tenant.archived", "permission.revoked");
        assertThat(mapped.skipped).isEqualTo(2);
    }

    @Test
    void anUnknownNameIsNone() {
        assertThat(ReadyMappings.find("../secret")).isEmpty();
    }
}
