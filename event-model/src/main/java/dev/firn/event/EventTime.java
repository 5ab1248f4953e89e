package dev.firn.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Moments as Firn keeps them: microseconds since 1970-01-01 UTC in the years 1 to 9999, read from RFC 3339 and written
 * in 27 characters, {@code 2026-11-20T09:30:00.123456Z}. Finer digits are cut, not rounded.
 *
 * <p>Days are converted by the algorithms of H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
 */
public final class EventTime {
    /** Characters of a written time. */
    public static final int LENGTH = 27;

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long MICROS_PER_DAY = SECONDS_PER_DAY * MICROS_PER_SECOND;
    private static final long FIRST_MICROS = daysFromCivil(1, 1, 1) * MICROS_PER_DAY;
    private static final long LAST_MICROS = daysFromCivil(10_000, 1, 1) * MICROS_PER_DAY - 1;
    private static final String RFC_3339 =
            "must be an RFC 3339 time with a zone, such as 2026-11-20T10:30:00.123456+01:00";

    private EventTime() {}

    /** @throws InvalidEventException naming {@code field} if the moment is outside the years 1 to 9999 */
    static long micros(Instant instant, String field) {
        long seconds = instant.getEpochSecond();
        if (seconds < FIRST_MICROS / MICROS_PER_SECOND || seconds > LAST_MICROS / MICROS_PER_SECOND) {
            throw outOfRange(field);
        }
        return seconds * MICROS_PER_SECOND + instant.getNano() / 1_000;
    }

    /** Whether the moment is in the years 1 to 9999. */
    static boolean isInRange(long micros) {
        return micros >= FIRST_MICROS && micros <= LAST_MICROS;
    }

    public static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, MICROS_PER_SECOND), Math.floorMod(micros, MICROS_PER_SECOND) * 1_000);
    }

    /**
     * Reads an RFC 3339 time with a zone.
     *
     * @param field the name that a message uses
     * @return microseconds since 1970-01-01 UTC
     * @throws InvalidEventException if it is not such a time, does not exist, or lies outside the years 1 to 9999 in UTC
     */
    public static long parse(CharSequence text, String field) {
        int length = text.length();
        if (length < 19) {
            throw new InvalidEventException(Reason.BAD_TIME, field, RFC_3339);
        }
        int year = digits(text, 0, 4, field);
        int month = digits(text, 5, 2, field);
        int day = digits(text, 8, 2, field);
        int hour = digits(text, 11, 2, field);
        int minute = digits(text, 14, 2, field);
        int second = digits(text, 17, 2, field);
        boolean punctuated = text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':';
        boolean exists = month >= 1
                && month <= 12
                && day >= 1
                && day <= daysInMonth(year, month)
                && hour <= 23
                && minute <= 59
                && second <= 59;
        if (!punctuated || !exists) {
            throw new InvalidEventException(Reason.BAD_TIME, field, RFC_3339);
        }
        int at = 19;
        long fraction = 0;
        if (at < length && text.charAt(at) == '.') {
            int first = ++at;
            int scale = 100_000;
            while (at < length && isDigit(text.charAt(at))) {
                fraction += (long) (text.charAt(at) - '0') * scale;
                scale /= 10;
                at++;
            }
            if (at == first) {
                throw new InvalidEventException(Reason.BAD_TIME, field, RFC_3339);
            }
        }
        if (at == length) {
            throw new InvalidEventException(
                    Reason.TIME_WITHOUT_ZONE, field, "has no zone: end it with Z or an offset such as +01:00");
        }
        long seconds = daysFromCivil(year, month, day) * SECONDS_PER_DAY + hour * 3_600L + minute * 60L + second;
        long micros = (seconds - offsetSeconds(text, at, field)) * MICROS_PER_SECOND + fraction;
        if (!isInRange(micros)) {
            throw outOfRange(field);
        }
        return micros;
    }

    /** The 27 characters of a time, {@code YYYY-MM-DDTHH:MM:SS.ffffffZ}. */
    public static String format(long micros) {
        byte[] text = new byte[LENGTH];
        write(micros, text, 0);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** Writes the 27 ASCII bytes of a time; allocates nothing. */
    static void write(long micros, byte[] target, int offset) {
        long days = Math.floorDiv(micros, MICROS_PER_DAY);
        long rest = Math.floorMod(micros, MICROS_PER_DAY);
        int seconds = (int) (rest / MICROS_PER_SECOND);
        int fraction = (int) (rest % MICROS_PER_SECOND);

        long shifted = days + 719_468;
        long era = Math.floorDiv(shifted, 146_097);
        int dayOfEra = (int) (shifted - era * 146_097);
        int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int marchMonth = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
        int month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        int year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);

        pair(year / 100, target, offset);
        pair(year % 100, target, offset + 2);
        target[offset + 4] = '-';
        pair(month, target, offset + 5);
        target[offset + 7] = '-';
        pair(day, target, offset + 8);
        target[offset + 10] = 'T';
        pair(seconds / 3_600, target, offset + 11);
        target[offset + 13] = ':';
        pair(seconds / 60 % 60, target, offset + 14);
        target[offset + 16] = ':';
        target[offset + 19] = '.';
        target[offset + 26] = 'Z';
        writeInMinute(seconds % 60, fraction, target, offset);
    }

    /**
     * Writes the digits that change within a minute over those of a written time of that minute.
     *
     * @param second   of the minute
     * @param fraction microseconds of the second
     */
    static void writeInMinute(int second, int fraction, byte[] target, int offset) {
        pair(second, target, offset + 17);
        pair(fraction / 10_000, target, offset + 20);
        pair(fraction / 100 % 100, target, offset + 22);
        pair(fraction % 100, target, offset + 24);
    }

    private static void pair(int value, byte[] target, int offset) {
        target[offset] = (byte) ('0' + value / 10);
        target[offset + 1] = (byte) ('0' + value % 10);
    }

    private static int offsetSeconds(CharSequence text, int at, String field) {
        char sign = text.charAt(at);
        int rest = text.length() - at;
        if (sign == 'Z' && rest == 1) {
            return 0;
        }
        if (sign != '+' && sign != '-' || rest != 6 || text.charAt(at + 3) != ':') {
            throw new InvalidEventException(Reason.BAD_TIME, field, RFC_3339);
        }
        int hours = digits(text, at + 1, 2, field);
        int minutes = digits(text, at + 4, 2, field);
        if (hours > 23 || minutes > 59) {
            throw new InvalidEventException(Reason.BAD_TIME, field, RFC_3339);
        }
        int seconds = hours * 3_600 + minutes * 60;
        return sign == '+' ? seconds : -seconds;
    }

    private static int digits(CharSequence text, int from, int count, String field) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            if (!isDigit(text.charAt(i))) {
                throw new InvalidEventException(Reason.BAD_TIME, field, RFC_3339);
            }
            value = value * 10 + (text.charAt(i) - '0');
        }
        return value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int daysInMonth(int year, int month) {
        return switch (month) {
            case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    private static long daysFromCivil(int year, int month, int day) {
        int marchYear = month <= 2 ? year - 1 : year;
        int era = Math.floorDiv(marchYear, 400);
        int yearOfEra = marchYear - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468;
    }

    static InvalidEventException outOfRange(String field) {
        return new InvalidEventException(
                Reason.TIME_OUT_OF_RANGE, field, "must be in the years 0001 to 9999 after conversion to UTC");
    }
}
