package dev.firn.cli.input;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.Map;
import java.util.Set;

/**
 * What an event of a mapping may refer to.
 *
 * @param format  the format of the input
 * @param inPart  whether there is a {@code for_each}
 * @param groups  the groups that its pattern names
 * @param columns collects the columns that are referred to, each with a path of keys, to be compared with the header
 */
record Scope(Mapping.Format format, boolean inPart, Set<String> groups, Map<String, String> columns) {
    /** @param text what stands between the braces of a placeholder */
    Reference placeholder(String text, MappingNode where) {
        if (text.equals("#row")) {
            return new Reference.RowNumber();
        }
        if (text.equals("#part")) {
            requirePart(text, where);
            return new Reference.PartNumber();
        }
        if (text.equals(".") || text.startsWith("./") || text.startsWith("/")) {
            return pointer(text, where);
        }
        return column(text, where);
    }

    /** @param text a JSON pointer, or one that begins with a point for the part */
    Reference pointer(String text, MappingNode where) {
        boolean ofPart = text.startsWith(".");
        if (ofPart) {
            requirePart(text, where);
        } else if (format == Mapping.Format.CSV) {
            throw where.error("a CSV row has columns, no pointers: " + text);
        }
        JsonPointer pointer;
        try {
            pointer = JsonPointer.compile(ofPart ? text.substring(1) : text);
        } catch (IllegalArgumentException e) {
            throw where.error("is not a JSON pointer (RFC 6901), such as /payload/action: " + text);
        }
        return ofPart ? new Reference.InPart(pointer) : new Reference.Pointer(pointer);
    }

    /** @param name a column, or a group of the pattern */
    Reference column(String name, MappingNode where) {
        if (groups.contains(name)) {
            return new Reference.Group(name);
        }
        if (format == Mapping.Format.NDJSON) {
            throw where.error("a JSON line has pointers, such as /name, no columns: " + name);
        }
        columns.putIfAbsent(name, where.path());
        return new Reference.Column(name);
    }

    private void requirePart(String text, MappingNode where) {
        if (!inPart) {
            throw where.error("there are parts in an event with for_each only: " + text);
        }
    }
}
