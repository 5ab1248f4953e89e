package dev.firn.event;

import dev.firn.event.AttributeSpec.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The actions that typed builders and views know. The catalogue is open: any other well-formed action is stored too. */
public final class ActionCatalog {
    private static final Map<String, ActionSpec> ACTIONS = new LinkedHashMap<>();

    static {
        namespace("tenant", "tenant")
                .knows(Kind.TEXT, "org_name", "database_name", "warehouse_name", "role_name", "contact_email")
                .knows(Kind.TEXT, "timezone", "reason")
                .knows(Kind.MONEY, "monthly_cost_limit")
                .knows(Kind.COUNT, "daily_token_limit", "data_retention_days")
                .knows(Kind.FLAG, "enable_cortex", "enable_caching", "enable_compression")
                .action("created", "org_name")
                .actions("activated", "suspended", "archived", "limits_changed", "settings_changed")
                .action("renamed", "org_name");
        namespace("user", "user")
                .knows(Kind.TEXT, "email", "reason")
                .oneOf("role", "admin", "user", "viewer")
                .action("added", "role")
                .action("role_changed", "role")
                .actions("locked", "unlocked", "deactivated", "reactivated", "removed");
        namespace("permission", "principal")
                .knows(Kind.TEXT, "permission", "scope", "reason", "from")
                .knows(Kind.TIME, "expires_at")
                .knows(Kind.COUNT, "max_rows", "daily_runtime_budget_s")
                .knows(Kind.FLAG, "can_export")
                .oneOf("effect", "grant", "deny", "both")
                .action("granted", "permission")
                .action("denied", "permission")
                .action("revoked", "permission", "effect")
                .action("inherited", "permission", "from")
                .action("inheritance_removed", "permission", "from")
                .actions("all_revoked", "restored");
        namespace("session", "session")
                .knows(Kind.TEXT, "ip_hash", "user_agent", "reason")
                .actions("started", "ended");
        namespace("conversation", "conversation")
                .knows(Kind.TEXT, "title", "model", "message_id", "text", "parent_message_id")
                .oneOf("role", "user", "assistant", "system", "tool")
                .knows(Kind.COUNT, "tokens", "latency_ms")
                .knows(Kind.MONEY, "cost_usd")
                .knows(Kind.FLAG, "cached")
                .actions("started", "renamed", "archived", "deleted")
                .action("message_sent", "message_id", "role");
        namespace("cortex", "request")
                .oneOf("function", "complete", "embed", "search", "sentiment", "summarize", "execute_sql")
                .knows(Kind.TEXT, "model", "query_type", "query_tag", "warehouse", "conversation_id", "session_id")
                .knows(Kind.TEXT, "prompt_sha256", "params_sha256", "error")
                .knows(Kind.PREVIEW, "prompt_preview")
                .knows(Kind.COUNT, "prompt_tokens", "completion_tokens", "cached_tokens", "cache_write_tokens")
                .knows(Kind.COUNT, "compression_saved_tokens", "latency_ms", "ttl_s")
                .knows(Kind.MONEY, "cost_usd", "credits")
                .knows(Kind.FLAG, "cache_hit")
                .knows(Kind.ANY, "response")
                .action("completed", "function", "model", "prompt_tokens", "completion_tokens")
                .action("failed", "function", "model", "prompt_tokens", "completion_tokens")
                .action("cache_stored", "prompt_sha256", "params_sha256", "model", "ttl_s")
                .actions("cache_cleared");
        namespace("budget", "budget")
                .oneOf("level", "WARNING", "CRITICAL", "EXCEEDED")
                .knows(Kind.NUMBER, "used_pct")
                .knows(Kind.ANY, "limit")
                .knows(Kind.TEXT, "message")
                .action("alert_raised", "level")
                .action("alert_acknowledged", "level")
                .action("hold_placed", "level")
                .action("hold_lifted", "level");
        namespace("config", "setting").knows(Kind.ANY, "value").action("set", "value");
        namespace("insight", "subject")
                .knows(Kind.TEXT, "metric", "provenance_query_hash")
                .knows(Kind.ANY, "value")
                .knows(Kind.COUNT, "ttl_s")
                .action("recorded", "metric", "value");
        namespace("query", "query")
                .knows(Kind.TEXT, "template", "query_tag", "reason")
                .knows(Kind.ANY, "params")
                .knows(Kind.COUNT, "rows", "bytes", "runtime_ms")
                .actions("submitted", "executed", "rejected");
        namespace("price", "model")
                .knows(Kind.MONEY, "input_usd_per_mtok", "output_usd_per_mtok")
                .knows(Kind.MONEY, "cache_read_usd_per_mtok", "cache_write_usd_per_mtok")
                .knows(Kind.TIME, "valid_from")
                .action("set", "input_usd_per_mtok", "output_usd_per_mtok");
        namespace("quality", "record")
                .knows(Kind.TEXT, "reason", "field", "message", "source", "bytes_base64", "producer_id")
                .knows(Kind.COUNT, "position", "size_bytes", "part", "parts", "seq")
                .action("dead_lettered", "reason", "message", "source", "position", "size_bytes", "bytes_base64")
                .actions("dead_letter_resolved");
        namespace("pipeline", "producer")
                .knows(Kind.TEXT, "reason", "damage", "file")
                .knows(Kind.COUNT, "count", "first_sequence", "last_sequence", "files", "bytes")
                .knows(Kind.TIME, "first_dropped_at", "last_dropped_at")
                .action("events_dropped", "count", "first_dropped_at", "last_dropped_at", "reason")
                .action("journal_damaged", "first_sequence", "last_sequence", "damage", "file")
                .actions("offset_refused", "offset_accepted", "replay_started", "replay_finished")
                .action("journal_trimmed", "first_sequence", "last_sequence", "files", "bytes")
                .actions("hold_placed", "hold_lifted", "audit_finished");
    }

    private ActionCatalog() {}

    public static Optional<ActionSpec> find(String action) {
        return Optional.ofNullable(ACTIONS.get(action));
    }

    public static Collection<ActionSpec> all() {
        return Collections.unmodifiableCollection(ACTIONS.values());
    }

    static ActionSpec get(String action) {
        return find(action).orElseThrow(() -> new IllegalArgumentException("not in the catalogue: action=" + action));
    }

    private static Namespace namespace(String name, String objectType) {
        return new Namespace(name, objectType);
    }

    /** Collects the attributes of a namespace, then its actions with those that are required. */
    private static final class Namespace {
        private final String name;
        private final String objectType;
        private final List<AttributeSpec> attributes = new ArrayList<>();

        Namespace(String name, String objectType) {
            this.name = name;
            this.objectType = objectType;
        }

        Namespace knows(Kind kind, String... names) {
            for (String attribute : names) {
                attributes.add(new AttributeSpec(attribute, kind, false, List.of()));
            }
            return this;
        }

        Namespace oneOf(String attribute, String... allowed) {
            attributes.add(new AttributeSpec(attribute, Kind.ONE_OF, false, List.of(allowed)));
            return this;
        }

        Namespace actions(String... verbs) {
            for (String verb : verbs) {
                action(verb);
            }
            return this;
        }

        Namespace action(String verb, String... required) {
            Set<String> missing = new HashSet<>(Arrays.asList(required));
            List<AttributeSpec> specs = new ArrayList<>();
            for (AttributeSpec attribute : attributes) {
                specs.add(missing.remove(attribute.name()) ? attribute.asRequired() : attribute);
            }
            if (!missing.isEmpty()) {
                throw new IllegalStateException("required but not known: action=" + name + "." + verb + " " + missing);
            }
            String action = name + "." + verb;
            ACTIONS.put(action, new ActionSpec(action, objectType, specs));
            return this;
        }
    }
}
