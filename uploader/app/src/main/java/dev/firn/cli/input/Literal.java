package dev.firn.cli.input;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A value that stands in the mapping itself.
 *
 * @param text of a string, which may have placeholders; else null
 * @param json the value as it stands
 */
record Literal(@Nullable Template text, JsonNode json) {
    static Literal parse(MappingNode node, Scope scope) {
        if (node.json().isNull()) {
            throw node.error("must not be null: leave it out, or use optional");
        }
        return new Literal(node.json().isTextual() ? Template.parse(node.text(), scope, node) : null, node.json());
    }

    boolean isConstant() {
        return text == null || text.constant().isPresent();
    }
}
