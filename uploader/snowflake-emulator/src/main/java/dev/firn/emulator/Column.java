package dev.firn.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table, and what it takes of a streamed row, as the page "Supported Java data types" says
 * (docs.snowflake.com).
 *
 * @param type as DuckDB names it
 */
record Column(String name, String type, boolean nullable) {
    /** Longest VARCHAR, bytes: the default length of a column without one. */
    static final int MOST_BYTES = 16_777_216;

    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("['T'][' ']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .toFormatter(Locale.ROOT);
    /** A TIMESTAMP_NTZ drops the zone and keeps the time on the wall. */
    private static final Pattern ZONE = Pattern.compile("(Z|[+-]\\d{2}:?\\d{2})$");

    /** A value that the column does not take. Its text names column, rule and length, never the value. */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(Column column, String rule, int length) {
            super("column " + column.name() + ": " + rule + ": length=" + length, null, false, false);
        }
    }

    /** The text from which DuckDB casts to the column's type; null for a null. */
    @Nullable
    String text(@Nullable JsonNode value) throws Unfit {
        if (value == null || value.isNull()) {
            if (!nullable) {
                throw new Unfit(this, "must not be null", 0);
            }
            return null;
        }
        String text = value.isTextual() ? value.textValue() : value.toString();
        try {
            return switch (type) {
                case "VARCHAR" -> shortEnough(text);
                case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT" ->
                    new BigDecimal(text)
                            .setScale(0, RoundingMode.UNNECESSARY)
                            .toBigIntegerExact()
                            .toString();
                case "DOUBLE", "FLOAT" -> Double.toString(Double.parseDouble(text));
                case "BOOLEAN" -> {
                    if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
                        throw new Unfit(this, "no BOOLEAN", text.length());
                    }
                    yield text;
                }
                case "DATE" -> LocalDate.parse(text).toString();
                case "TIMESTAMP", "TIMESTAMP_NS" ->
                    LocalDateTime.parse(ZONE.matcher(text).replaceFirst(""), TIMESTAMP)
                            .toString();
                case "VARIANT", "JSON" -> shortEnough(value.toString());
                default -> {
                    if (type.startsWith("DECIMAL")) {
                        yield new BigDecimal(text).toPlainString();
                    }
                    throw new Unfit(this, "the emulator does not stream into a column of type " + type, 0);
                }
            };
        } catch (NumberFormatException | ArithmeticException | DateTimeException e) {
            throw new Unfit(this, "no " + type, text.length());
        }
    }

    private String shortEnough(String text) throws Unfit {
        if (text.length() > MOST_BYTES / 3 && text.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new Unfit(this, "longer than " + MOST_BYTES + " bytes", text.length());
        }
        return text;
    }

    /** The value from its {@link #text}. */
    String cast(String expression) {
        String quoted = '"' + name + '"';
        return switch (type) {
            case "VARCHAR" -> expression;
            case "VARIANT" -> "CAST(CAST(" + expression + " AS JSON) AS VARIANT) AS " + quoted;
            default -> "CAST(" + expression + " AS " + type + ") AS " + quoted;
        };
    }
}
