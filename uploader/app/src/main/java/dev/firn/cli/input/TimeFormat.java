package dev.firn.cli.input;

import dev.firn.event.EventTime;
import dev.firn.event.InvalidEventException;
import dev.firn.event.Reason;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a text becomes a moment: RFC 3339, a count since 1970, or a pattern of {@link DateTimeFormatter}. */
final class TimeFormat {
    static final TimeFormat RFC_3339 = new TimeFormat(null, 0, null);

    private static final Pattern COUNT = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");
    private static final String ZONE_LETTERS = "VvzOXxZ";

    private final @Nullable DateTimeFormatter formatter;
    /** Decimal places between the unit of a count and a microsecond; 0 if it is no count. */
    private final int countScale;
    /** Of a pattern that has no zone itself. */
    private final @Nullable ZoneId zone;

    private TimeFormat(@Nullable DateTimeFormatter formatter, int countScale, @Nullable ZoneId zone) {
        this.formatter = formatter;
        this.countScale = countScale;
        this.zone = zone;
    }

    static TimeFormat parse(MappingNode pattern, @Nullable MappingNode zone) {
        String text = pattern.text();
        int scale = text.equals("epoch_s") ? 6 : text.equals("epoch_ms") ? 3 : 0;
        boolean zoned = scale > 0 || hasZone(text);
        if (zoned && zone != null) {
            throw zone.error("is of no use: the pattern has a zone itself");
        }
        if (!zoned && zone == null) {
            throw pattern.error("has no zone: add zone beside it, such as UTC or Europe/Paris");
        }
        if (scale > 0) {
            return new TimeFormat(null, scale, null);
        }
        DateTimeFormatter formatter;
        try {
            formatter = new DateTimeFormatterBuilder()
                    .appendPattern(text)
                    .parseDefaulting(ChronoField.ERA, 1)
                    .toFormatter(Locale.ENGLISH)
                    .withResolverStyle(ResolverStyle.STRICT);
        } catch (IllegalArgumentException e) {
            throw pattern.error("is not a pattern of java.time.format.DateTimeFormatter, epoch_s or epoch_ms");
        }
        return new TimeFormat(formatter, 0, zone == null ? null : zone(zone));
    }

    private static ZoneId zone(MappingNode node) {
        try {
            return ZoneId.of(node.text());
        } catch (DateTimeException e) {
            throw node.error("is not a time zone, such as UTC, +01:00 or Europe/Paris");
        }
    }

    private static boolean hasZone(String pattern) {
        boolean quoted = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            quoted ^= c == '\'';
            if (!quoted && ZONE_LETTERS.indexOf(c) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** @throws InvalidEventException if the text is not such a time, or the time does not exist */
    Instant instant(String text, String field) {
        if (countScale > 0) {
            return ofCount(text, field);
        }
        if (formatter == null) {
            return EventTime.instant(EventTime.parse(text, field));
        }
        try {
            return ofPattern(formatter.parse(text), field);
        } catch (DateTimeException e) {
            // The cause is left out: its text quotes the input.
            throw Values.unmapped(field, "is not a time in the pattern of the mapping");
        }
    }

    private Instant ofPattern(TemporalAccessor parsed, String field) {
        LocalDate date = parsed.query(TemporalQueries.localDate());
        if (date == null) {
            throw Values.unmapped(field, "has no full date in the pattern of the mapping");
        }
        LocalTime time = parsed.query(TemporalQueries.localTime());
        LocalDateTime local = date.atTime(time == null ? LocalTime.MIDNIGHT : time);
        ZoneId in = zone == null ? ZoneId.from(parsed) : zone;
        List<ZoneOffset> offsets = in.getRules().getValidOffsets(local);
        if (offsets.isEmpty()) {
            throw new InvalidEventException(
                    Reason.BAD_TIME, field, "does not exist: the clocks of its zone were put forward over it");
        }
        return local.toInstant(offsets.get(0));
    }

    private Instant ofCount(String text, String field) {
        if (!COUNT.matcher(text).matches()) {
            throw Values.unmapped(field, "must be a number of seconds or milliseconds since 1970");
        }
        try {
            return EventTime.instant(new BigDecimal(text)
                    .movePointRight(countScale)
                    .setScale(0, RoundingMode.FLOOR)
                    .longValueExact());
        } catch (ArithmeticException e) {
            throw new InvalidEventException(
                    Reason.TIME_OUT_OF_RANGE, field, "must be in the years 0001 to 9999 after conversion to UTC");
        }
    }
}
