package dev.firn.cli.input;

import dev.firn.event.InvalidEventException;
import dev.firn.event.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * The cells of one CSV record, strictly by RFC 4180. {@link CsvReader} has walked the quotes already to find the
 * record's end, and each record must be refused by itself, with its bytes: that is why no CSV library reads the file.
 */
final class CsvCells {
    private final String text;
    private final List<String> cells = new ArrayList<>();
    private int at;

    private CsvCells(String text) {
        this.text = text;
    }

    /** @throws InvalidEventException if the bytes are not UTF-8 or a quote is out of place */
    static List<String> of(byte[] record, int length) {
        CsvCells cells = new CsvCells(Utf8.decode(record, length));
        cells.split();
        return cells.cells;
    }

    private void split() {
        boolean more = true;
        while (more) {
            cells.add(at < text.length() && text.charAt(at) == '"' ? quoted() : unquoted());
            more = at < text.length();
            at++;
        }
    }

    /** Leaves {@code at} on the comma behind the cell, or at the end. */
    private String quoted() {
        int from = ++at;
        StringBuilder unescaped = null;
        while (true) {
            int quote = text.indexOf('"', at);
            if (quote < 0) {
                throw malformed("a quote is opened and never closed");
            }
            at = quote + 1;
            if (at < text.length() && text.charAt(at) == '"') {
                unescaped = unescaped == null ? new StringBuilder() : unescaped;
                unescaped.append(text, from, at);
                from = ++at;
                continue;
            }
            if (at < text.length() && text.charAt(at) != ',') {
                throw malformed("something stands behind the closing quote");
            }
            String rest = text.substring(from, quote);
            return unescaped == null ? rest : unescaped.append(rest).toString();
        }
    }

    private String unquoted() {
        int from = at;
        while (at < text.length() && text.charAt(at) != ',') {
            char c = text.charAt(at);
            if (c == '"' || c == '\r') {
                throw malformed((c == '"' ? "a quote" : "a carriage return") + " stands in a cell without quotes");
            }
            at++;
        }
        return text.substring(from, at);
    }

    private InvalidEventException malformed(String what) {
        return new InvalidEventException(
                Reason.UNMAPPED, "", "the row is not CSV by RFC 4180: " + what + ": cell=" + (cells.size() + 1));
    }
}
