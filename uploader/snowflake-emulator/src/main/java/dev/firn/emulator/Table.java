package dev.firn.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A table that rows are streamed into. */
record Table(String database, String schema, String name, List<Column> columns) {
    String quoted() {
        return "\"" + schema + "\".\"" + name + '"';
    }

    @Override
    public String toString() {
        return database + '.' + schema + '.' + name;
    }

    /** Texts in the order of the columns. */
    @Nullable
    String[] row(JsonNode fields) throws Column.Unfit {
        @Nullable String[] row = new @Nullable String[columns.size()];
        int known = 0;
        for (int i = 0; i < row.length; i++) {
            Column column = columns.get(i);
            JsonNode value = fields.get(column.name());
            known += value == null ? 0 : 1;
            row[i] = column.text(value);
        }
        if (known < fields.size()) {
            throw new Column.Unfit(new Column(unknown(fields), "", true), "no such column", 0);
        }
        return row;
    }

    private String unknown(JsonNode fields) {
        Set<String> names = new HashSet<>();
        columns.forEach(column -> names.add(column.name()));
        return fields.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> !names.contains(name))
                .collect(Collectors.joining(", "));
    }
}
