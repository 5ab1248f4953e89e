package dev.firn.cli.input;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads how values are made: strings, other literals, and objects. */
final class ValueSpecReader {
    private static final List<String> SOURCES = List.of("column", "pointer", "value");
    private static final List<String> COMMON = List.of("column", "pointer", "value", "map", "otherwise", "default");

    /** One of the two is there. */
    record Source(@Nullable Reference reference, @Nullable Literal literal) {}

    private final Scope scope;

    ValueSpecReader(Scope scope) {
        this.scope = scope;
    }

    /** A field of the event: a text. */
    ValueSpec field(MappingNode node) {
        return checked(node, read(node, COMMON, ValueType.STRING, null));
    }

    /** {@code occurred_at}: RFC 3339 unless there is a pattern. */
    ValueSpec moment(MappingNode node) {
        List<String> keys = with(COMMON, "pattern", "zone", "plus_s", "plus_ms");
        return checked(node, read(node, keys, null, TimeFormat.RFC_3339));
    }

    /** An attribute: of any type. */
    ValueSpec attribute(MappingNode node) {
        return checked(node, read(node, with(COMMON, "type", "pattern", "zone", "optional"), null, null));
    }

    private static List<String> with(List<String> keys, String... more) {
        List<String> all = new ArrayList<>(keys);
        all.addAll(List.of(more));
        return all;
    }

    private static ValueSpec checked(MappingNode node, ValueSpec spec) {
        spec.check(node);
        return spec;
    }

    private ValueSpec read(
            MappingNode node, List<String> keys, @Nullable ValueType usualType, @Nullable TimeFormat usualTime) {
        if (!node.json().isObject()) {
            if (node.json().isArray()) {
                throw node.error("must be a string, a number, true, false, or an object with column, pointer or value");
            }
            return ValueSpec.of(Literal.parse(node, scope), usualType, usualTime);
        }
        node.allow(keys);
        Source source = source(node);
        ValueType type = type(node).orElse(usualType);
        TimeFormat time = node.get("pattern")
                .map(pattern -> TimeFormat.parse(pattern, node.get("zone").orElse(null)))
                .orElse(usualTime);
        if (node.get("pattern").isEmpty()) {
            node.get("zone").ifPresent(zone -> {
                throw zone.error("needs a pattern beside it");
            });
        } else {
            node.get("type").ifPresent(both -> {
                throw both.error("and pattern exclude each other: a time is kept as text in UTC");
            });
        }
        Optional<MappingNode> otherwise = node.get("otherwise");
        if (otherwise.isPresent() && node.get("map").isEmpty()) {
            throw otherwise.get().error("needs a map beside it");
        }
        Optional<MappingNode> fallback = node.get("default");
        Optional<MappingNode> optional = node.get("optional");
        if (fallback.isPresent() && optional.isPresent()) {
            throw optional.get().error("and default exclude each other");
        }
        return new ValueSpec(
                source.reference(),
                source.literal(),
                type,
                time,
                node.get("map").map(this::map).orElse(null),
                otherwise.flatMap(this::otherwise).orElse(null),
                otherwise.isPresent() && otherwise.get().json().has("skip"),
                fallback.map(value -> Literal.parse(value, scope)).orElse(null),
                optional.isPresent() && optional.get().flag());
    }

    /** Where a value comes from, by the one key that says it. */
    Source source(MappingNode node) {
        if (SOURCES.stream().filter(node.json()::has).count() != 1) {
            throw node.error("needs exactly one of " + String.join(", ", SOURCES));
        }
        Optional<Reference> column = node.get("column").map(name -> scope.column(name.text(), name));
        Optional<Reference> pointer = node.get("pointer").map(text -> scope.pointer(text.text(), text));
        return new Source(
                column.or(() -> pointer).orElse(null),
                node.get("value").map(value -> Literal.parse(value, scope)).orElse(null));
    }

    private static Optional<ValueType> type(MappingNode node) {
        return node.get("type")
                .map(type -> ValueType.named(type.text())
                        .orElseThrow(
                                () -> type.error("must be one of string, integer, number, decimal, boolean, json")));
    }

    private Map<String, Literal> map(MappingNode node) {
        Map<String, Literal> map = new LinkedHashMap<>();
        node.members().forEach((key, target) -> map.put(key, Literal.parse(target, scope)));
        if (map.isEmpty()) {
            throw node.error("must have at least one value");
        }
        return map;
    }

    private Optional<Literal> otherwise(MappingNode node) {
        node.requireObject().allow(List.of("value", "skip"));
        if (node.json().size() != 1) {
            throw node.error("needs exactly one of skip, value");
        }
        Optional<MappingNode> skip = node.get("skip");
        if (skip.isPresent() && !skip.get().flag()) {
            throw skip.get().error("must be true: without otherwise the row becomes a dead letter");
        }
        return node.get("value").map(value -> Literal.parse(value, scope));
    }
}
