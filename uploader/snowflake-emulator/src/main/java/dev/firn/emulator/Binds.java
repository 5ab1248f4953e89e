package dev.firn.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The values for the question marks of a statement; of a batch, many for each. */
final class Binds {
    private static final long NANOS = 1_000_000_000;
    private static final long DAY_MS = 86_400_000;
    /** Snowflake adds a day to the minutes of a zone, so that none is negative. */
    private static final int ZONE_SHIFT_MINUTES = 1440;

    private final JsonNode bindings;

    /** @param bindings {@code {"1": {"type": "FIXED", "value": "7"}}}; a missing node for none */
    Binds(JsonNode bindings) {
        this.bindings = bindings;
    }

    int count() {
        return bindings.size();
    }

    boolean isBatch() {
        return count() > 0 && bindings.path("1").path("value").isArray();
    }

    /** Sets of values: 1 unless it is a batch. */
    int rows() {
        return isBatch() ? bindings.path("1").path("value").size() : 1;
    }

    void set(PreparedStatement statement, int row) throws SQLException {
        for (int i = 1; i <= count(); i++) {
            JsonNode bind = bindings.path(Integer.toString(i));
            JsonNode value = bind.path("value");
            statement.setObject(i, value(bind.path("type").asText(), value.isArray() ? value.path(row) : value));
        }
    }

    private static @Nullable Object value(String type, JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return null;
        }
        String text = value.asText();
        try {
            return switch (type) {
                case "FIXED" -> number(text);
                case "REAL" -> Double.valueOf(text);
                case "BOOLEAN" -> text.equals("1") || text.equalsIgnoreCase("true");
                case "DATE" -> LocalDate.ofEpochDay(Math.floorDiv(Long.parseLong(text), DAY_MS));
                case "TIME" -> LocalTime.ofNanoOfDay(Long.parseLong(text));
                case "TIMESTAMP_NTZ" -> LocalDateTime.ofInstant(instant(text), ZoneOffset.UTC);
                case "TIMESTAMP_LTZ" -> instant(text).atOffset(ZoneOffset.UTC);
                case "TIMESTAMP_TZ" -> zoned(text);
                case "BINARY" -> HexFormat.of().parseHex(text);
                case "TEXT", "VARIANT", "ANY" -> text;
                default -> throw SqlRefusal.unknown("binds of type " + type);
            };
        } catch (IllegalArgumentException e) {
            throw new SqlRefusal(100038, "22018", "a bind is no " + type + ": length=" + text.length());
        }
    }

    private static Object number(String text) {
        BigDecimal number = new BigDecimal(text);
        return number.scale() <= 0 && number.precision() - number.scale() <= 18
                ? (Object) number.longValueExact()
                : number;
    }

    private static OffsetDateTime zoned(String text) {
        String[] parts = text.split(" ");
        int minutes = parts.length < 2 ? 0 : Integer.parseInt(parts[1]) - ZONE_SHIFT_MINUTES;
        return instant(parts[0]).atOffset(ZoneOffset.ofTotalSeconds(minutes * 60));
    }

    private static Instant instant(String nanos) {
        long value = Long.parseLong(nanos);
        return Instant.ofEpochSecond(Math.floorDiv(value, NANOS), Math.floorMod(value, NANOS));
    }
}
