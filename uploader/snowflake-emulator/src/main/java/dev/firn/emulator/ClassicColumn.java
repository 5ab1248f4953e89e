package dev.firn.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A column as a client of classic streaming sees it: what it is told about the type decides how it writes the
 * values into Parquet.
 *
 * @param type     as Snowflake writes it
 * @param logical  what it means
 * @param physical how many bytes a value has
 */
record ClassicColumn(Column column, String type, String logical, String physical, int precision, int scale) {
    private static final int MOST_DIGITS = 38;
    private static final int MICROS = 6;
    private static final int NANOS = 9;
    private static final int UNSUPPORTED = 6;

    /** @throws ClassicRefusal if classic streaming, or the emulator of it, has no such type */
    static ClassicColumn of(Column column) {
        return switch (column.type()) {
            case "VARCHAR" -> new ClassicColumn(column, "VARCHAR(" + Column.MOST_BYTES + ')', "TEXT", "LOB", 0, 0);
            case "VARIANT", "JSON" -> new ClassicColumn(column, "VARIANT", "VARIANT", "LOB", 0, 0);
            case "BOOLEAN" -> new ClassicColumn(column, "BOOLEAN", "BOOLEAN", "SB1", 0, 0);
            case "DOUBLE", "FLOAT" -> new ClassicColumn(column, "FLOAT", "REAL", "DOUBLE", 0, 0);
            case "DATE" -> new ClassicColumn(column, "DATE", "DATE", "SB4", 0, 0);
            case "TIMESTAMP" -> new ClassicColumn(column, "TIMESTAMP_NTZ(6)", "TIMESTAMP_NTZ", "SB8", 0, MICROS);
            case "TIMESTAMP_NS" -> new ClassicColumn(column, "TIMESTAMP_NTZ(9)", "TIMESTAMP_NTZ", "SB16", 0, NANOS);
            case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT" -> number(column, MOST_DIGITS, 0);
            default -> {
                if (!column.type().startsWith("DECIMAL(")) {
                    throw new ClassicRefusal(
                            UNSUPPORTED, "column " + column.name() + " has a type without streaming: " + column.type());
                }
                String[] digits = column.type().replaceAll("[^0-9,]", "").split(",");
                yield number(column, Integer.parseInt(digits[0]), Integer.parseInt(digits[1]));
            }
        };
    }

    private static ClassicColumn number(Column column, int precision, int scale) {
        return new ClassicColumn(column, "NUMBER(" + precision + ',' + scale + ')', "FIXED", "SB16", precision, scale);
    }

    /** @param ordinal its place in the table, from 1 */
    ObjectNode describe(int ordinal) {
        ObjectNode json = Json.object()
                .put("name", '"' + column.name() + '"')
                .put("type", type)
                .put("logical_type", logical)
                .put("physical_type", physical)
                .put("precision", precision)
                .put("scale", scale)
                .put("nullable", column.nullable())
                .put("ordinal", ordinal);
        return logical.equals("TEXT")
                ? json.put("length", Column.MOST_BYTES).put("byte_length", Column.MOST_BYTES)
                : json;
    }

    /** SQL for the text that stands for a value in Parquet; a time is a decimal number of seconds there. */
    String select() {
        String value = '"' + column.name() + '"';
        String units = "CAST(replace(CAST(" + value + " AS VARCHAR), '.', '') AS BIGINT)";
        String typed = switch (column.type()) {
            case "TIMESTAMP" -> "make_timestamp(" + units + ')';
            case "TIMESTAMP_NS" -> "make_timestamp_ns(" + units + ')';
            default -> value;
        };
        return "CAST(" + typed + " AS VARCHAR)";
    }

    /** What a client of the other kind of streaming would have sent. */
    JsonNode value(String text) {
        if (!logical.equals("VARIANT")) {
            return Json.MAPPER.getNodeFactory().textNode(text);
        }
        try {
            return Json.MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException("a VARIANT is no JSON: column=" + column.name(), e);
        }
    }
}
