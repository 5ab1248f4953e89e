package dev.firn.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing array of bytes which strings, numbers and times are appended to, in the form of RFC 8785 as UTF-8. It knows no
 * names: a value that breaks a rule is an answer, and the caller, who knows where the value stands, makes the exception.
 * What such a value left behind is for the caller to cut off.
 *
 * <p>Not thread-safe. Allocates when it grows and not otherwise.
 */
final class JsonBytes {
    /** The answer of {@link #string} where nothing is wrong. */
    static final int GOOD = -1;

    private static final long SAFE_INTEGER_END = 1L << 53;
    private static final double EXPONENT_START = 1e21;
    private static final int ROOM_FOR_NUMBER = 32;
    /** The longest form of one character: {@code \}{@code u001f}. */
    private static final int ROOM_FOR_CHARACTER = 6;
    /** Above the limit, so that a last number or escape has room before the length is judged. */
    private static final int SLACK = 16;

    private static final byte[] LOWER_HEX = ascii("0123456789abcdef");
    /** Whether an ASCII character stands for itself in a string. */
    private static final boolean[] PLAIN = plain();

    private final int limit;
    private final DecimalDigits decimal = new DecimalDigits();
    private byte[] bytes;
    private int length;

    /**
     * @param capacity bytes to begin with
     * @param limit    bytes above which it no longer grows
     */
    JsonBytes(int capacity, int limit) {
        this.limit = limit;
        this.bytes = new byte[capacity];
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The buffer itself; another one after it has grown. */
    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Cuts off what stands behind {@code length}. */
    void truncate(int length) {
        this.length = length;
    }

    int capacity() {
        return bytes.length;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    void raw(byte[] source) {
        raw(source, 0, source.length);
    }

    void raw(byte[] source, int offset, int count) {
        ensure(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    void raw(JsonBytes source) {
        raw(source.bytes, 0, source.length);
    }

    void put(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
    }

    /** Appends a quoted string. Returns {@link #GOOD}, or where a character stands that no string may have. */
    int string(String text) {
        int count = text.length();
        ensure(count + 2);
        byte[] to = bytes;
        int at = length;
        to[at++] = '"';
        int i = 0;
        while (i < count) {
            char c = text.charAt(i);
            if (c < 0x80 && PLAIN[c]) {
                to[at++] = (byte) c;
                i++;
            } else {
                length = at;
                int next = unlikePlain(text, i);
                if (next < 0) {
                    return ~next;
                }
                i = next;
                to = bytes;
                at = length;
            }
        }
        to[at++] = '"';
        length = at;
        return GOOD;
    }

    /**
     * Appends the characters from {@code i} on up to the next that stands for itself, and makes room for the rest. Returns
     * where it stopped; if a character is wrong, the complement of its place, which is below zero.
     */
    private int unlikePlain(String text, int from) {
        int count = text.length();
        int i = from;
        while (i < count) {
            char c = text.charAt(i);
            ensure(ROOM_FOR_CHARACTER + count - i);
            if (c < 0x80) {
                if (PLAIN[c]) {
                    break;
                }
                if (c == 0) {
                    return ~i;
                }
                escape(c);
            } else if (c < 0x800) {
                bytes[length++] = (byte) (0xc0 | c >> 6);
                bytes[length++] = (byte) (0x80 | c & 0x3f);
            } else if (!Character.isSurrogate(c)) {
                bytes[length++] = (byte) (0xe0 | c >> 12);
                bytes[length++] = (byte) (0x80 | c >> 6 & 0x3f);
                bytes[length++] = (byte) (0x80 | c & 0x3f);
            } else {
                if (Character.isLowSurrogate(c) || i + 1 == count || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return ~i;
                }
                int point = Character.toCodePoint(c, text.charAt(++i));
                bytes[length++] = (byte) (0xf0 | point >> 18);
                bytes[length++] = (byte) (0x80 | point >> 12 & 0x3f);
                bytes[length++] = (byte) (0x80 | point >> 6 & 0x3f);
                bytes[length++] = (byte) (0x80 | point & 0x3f);
            }
            i++;
        }
        return i;
    }

    /** A character that JSON requires to be escaped, other than U+0000. */
    private void escape(char c) {
        bytes[length++] = '\\';
        switch (c) {
            case '"', '\\' -> bytes[length++] = (byte) c;
            case '\b' -> bytes[length++] = 'b';
            case '\t' -> bytes[length++] = 't';
            case '\n' -> bytes[length++] = 'n';
            case '\f' -> bytes[length++] = 'f';
            case '\r' -> bytes[length++] = 'r';
            default -> {
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = LOWER_HEX[c >> 4];
                bytes[length++] = LOWER_HEX[c & 0xf];
            }
        }
    }

    /** Appends a quoted time. */
    void time(long micros) {
        ensure(EventTime.LENGTH + 2);
        bytes[length++] = '"';
        EventTime.write(micros, bytes, length);
        length += EventTime.LENGTH;
        bytes[length++] = '"';
    }

    /** Appends a whole number. False if JSON readers would corrupt it: a magnitude of 2^53 or more. */
    boolean integer(long value) {
        if (value >= SAFE_INTEGER_END || value <= -SAFE_INTEGER_END) {
            return false;
        }
        ensure(ROOM_FOR_NUMBER);
        long rest = value;
        if (rest < 0) {
            bytes[length++] = '-';
            rest = -rest;
        }
        digits(rest, decimalLength(rest));
        return true;
    }

    /**
     * Appends a finite number as ECMAScript, section "Number::toString", radix 10. False if JSON readers would corrupt it: a
     * magnitude of 2^53 to below 10^21.
     */
    boolean number(double value) {
        double magnitude = Math.abs(value);
        if (magnitude >= SAFE_INTEGER_END && magnitude < EXPONENT_START) {
            return false;
        }
        if (magnitude < SAFE_INTEGER_END && value == (long) value) {
            return integer((long) value);
        }
        ensure(ROOM_FOR_NUMBER);
        if (value < 0) {
            bytes[length++] = '-';
        }
        decimal.of(magnitude);
        long all = decimal.digits();
        int count = decimalLength(all);
        int point = count + decimal.exponent();
        if (point > 0 && point <= 21) {
            fixed(all, count, point);
        } else if (point > -6 && point <= 0) {
            bytes[length++] = '0';
            bytes[length++] = '.';
            for (int i = point; i < 0; i++) {
                bytes[length++] = '0';
            }
            digits(all, count);
        } else {
            exponential(all, count, point - 1);
        }
        return true;
    }

    /** A fraction: whole numbers in this range went another way, so the point stands among the digits. */
    private void fixed(long all, int count, int point) {
        int start = length;
        digits(all, count);
        System.arraycopy(bytes, start + point, bytes, start + point + 1, count - point);
        bytes[start + point] = '.';
        length++;
    }

    private void exponential(long all, int count, int exponent) {
        int start = length;
        digits(all, count);
        if (count > 1) {
            System.arraycopy(bytes, start + 1, bytes, start + 2, count - 1);
            bytes[start + 1] = '.';
            length++;
        }
        bytes[length++] = 'e';
        bytes[length++] = (byte) (exponent < 0 ? '-' : '+');
        int magnitude = Math.abs(exponent);
        digits(magnitude, decimalLength(magnitude));
    }

    private void digits(long value, int count) {
        long rest = value;
        for (int at = length + count - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
    }

    private static int decimalLength(long value) {
        int count = 1;
        for (long limit = 10; count < 19 && value >= limit; limit *= 10) {
            count++;
        }
        return count;
    }

    /** @throws InvalidEventException if there is no room below the limit */
    private void ensure(int more) {
        if (length + more > bytes.length) {
            grow(more);
        }
    }

    private void grow(int more) {
        if (length > limit || more > limit + SLACK) {
            throw tooLong();
        }
        bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }

    static InvalidEventException tooLong() {
        return new InvalidEventException(
                Reason.TOO_LONG, "", "the canonical form is longer than " + CanonicalWriter.MAX_LENGTH + " bytes");
    }

    private static boolean[] plain() {
        boolean[] plain = new boolean[0x80];
        Arrays.fill(plain, 0x20, 0x80, true);
        plain['"'] = false;
        plain['\\'] = false;
        return plain;
    }
}
