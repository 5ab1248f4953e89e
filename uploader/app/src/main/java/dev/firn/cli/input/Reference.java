package dev.firn.cli.input;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.firn.cli.input.Row.Part;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something in a row that a mapping points at. Found is a {@code String} for text, a {@link JsonNode} for a value of
 * JSON, and null for what is missing or empty: no such member, JSON's null, an empty cell or an empty text.
 */
sealed interface Reference {
    @Nullable
    Object find(Row row);

    /** As it stands in a mapping, for messages. */
    String shown();

    /** The cell of a CSV row. */
    record Column(String name) implements Reference {
        @Override
        public @Nullable Object find(Row row) {
            return present(row.cell(name));
        }

        @Override
        public String shown() {
            return "column " + name;
        }
    }

    /** What a group of the pattern of {@code for_each} found. */
    record Group(String name) implements Reference {
        @Override
        public @Nullable Object find(Row row) {
            Map<String, String> groups =
                    row.part() == null ? Map.of() : row.part().groups();
            return present(groups.get(name));
        }

        @Override
        public String shown() {
            return "group " + name;
        }
    }

    /** A place in the JSON of the row. */
    record Pointer(JsonPointer pointer) implements Reference {
        @Override
        public @Nullable Object find(Row row) {
            return present(row.json().at(pointer));
        }

        @Override
        public String shown() {
            return "pointer " + pointer;
        }
    }

    /** The part, {@code .}, or a place in the JSON of it, {@code ./name}. */
    record InPart(JsonPointer pointer) implements Reference {
        @Override
        public @Nullable Object find(Row row) {
            Part part = row.part();
            if (part == null) {
                return null;
            }
            if (pointer.matches()) {
                return present(part.value());
            }
            return part.value() instanceof JsonNode json ? present(json.at(pointer)) : null;
        }

        @Override
        public String shown() {
            return "part ." + pointer;
        }
    }

    /** {@code #row}. */
    record RowNumber() implements Reference {
        @Override
        public Object find(Row row) {
            return Long.toString(row.number());
        }

        @Override
        public String shown() {
            return "#row";
        }
    }

    /** {@code #part}. */
    record PartNumber() implements Reference {
        @Override
        public @Nullable Object find(Row row) {
            return row.part() == null ? null : Long.toString(row.part().number());
        }

        @Override
        public String shown() {
            return "#part";
        }
    }

    private static @Nullable Object present(@Nullable Object found) {
        if (found instanceof JsonNode json) {
            boolean absent = json.isMissingNode()
                    || json.isNull()
                    || json.isTextual() && json.textValue().isEmpty();
            return absent ? null : json;
        }
        return found instanceof String text && text.isEmpty() ? null : found;
    }
}
