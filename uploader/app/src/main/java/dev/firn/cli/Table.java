package dev.firn.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import com.github.freva.asciitable.OverflowBehaviour;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A table on a terminal: numbers to the right, cells that do not fit end in an ellipsis. */
final class Table {
    private static final int PADDING = 2;
    private static final int LEAST_WIDTH = 6;

    private final List<String> headers = new ArrayList<>();
    private final List<Boolean> numeric = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    Table text(String header) {
        return column(header, false);
    }

    Table number(String header) {
        return column(header, true);
    }

    Table column(String header, boolean isNumeric) {
        headers.add(header);
        numeric.add(isNumeric);
        return this;
    }

    /** Adds a row: counts are written with thousands separators, null as an empty cell. */
    Table row(@Nullable Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(
                    cell == null
                            ? ""
                            : cell instanceof Long || cell instanceof Integer
                                    ? String.format(Locale.ROOT, "%,d", cell)
                                    : oneLine(cell.toString()));
        }
        rows.add(row);
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** @param width the columns of the terminal; the widest columns of the table are cut until it fits */
    String render(int width) {
        int[] widths = widths(width);
        List<ColumnData<List<String>>> columns = new ArrayList<>();
        for (int i = 0; i < headers.size(); i++) {
            int at = i;
            HorizontalAlign align = numeric.get(i) ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT;
            columns.add(new Column()
                    .header(headers.get(i))
                    .headerAlign(align)
                    .dataAlign(align)
                    .maxWidth(widths[i] + PADDING, OverflowBehaviour.ELLIPSIS_RIGHT)
                    .with(row -> row.get(at)));
        }
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(rows, columns)
                .asString();
    }

    private int[] widths(int width) {
        int[] widths = new int[headers.size()];
        int sum = 1;
        for (int i = 0; i < widths.length; i++) {
            widths[i] = longest(i);
            sum += widths[i] + PADDING + 1;
        }
        while (sum > width) {
            int widest = 0;
            for (int i = 1; i < widths.length; i++) {
                widest = widths[i] > widths[widest] ? i : widest;
            }
            if (widths[widest] <= LEAST_WIDTH) {
                break;
            }
            widths[widest]--;
            sum--;
        }
        return widths;
    }

    private int longest(int column) {
        int longest = headers.get(column).length();
        for (List<String> row : rows) {
            longest = Math.max(longest, row.get(column).length());
        }
        return longest;
    }

    /** Control characters in a cell would break the table, or drive the terminal. */
    private static String oneLine(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
