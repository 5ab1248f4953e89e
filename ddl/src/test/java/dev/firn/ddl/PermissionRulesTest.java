package dev.firn.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** SECURITY.CURRENT_PERMISSIONS against the rules written a second time, over random histories, one tenant for each seed. */
class PermissionRulesTest {
    private static final int SEEDS = 300;
    private static final Instant NOW = Instant.parse(Warehouse.NOW);
    private static final List<String> VERBS = List.of(
            "granted",
            "granted",
            "granted",
            "denied",
            "inherited",
            "inherited",
            "inherited",
            "inherited",
            "revoked",
            "inheritance_removed",
            "all_revoked",
            "restored");

    @Test
    void viewAgreesWithTheRulesOnRandomHistories() throws SQLException, JsonProcessingException {
        try (Warehouse warehouse = Warehouse.open()) {
            Map<String, List<PermissionRules.Change>> histories = new HashMap<>();
            List<String> lines = new ArrayList<>();
            for (int seed = 0; seed < SEEDS; seed++) {
                histories.put("T" + seed, history(seed, lines));
            }
            warehouse.load(lines);
            Map<String, List<PermissionRules.InForce>> inForce = new HashMap<>();
            for (List<String> row : warehouse.rows(
                    "SELECT TENANT_ID, PRINCIPAL, PERMISSION, SCOPE, EFFECT, DECIDING_EVENT_ID, SINCE, UNTIL FROM SECURITY.CURRENT_PERMISSIONS")) {
                inForce.computeIfAbsent(row.get(0), tenant -> new ArrayList<>())
                        .add(new PermissionRules.InForce(
                                row.get(1),
                                row.get(2),
                                row.get(3),
                                row.get(4),
                                row.get(5),
                                seconds(row.get(6)),
                                row.get(7).isEmpty() ? null : Long.valueOf(seconds(row.get(7)))));
            }

            for (int seed = 0; seed < SEEDS; seed++) {
                assertThat(inForce.getOrDefault("T" + seed, List.of()))
                        .as("seed %d", seed)
                        .containsExactlyInAnyOrderElementsOf(
                                PermissionRules.inForce(histories.get("T" + seed), NOW.getEpochSecond()));
            }
        }
    }

    @Test
    void aChainOfAHundredPrincipalsAndACliqueOfThirtyPassTheGrantOn() throws SQLException, JsonProcessingException {
        try (Warehouse warehouse = Warehouse.open()) {
            List<String> lines = new ArrayList<>();
            lines.add(line("C", "r", "granted", "p0", "2026-01-01T00:00:00Z", "\"permission\":\"chat.*\""));
            lines.add(line("Q", "r", "granted", "p0", "2026-01-01T00:00:00Z", "\"permission\":\"chat.*\""));
            for (int i = 1; i <= 100; i++) {
                lines.add(line("C", "c" + i, "inherited", "p" + i, "2026-01-02T00:00:00Z", inherits("p" + (i - 1))));
            }
            for (int i = 1; i < 30; i++) {
                for (int j = 0; j < 30; j++) {
                    lines.add(line(
                            "Q", "q" + i + "-" + j, "inherited", "p" + i, "2026-01-02T00:00:00Z", inherits("p" + j)));
                }
            }
            warehouse.load(lines);

            assertThat(
                            warehouse.rows(
                                    "SELECT TENANT_ID, EFFECT, COUNT(*) FROM SECURITY.CURRENT_PERMISSIONS GROUP BY TENANT_ID, EFFECT"))
                    .containsExactly(
                            List.of("C", "GRANT", "1"),
                            List.of("C", "INHERIT", "100"),
                            List.of("Q", "GRANT", "1"),
                            List.of("Q", "INHERIT", "29"));
        }
    }

    private static List<PermissionRules.Change> history(int seed, List<String> lines) {
        SplittableRandom random = new SplittableRandom(seed);
        List<PermissionRules.Change> changes = new ArrayList<>();
        int size = random.nextInt(3, 40);
        for (int i = 0; i < size; i++) {
            String verb = VERBS.get(random.nextInt(VERBS.size()));
            boolean all = verb.equals("all_revoked") || verb.equals("restored");
            String principal = all && random.nextInt(3) == 0 ? "*" : "p" + random.nextInt(6);
            // Few different moments, so that many are equal; some lie in the future.
            Instant at = NOW.plusSeconds(3600L * (random.nextInt(14) - 12));
            String permission = all ? null : random.nextInt(4) == 0 ? "sql.*" : "chat.*";
            String scope = random.nextInt(4) == 0 ? "s1" : "*";
            String from = verb.startsWith("inherit") ? "p" + random.nextInt(6) : null;
            String effect =
                    verb.equals("revoked") ? List.of("grant", "deny", "both").get(random.nextInt(3)) : null;
            Long expiresAt = (verb.equals("granted") || verb.equals("denied")) && random.nextBoolean()
                    ? Long.valueOf(at.getEpochSecond() + 3600L * random.nextInt(20))
                    : null;
            StringBuilder attributes = new StringBuilder("\"n\":" + i);
            append(attributes, "permission", permission);
            append(attributes, "scope", scope.equals("*") && random.nextBoolean() ? null : scope);
            append(attributes, "from", from);
            append(attributes, "effect", effect);
            append(
                    attributes,
                    "expires_at",
                    expiresAt == null ? null : Instant.ofEpochSecond(expiresAt).toString());
            String line = line("T" + seed, "", verb, principal, at.toString(), attributes.toString());
            lines.add(line);
            changes.add(new PermissionRules.Change(
                    idOf(line), verb, principal, at.getEpochSecond(), permission, scope, from, effect, expiresAt));
        }
        changes.sort(Comparator.comparing(PermissionRules.Change::id));
        return changes;
    }

    private static String idOf(String line) {
        try {
            return Warehouse.idOf(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void append(StringBuilder attributes, String name, @Nullable String value) {
        if (value != null) {
            attributes.append(",\"").append(name).append("\":\"").append(value).append('"');
        }
    }

    private static String inherits(String from) {
        return "\"permission\":\"chat.*\",\"from\":\"" + from + "\"";
    }

    private static String line(String tenant, String id, String verb, String principal, String at, String attributes) {
        return "{\"tenant\":\"" + tenant + "\"," + (id.isEmpty() ? "" : "\"id\":\"" + id + "\",")
                + "\"action\":\"permission." + verb + "\",\"object\":\"principal/" + principal + "\",\"at\":\"" + at
                + "\",\"attributes\":{" + attributes + "}}";
    }

    private static long seconds(String timestamp) {
        return LocalDateTime.parse(timestamp.replace(' ', 'T')).toEpochSecond(ZoneOffset.UTC);
    }
}
