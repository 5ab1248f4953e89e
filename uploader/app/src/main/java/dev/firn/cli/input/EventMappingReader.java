package dev.firn.cli.input;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the keys of one event, with those of the whole mapping behind them. */
final class EventMappingReader {
    /**
     * Keys of one event, and those that stand beside {@code events} and count for each.
     *
     * @param shared null if there is one event only
     */
    record Layers(MappingNode own, @Nullable MappingNode shared) {
        Optional<MappingNode> get(String key) {
            Optional<MappingNode> there = own.get(key);
            return there.isPresent() || shared == null ? there : shared.get(key);
        }

        MappingNode require(String key) {
            return get(key).orElseGet(() -> own.require(key));
        }

        Map<String, MappingNode> attributes() {
            Map<String, MappingNode> all = new LinkedHashMap<>();
            if (shared != null) {
                shared.get("attributes").ifPresent(node -> all.putAll(node.members()));
            }
            own.get("attributes").ifPresent(node -> all.putAll(node.members()));
            return all;
        }
    }

    private final Mapping.Format format;
    private final Map<String, String> columns = new LinkedHashMap<>();
    private final Set<String> groups = new LinkedHashSet<>();

    EventMappingReader(Mapping.Format format) {
        this.format = format;
    }

    /** The columns that are referred to, each with the path of a key that does. */
    Map<String, String> columns() {
        return columns;
    }

    /** The groups that the patterns name. */
    Set<String> groups() {
        return groups;
    }

    EventMapping read(Layers keys) {
        Scope ofRow = new Scope(format, false, Set.of(), columns);
        When when = keys.get("when").map(node -> When.parse(node, ofRow)).orElse(null);
        ForEach forEach =
                keys.get("for_each").map(node -> ForEach.parse(node, ofRow)).orElse(null);
        Set<String> named = forEach == null ? Set.of() : forEach.groups();
        groups.addAll(named);
        Scope scope = new Scope(format, forEach != null, named, columns);
        ValueSpecReader values = new ValueSpecReader(scope);
        Optional<MappingNode> objectType = keys.get("object_type");
        Optional<MappingNode> objectId = keys.get("object_id");
        if (objectType.isPresent() != objectId.isPresent()) {
            throw objectType
                    .or(() -> objectId)
                    .orElseThrow()
                    .error("object_type and object_id come both or not at all");
        }
        Map<String, ValueSpec> attributes = new LinkedHashMap<>();
        keys.attributes().forEach((name, node) -> {
            if (name.startsWith("$")) {
                throw node.error("names that begin with $ are reserved");
            }
            attributes.put(name, values.attribute(node));
        });
        MappingNode moment = keys.require("occurred_at");
        EventMapping event = new EventMapping(
                when,
                forEach,
                values.field(keys.require("tenant_id")),
                values.field(keys.require("action")),
                values.field(keys.require("actor_id")),
                objectType.map(values::field).orElse(null),
                objectId.map(values::field).orElse(null),
                values.moment(moment),
                Offset.parse(moment, scope).orElse(null),
                attributes);
        event.check(keys);
        return event;
    }
}
