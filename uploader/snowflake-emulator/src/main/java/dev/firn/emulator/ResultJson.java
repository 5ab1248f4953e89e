package dev.firn.emulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Columns and rows as the drivers read them: every cell a text, or null. */
final class ResultJson {
    private static final int MOST_BYTES = 16_777_216;

    private final ArrayNode rowType = Json.MAPPER.createArrayNode();
    private final ArrayNode rows = Json.MAPPER.createArrayNode();
    private final List<SqlTypes.Reported> types = new ArrayList<>();

    /** One row with one column. */
    static ResultJson of(String column, String type, String value) {
        ResultJson result = new ResultJson();
        result.column(column, new SqlTypes.Reported(type, type.equals("fixed") ? 38 : 0, 0));
        result.rows.addArray().add(value);
        return result;
    }

    /** The columns of a query of DuckDB, without rows. */
    static ResultJson columns(ResultSetMetaData columns, String sql) throws SQLException {
        ResultJson result = new ResultJson();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            result.column(label(columns.getColumnLabel(i), sql), SqlTypes.reported(columns.getColumnTypeName(i)));
        }
        return result;
    }

    /** What is not in quotes is upper case in Snowflake. */
    private static String label(String label, String sql) {
        return sql.contains('"' + label + '"') ? label : label.toUpperCase(Locale.ROOT);
    }

    private void column(String name, SqlTypes.Reported type) {
        types.add(type);
        ObjectNode column = rowType.addObject()
                .put("name", name)
                .put("database", "")
                .put("schema", "")
                .put("table", "")
                .put("nullable", true)
                .put("type", type.wire())
                .putNull("collation");
        if (type.wire().equals("fixed")) {
            column.put("precision", type.precision());
        } else {
            column.putNull("precision");
        }
        column.put("scale", type.scale());
        switch (type.wire()) {
            case "text", "variant", "binary" -> column.put("length", MOST_BYTES).put("byteLength", MOST_BYTES);
            default -> column.putNull("length").putNull("byteLength");
        }
    }

    /** Whether a column must be turned into JSON by DuckDB, whose driver would show a map of Java's. */
    boolean hasJson() {
        return types.stream().anyMatch(SqlTypes.Reported::isJson);
    }

    /** The query with each column that holds JSON as its text. */
    String asText(String sql) {
        StringBuilder select = new StringBuilder("SELECT ");
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < types.size(); i++) {
            String comma = i == 0 ? "" : ", ";
            select.append(comma).append(types.get(i).isJson() ? "to_json(C" + i + ")::VARCHAR" : "C" + i);
            names.append(comma).append('C').append(i);
        }
        return select + " FROM (" + sql + "\n) AS T(" + names + ")";
    }

    void addRows(ResultSet result) throws SQLException {
        while (result.next()) {
            ArrayNode row = rows.addArray();
            for (int i = 0; i < types.size(); i++) {
                row.add(cell(result, i + 1, types.get(i).wire()));
            }
        }
    }

    private static @Nullable String cell(ResultSet row, int column, String type) throws SQLException {
        return switch (type) {
            case "boolean" -> {
                boolean value = row.getBoolean(column);
                yield row.wasNull() ? null : value ? "1" : "0";
            }
            case "date" -> {
                LocalDate date = row.getObject(column, LocalDate.class);
                yield date == null ? null : Long.toString(date.toEpochDay());
            }
            case "time" -> {
                LocalTime time = row.getObject(column, LocalTime.class);
                yield time == null ? null : seconds(0, time.toNanoOfDay());
            }
            case "timestamp_ntz" -> {
                LocalDateTime time = row.getObject(column, LocalDateTime.class);
                yield time == null ? null : seconds(time.toEpochSecond(ZoneOffset.UTC), time.getNano());
            }
            case "timestamp_ltz" -> {
                OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
                yield time == null ? null : seconds(time.toInstant());
            }
            case "binary" -> {
                byte[] bytes = row.getBytes(column);
                yield bytes == null ? null : HexFormat.of().withUpperCase().formatHex(bytes);
            }
            default -> row.getString(column);
        };
    }

    private static String seconds(Instant time) {
        return seconds(time.getEpochSecond(), time.getNano());
    }

    private static String seconds(long seconds, long nanos) {
        return BigDecimal.valueOf(seconds).add(BigDecimal.valueOf(nanos, 9)).toPlainString();
    }

    int size() {
        return rows.size();
    }

    /** Adds row type and rows to an answer. */
    void putInto(ObjectNode data) {
        data.set("rowtype", rowType);
        data.set("rowset", rows);
        data.put("total", rows.size()).put("returned", rows.size()).put("queryResultFormat", "json");
    }
}
