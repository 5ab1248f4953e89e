package dev.firn.ddl;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The comment that each SQL file begins with: {@code -- NAME: sentence}, then the labelled lines {@code grain}, {@code reads},
 * {@code promises} and {@code checks}; a line indented further continues the one above.
 */
record Header(String name, String sentence, Map<String, String> labels) {
    static final List<String> LABELS = List.of("grain", "reads", "promises", "checks");
    private static final Pattern TITLE = Pattern.compile("-- ([A-Z_.0-9]+): (.+)");
    private static final Pattern LABELLED = Pattern.compile("-- (grain|reads|promises|checks) +(.+)");
    private static final String CONTINUED = "--           ";

    static Header of(String text) {
        String[] lines = text.split("\n", -1);
        Matcher title = TITLE.matcher(lines[0]);
        if (!title.matches()) {
            throw new IllegalStateException("a file must begin with its name and one sentence: line=" + lines[0]);
        }
        Map<String, String> labels = new HashMap<>();
        String label = "";
        for (int i = 1; i < lines.length && lines[i].startsWith("--"); i++) {
            Matcher labelled = LABELLED.matcher(lines[i]);
            if (labelled.matches()) {
                label = labelled.group(1);
                labels.put(label, labelled.group(2));
            } else if (lines[i].startsWith(CONTINUED) && !label.isEmpty()) {
                labels.merge(label, lines[i].substring(CONTINUED.length()), (a, b) -> a + " " + b);
            } else {
                label = "";
            }
        }
        return new Header(title.group(1), title.group(2), Map.copyOf(labels));
    }

    /** The tables and views of the {@code reads} line, {@code SCHEMA.OBJECT}; none where it says {@code nothing}. */
    List<String> reads() {
        String reads = labels.getOrDefault("reads", "nothing");
        return reads.equals("nothing") ? List.of() : Arrays.asList(reads.split(", *"));
    }
}
