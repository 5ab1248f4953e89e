package dev.firn.cli.input;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Which rows make an event.
 *
 * @param reference what is looked at, or null
 * @param value     a text with placeholders, if it is not one reference
 * @param words     the texts that it may be; empty if there is a pattern
 * @param pattern   what it must match as a whole, or null
 */
record When(
        @Nullable Reference reference,
        @Nullable Template value,
        Set<String> words,
        @Nullable Pattern pattern) {
    private static final String FIELD = "when";

    static When parse(MappingNode node, Scope ofRow) {
        node.requireObject().allow(List.of("column", "pointer", "value", "is", "matches"));
        ValueSpecReader.Source source = new ValueSpecReader(ofRow).source(node);
        Template value = source.literal() == null ? null : source.literal().text();
        if (source.reference() == null && value == null) {
            throw node.require("value").error("must be a string");
        }
        Set<String> words = new HashSet<>();
        node.get("is")
                .ifPresent(
                        is -> (is.json().isArray() ? is.items() : List.of(is)).forEach(word -> words.add(word.text())));
        if (words.isEmpty() == node.get("matches").isEmpty()) {
            throw node.error("needs exactly one of is, matches");
        }
        return new When(
                source.reference(),
                value,
                words,
                node.get("matches").map(When::pattern).orElse(null));
    }

    private static Pattern pattern(MappingNode node) {
        try {
            return Pattern.compile(node.text());
        } catch (PatternSyntaxException e) {
            throw node.error("is not a regular expression of Java: at=" + e.getIndex());
        }
    }

    /** What is missing counts as the empty text. */
    boolean holds(Row row) {
        String text = text(row);
        return pattern == null ? words.contains(text) : ForEach.matches(pattern.matcher(text));
    }

    private String text(Row row) {
        if (value != null) {
            return value.fill(row, FIELD);
        }
        Object found = reference == null ? null : reference.find(row);
        return found == null ? "" : Values.text(found, FIELD);
    }
}
