package dev.firn.cli.input;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firn.event.Event;
import dev.firn.event.InvalidEventException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A declared way from the rows of CSV or NDJSON of any shape to events.
 *
 * <p>A mapping is a JSON object. {@code format} is {@code csv} or {@code ndjson}; {@code description} says what it is
 * for. The other keys are those of an event, or {@code events} has a list of objects with them; then those beside
 * {@code events} count for each that does not have them itself, and attributes are joined.
 *
 * <ul>
 *   <li>{@code tenant_id, action, actor_id, object_type, object_id, occurred_at, attributes}: values. A string is
 *       literal, with placeholders: <code>{Column}</code>, <code>{/json/pointer}</code>, <code>{#row}</code>, and of a
 *       part <code>{#part}</code>, <code>{.}</code>, <code>{./pointer}</code> and <code>{group}</code>. A brace itself
 *       is doubled.
 *   <li>An object has one of {@code column}, {@code pointer} and {@code value} (a string as above); {@code type};
 *       {@code pattern} and {@code zone} for a time, to which {@code plus_s} or {@code plus_ms} adds in
 *       {@code occurred_at}; {@code map} with {@code otherwise}; {@code default} or {@code optional}.
 *   <li>{@code for_each} takes a row apart and makes an event of each part.
 *   <li>{@code when} says which rows make the event.
 * </ul>
 *
 * <p>All events of a row are made, or none: a row that does not fit in one place is refused as a whole. A row that no
 * event is made of, by {@code when} or by {@code skip}, is skipped. Required attributes of known actions are not asked
 * for. {@code docs/mappings.md} has every key with an example.
 *
 * <p>Immutable.
 */
public final class Mapping {
    /** What the rows are. */
    public enum Format {
        /** RFC 4180 with a header row. */
        CSV,
        /** A JSON value on each line. */
        NDJSON
    }

    private static final List<String> OWN_KEYS = List.of("format", "description", "events");

    private final Format format;
    private final String description;
    private final List<EventMapping> events;
    private final Map<String, String> columns;
    private final Set<String> groups;

    private Mapping(
            Format format,
            String description,
            List<EventMapping> events,
            Map<String, String> columns,
            Set<String> groups) {
        this.format = format;
        this.description = description;
        this.events = List.copyOf(events);
        this.columns = columns;
        this.groups = groups;
    }

    /** @throws InputException naming the path of the key that is wrong */
    public static Mapping parse(String json) {
        JsonNode tree;
        try {
            tree = JsonRows.value(json, "");
        } catch (InvalidEventException e) {
            throw new InputException("the mapping " + e.getMessage());
        }
        MappingNode root = new MappingNode("", tree).requireObject();
        Set<String> keys = new TreeSet<>(EventMapping.KEYS);
        keys.addAll(OWN_KEYS);
        root.allow(List.copyOf(keys));
        Format format = format(root.require("format"));
        EventMappingReader reader = new EventMappingReader(format);
        List<EventMapping> events = new ArrayList<>();
        Optional<MappingNode> several = root.get("events");
        if (several.isEmpty()) {
            events.add(reader.read(new EventMappingReader.Layers(root, null)));
        } else {
            for (MappingNode event : several.get().items()) {
                event.requireObject().allow(EventMapping.KEYS);
                events.add(reader.read(new EventMappingReader.Layers(event, root)));
            }
        }
        String description = root.get("description").map(MappingNode::text).orElse("");
        return new Mapping(format, description, events, reader.columns(), reader.groups());
    }

    private static Format format(MappingNode node) {
        return switch (node.text()) {
            case "csv" -> Format.CSV;
            case "ndjson" -> Format.NDJSON;
            default -> throw node.error("must be csv or ndjson");
        };
    }

    public Format format() {
        return format;
    }

    /** What it is for, or empty. */
    public String description() {
        return description;
    }

    /** @throws InputException if the mapping names a column that the header does not have */
    void checkHeader(Map<String, Integer> header) {
        columns.forEach((column, path) -> {
            if (!header.containsKey(column)) {
                throw new InputException(path + ": the file has no such column: column=" + column);
            }
        });
        for (String group : groups) {
            if (header.containsKey(group)) {
                throw new InputException(
                        "for_each.pattern: the file has a column of the same name: group=" + group + "; rename it");
            }
        }
    }

    /**
     * @return none if the row is skipped
     * @throws InvalidEventException if the row does not fit
     */
    List<Event> events(Row row) {
        List<Event> all = new ArrayList<>();
        for (EventMapping event : events) {
            all.addAll(event.events(row));
        }
        return all;
    }
}
