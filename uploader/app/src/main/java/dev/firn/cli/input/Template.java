package dev.firn.cli.input;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A text with placeholders in braces; a brace that is meant itself is doubled. */
final class Template {
    /** Of a piece, one is there: literal text or a reference. */
    private record Piece(String literal, @Nullable Reference reference) {}

    private final List<Piece> pieces = new ArrayList<>();

    private Template() {}

    static Template parse(String text, Scope scope, MappingNode where) {
        Template template = new Template();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == c;
            if ((c == '{' || c == '}') && doubled) {
                literal.append(c);
                at += 2;
            } else if (c == '}') {
                throw where.error("a closing brace without an opening one; write }} for the character itself");
            } else if (c == '{') {
                int end = text.indexOf('}', at);
                if (end < 0) {
                    throw where.error("an opening brace that is not closed; write {{ for the character itself");
                }
                String name = text.substring(at + 1, end);
                if (name.isEmpty()) {
                    throw where.error("a placeholder must name something: {}");
                }
                template.add(literal);
                template.pieces.add(new Piece("", scope.placeholder(name, where)));
                at = end + 1;
            } else {
                literal.append(c);
                at++;
            }
        }
        template.add(literal);
        return template;
    }

    private void add(StringBuilder literal) {
        if (literal.length() > 0) {
            pieces.add(new Piece(literal.toString(), null));
            literal.setLength(0);
        }
    }

    /** The text, if it has no placeholders. */
    Optional<String> constant() {
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            if (piece.reference != null) {
                return Optional.empty();
            }
            text.append(piece.literal);
        }
        return Optional.of(text.toString());
    }

    /** The first reference without a value, if any. */
    Optional<Reference> missing(Row row) {
        for (Piece piece : pieces) {
            if (piece.reference != null && piece.reference.find(row) == null) {
                return Optional.of(piece.reference);
            }
        }
        return Optional.empty();
    }

    /** The text with the placeholders filled in; one without a value as nothing. */
    String fill(Row row, String field) {
        if (pieces.size() == 1 && pieces.get(0).reference == null) {
            return pieces.get(0).literal;
        }
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            if (piece.reference == null) {
                text.append(piece.literal);
            } else {
                Object found = piece.reference.find(row);
                if (found != null) {
                    text.append(Values.text(found, field));
                }
            }
        }
        return text.toString();
    }
}
