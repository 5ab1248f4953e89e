package dev.firn.emulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A statement cut into tokens as Snowflake reads it, without comments. */
final class SqlText {
    /** What a token is. */
    enum Kind {
        WORD,
        QUOTED,
        LITERAL,
        SYMBOL
    }

    /**
     * One token.
     *
     * @param text as written; a word in upper case
     * @param from where it begins in the source
     * @param to   where it ends, exclusive
     */
    record Token(Kind kind, String text, int from, int to) {
        boolean is(String symbolOrWord) {
            return (kind == Kind.SYMBOL || kind == Kind.WORD) && text.equals(symbolOrWord);
        }
    }

    private final String source;
    private final List<Token> tokens;

    private SqlText(String source, List<Token> tokens) {
        this.source = source;
        this.tokens = tokens;
    }

    /** @throws SqlRefusal if it holds more than one statement, or none */
    static SqlText of(String source) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < source.length()) {
            int end = end(source, at);
            char c = source.charAt(at);
            boolean comment = source.startsWith("--", at) || source.startsWith("//", at) || source.startsWith("/*", at);
            if (!comment && !Character.isWhitespace(c)) {
                Kind kind = kind(c, source.startsWith("$$", at));
                String text = source.substring(at, end);
                tokens.add(new Token(kind, kind == Kind.WORD ? text.toUpperCase(Locale.ROOT) : text, at, end));
            }
            at = end;
        }
        while (!tokens.isEmpty() && tokens.get(tokens.size() - 1).is(";")) {
            tokens.remove(tokens.size() - 1);
        }
        if (tokens.isEmpty()) {
            throw new SqlRefusal(900, "42601", "SQL compilation error: Empty SQL statement.");
        }
        long statements = 1 + tokens.stream().filter(token -> token.is(";")).count();
        if (statements > 1) {
            throw new SqlRefusal(
                    8,
                    "0A000",
                    "Actual statement count " + statements + " did not match the desired statement count 1.");
        }
        return new SqlText(source, List.copyOf(tokens));
    }

    private static Kind kind(char c, boolean dollarQuoted) {
        if (c == '\'' || dollarQuoted) {
            return Kind.LITERAL;
        }
        if (c == '"') {
            return Kind.QUOTED;
        }
        return Character.isLetterOrDigit(c) || c == '_' ? Kind.WORD : Kind.SYMBOL;
    }

    private static int end(String source, int at) {
        if (source.startsWith("--", at) || source.startsWith("//", at)) {
            return after(source, "\n", at + 2);
        }
        if (source.startsWith("/*", at)) {
            return after(source, "*/", at + 2);
        }
        if (source.startsWith("$$", at)) {
            return after(source, "$$", at + 2);
        }
        char c = source.charAt(at);
        if (c == '\'' || c == '"') {
            return endOfQuotes(source, at, c);
        }
        int end = at + 1;
        if (kind(c, false) == Kind.WORD) {
            while (end < source.length()
                    && (Character.isLetterOrDigit(source.charAt(end))
                            || source.charAt(end) == '_'
                            || source.charAt(end) == '$')) {
                end++;
            }
        }
        return end;
    }

    /** Doubled quotes belong to it; in a literal, so does whatever follows a backslash. */
    private static int endOfQuotes(String source, int at, char quote) {
        int end = at + 1;
        while (end < source.length()) {
            char c = source.charAt(end);
            if (c == '\\' && quote == '\'') {
                end += 2;
            } else if (c == quote && end + 1 < source.length() && source.charAt(end + 1) == quote) {
                end += 2;
            } else if (c == quote) {
                return end + 1;
            } else {
                end++;
            }
        }
        return source.length();
    }

    private static int after(String source, String mark, int from) {
        int found = source.indexOf(mark, from);
        return found < 0 ? source.length() : found + mark.length();
    }

    List<Token> tokens() {
        return tokens;
    }

    /** The tokens with a space between each two: what grammars are matched against. */
    String plain() {
        return plain(0, tokens.size());
    }

    String plain(int from, int to) {
        StringBuilder plain = new StringBuilder();
        for (Token token : tokens.subList(from, to)) {
            plain.append(plain.isEmpty() ? "" : " ").append(token.text());
        }
        return plain.toString();
    }

    /**
     * The statement for DuckDB, from a token to another, exclusive: Snowflake's types and escapes in DuckDB's
     * words, all else as written.
     */
    String forDuckDb(int from, int to) {
        StringBuilder sql = new StringBuilder();
        int copied = from < to ? tokens.get(from).from() : 0;
        for (int i = from; i < to; i++) {
            Token token = tokens.get(i);
            sql.append(gap(copied, token.from()));
            int next = i + 1;
            if (token.kind() == Kind.LITERAL && token.text().startsWith("'")) {
                sql.append(unescaped(token.text()));
            } else if (token.kind() == Kind.WORD && isTypePosition(i)) {
                next = endOfType(i);
                sql.append(SqlTypes.forDuckDb(token.text(), plain(i + 1, next)));
            } else {
                sql.append(source, token.from(), token.to());
            }
            i = next - 1;
            copied = tokens.get(i).to();
        }
        return sql.toString();
    }

    /** A comment becomes a space, for it may be one that DuckDB does not know. */
    private String gap(int from, int to) {
        String gap = source.substring(from, to);
        return gap.isBlank() ? gap : " ";
    }

    /** Behind {@code ::}, and behind {@code AS} within a CAST. */
    private boolean isTypePosition(int at) {
        if (at >= 2 && tokens.get(at - 1).is(":") && tokens.get(at - 2).is(":")) {
            return true;
        }
        if (at < 1 || !tokens.get(at - 1).is("AS")) {
            return false;
        }
        int depth = 0;
        for (int i = at - 1; i >= 1; i--) {
            depth += tokens.get(i).is(")") ? 1 : tokens.get(i).is("(") ? -1 : 0;
            if (depth < 0) {
                return tokens.get(i - 1).is("CAST") || tokens.get(i - 1).is("TRY_CAST");
            }
        }
        return false;
    }

    /** The token behind a type and its length in brackets. */
    int endOfType(int at) {
        int next = at + 1;
        if (next < tokens.size() && tokens.get(next).is("(")) {
            while (next < tokens.size() && !tokens.get(next).is(")")) {
                next++;
            }
            next++;
        }
        return Math.min(next, tokens.size());
    }

    /** The text of a literal. */
    static String text(String literal) {
        String inner = unescaped(literal);
        return inner.substring(1, inner.length() - 1).replace("''", "'");
    }

    private static String unescaped(String literal) {
        if (literal.indexOf('\\') < 0) {
            return literal;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if (c != '\\' || i + 1 == literal.length()) {
                text.append(c);
                continue;
            }
            i++;
            switch (literal.charAt(i)) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case '\'' -> text.append("''");
                default -> text.append(literal.charAt(i));
            }
        }
        return text.toString();
    }
}
