package dev.firn.cli.input;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a row, each of which makes an event.
 *
 * @param source    the text or the array that is taken apart
 * @param separator between the parts of a text, or null for an array
 * @param pattern   what each part must match as a whole, or null
 * @param groups    the groups that the pattern names
 * @param optional  whether a missing or empty source has no parts, rather than being a mistake
 */
record ForEach(
        Reference source,
        @Nullable String separator,
        @Nullable Pattern pattern,
        Set<String> groups,
        boolean optional) {
    private static final String FIELD = "for_each";
    private static final Pattern GROUP = Pattern.compile("\\(\\?<([a-zA-Z][a-zA-Z0-9]*)>");

    static ForEach parse(MappingNode node, Scope ofRow) {
        node.requireObject().allow(List.of("column", "pointer", "split", "pattern", "optional"));
        Reference reference = new ValueSpecReader(ofRow).source(node).reference();
        if (reference == null) {
            throw node.error("needs column or pointer");
        }
        Optional<MappingNode> split = node.get("split");
        if (reference instanceof Reference.Column && split.isEmpty()) {
            throw node.error("needs split beside column: the text between two parts");
        }
        if (split.isPresent() && split.get().text().isEmpty()) {
            throw split.get().error("must not be empty");
        }
        Pattern pattern = node.get("pattern").map(ForEach::pattern).orElse(null);
        return new ForEach(
                reference,
                split.map(MappingNode::text).orElse(null),
                pattern,
                pattern == null ? Set.of() : groups(pattern),
                node.get("optional").map(MappingNode::flag).orElse(false));
    }

    private static Pattern pattern(MappingNode node) {
        try {
            return Pattern.compile(node.text());
        } catch (PatternSyntaxException e) {
            throw node.error("is not a regular expression of Java: at=" + e.getIndex());
        }
    }

    private static Set<String> groups(Pattern pattern) {
        Set<String> names = new LinkedHashSet<>();
        for (Matcher group = GROUP.matcher(pattern.pattern()); group.find(); ) {
            names.add(group.group(1));
        }
        return names;
    }

    /** @throws dev.firn.event.InvalidEventException if the source has no parts, or one does not match the pattern */
    List<Row> parts(Row row) {
        Object found = source.find(row);
        if (found == null) {
            if (optional) {
                return List.of();
            }
            throw Values.unmapped(FIELD, source.shown() + " is missing or empty, and for_each is not optional");
        }
        List<Row> parts = new ArrayList<>();
        for (Object value : values(found)) {
            long number = parts.size() + 1L;
            parts.add(row.withPart(new Row.Part(number, value, matched(value, number))));
        }
        return parts;
    }

    private List<?> values(Object found) {
        if (separator != null) {
            return split(Values.text(found, FIELD), separator);
        }
        if (!(found instanceof JsonNode json) || !json.isArray()) {
            throw Values.unmapped(FIELD, source.shown() + " is not an array; a text needs split");
        }
        List<JsonNode> items = new ArrayList<>();
        json.forEach(items::add);
        return items;
    }

    /** A separator at the very end ends the last part, as a line feed ends a line, and does not begin another. */
    private static List<String> split(String text, String separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf(separator, from);
            end = end < 0 ? text.length() : end;
            parts.add(text.substring(from, end));
            from = end + separator.length();
        }
        return parts;
    }

    private Map<String, String> matched(Object value, long number) {
        if (pattern == null) {
            return Map.of();
        }
        Matcher matcher = pattern.matcher(Values.text(value, FIELD));
        if (!matches(matcher)) {
            throw Values.unmapped(FIELD, "a part does not match the pattern: part=" + number);
        }
        Map<String, String> found = new LinkedHashMap<>();
        for (String group : groups) {
            String text = matcher.group(group);
            if (text != null) {
                found.put(group, text);
            }
        }
        return found;
    }

    /** Java matches alternatives by recursion: a pattern like (a|b)* needs a stack as deep as the text is long. */
    static boolean matches(Matcher matcher) {
        try {
            return matcher.matches();
        } catch (StackOverflowError e) {
            throw Values.unmapped(FIELD, "the pattern is too expensive for a text of this length");
        }
    }
}
