package dev.firn.ddl;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a script into statements at its semicolons. Knows what a semicolon may hide in: quotes, dollar quotes, comments. Comments
 * in front of a statement are left out, those within it are kept.
 */
final class SqlScript {
    private SqlScript() {}

    static List<String> statements(String script) {
        List<String> statements = new ArrayList<>();
        int start = -1;
        int i = 0;
        while (i < script.length()) {
            char c = script.charAt(i);
            int end = endOfToken(script, i);
            boolean comment = script.startsWith("--", i) || script.startsWith("/*", i);
            if (c == ';') {
                if (start >= 0) {
                    statements.add(script.substring(start, i).strip());
                }
                start = -1;
            } else if (start < 0 && !comment && !Character.isWhitespace(c)) {
                start = i;
            }
            i = end;
        }
        if (start >= 0) {
            statements.add(script.substring(start).strip());
        }
        return List.copyOf(statements);
    }

    /** The script with every comment replaced by a space and every text literal by an empty one: what a linter may search. */
    static String withoutCommentsAndLiterals(String script) {
        StringBuilder bare = new StringBuilder(script.length());
        int i = 0;
        while (i < script.length()) {
            int end = endOfToken(script, i);
            if (script.startsWith("--", i) || script.startsWith("/*", i)) {
                bare.append(' ');
            } else if (script.charAt(i) == '\'') {
                bare.append("''");
            } else {
                bare.append(script, i, end);
            }
            i = end;
        }
        return bare.toString();
    }

    private static int endOfToken(String script, int at) {
        if (script.startsWith("--", at)) {
            return after(script, "\n", at + 2);
        }
        if (script.startsWith("/*", at)) {
            return after(script, "*/", at + 2);
        }
        if (script.startsWith("$$", at)) {
            return after(script, "$$", at + 2);
        }
        char c = script.charAt(at);
        // A doubled quote is read as two literals side by side, which cuts at the same places.
        return c == '\'' || c == '"' ? after(script, String.valueOf(c), at + 1) : at + 1;
    }

    private static int after(String script, String mark, int from) {
        int found = script.indexOf(mark, from);
        return found < 0 ? script.length() : found + mark.length();
    }
}
