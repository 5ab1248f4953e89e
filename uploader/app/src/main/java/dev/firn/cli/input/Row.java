package dev.firn.cli.input;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row, or one part of it, as references look into it.
 *
 * @param number 1 for the first data row or line
 * @param header the columns of a CSV row; empty for JSON
 * @param cells  the cells of a CSV row; empty for JSON
 * @param json   the JSON of a line; missing for CSV
 * @param part   the part of the row that an event is made of, or null if it is made of the whole
 */
record Row(
        long number,
        Map<String, Integer> header,
        List<String> cells,
        JsonNode json,
        @Nullable Part part) {
    /**
     * One part of a row.
     *
     * @param number 1 for the first
     * @param value  a text, or what an array of JSON holds
     * @param groups what the groups of the pattern found
     */
    record Part(long number, Object value, Map<String, String> groups) {}

    static Row ofCsv(long number, Map<String, Integer> header, List<String> cells) {
        return new Row(number, header, cells, MissingNode.getInstance(), null);
    }

    static Row ofJson(long number, JsonNode json) {
        return new Row(number, Map.of(), List.of(), json, null);
    }

    Row withPart(Part one) {
        return new Row(number, header, cells, json, one);
    }

    @Nullable
    String cell(String column) {
        Integer index = header.get(column);
        return index == null ? null : cells.get(index);
    }
}
