package dev.firn.cli.input;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A place in the JSON of a mapping, with its path of keys for messages.
 *
 * @param path such as {@code events[1].attributes.tokens}; empty for the whole
 */
record MappingNode(String path, JsonNode json) {
    InputException error(String problem) {
        return new InputException((path.isEmpty() ? "the mapping" : path) + ": " + problem);
    }

    MappingNode requireObject() {
        if (!json.isObject()) {
            throw error("must be a JSON object");
        }
        return this;
    }

    /** Refuses any other key: a misspelt one would be ignored for ever. */
    void allow(List<String> keys) {
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            if (!keys.contains(member.getKey())) {
                throw child(member.getKey())
                        .error("is not a key of a mapping here; the keys are "
                                + String.join(", ", new TreeSet<>(keys)));
            }
        }
    }

    Optional<MappingNode> get(String key) {
        return json.has(key) ? Optional.of(child(key)) : Optional.empty();
    }

    MappingNode require(String key) {
        return get(key).orElseThrow(() -> child(key).error("is required"));
    }

    private MappingNode child(String key) {
        return new MappingNode(path.isEmpty() ? key : path + "." + key, json.path(key));
    }

    String text() {
        if (!json.isTextual()) {
            throw error("must be a string");
        }
        return json.textValue();
    }

    boolean flag() {
        if (!json.isBoolean()) {
            throw error("must be true or false");
        }
        return json.booleanValue();
    }

    Map<String, MappingNode> members() {
        requireObject();
        Map<String, MappingNode> members = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            members.put(member.getKey(), child(member.getKey()));
        }
        return members;
    }

    /** @throws InputException if it is not an array, or empty */
    List<MappingNode> items() {
        if (!json.isArray() || json.isEmpty()) {
            throw error("must be an array with at least one item");
        }
        List<MappingNode> items = new ArrayList<>();
        for (JsonNode item : json) {
            items.add(new MappingNode(path + "[" + items.size() + "]", item));
        }
        return items;
    }
}
