package dev.firn.event;

import java.math.BigInteger;

/**
 * The shortest decimal digits that read back as a given double, and of those the closest to it: what ECMAScript's
 * {@code Number::toString} and so RFC 8785 ask for. {@code Double.toString} gives more digits than needed before Java 19.
 *
 * <p>The method is R. Giulietti, "The Schubfach way to render doubles" (2020): all decimals that round to the double lie
 * in an interval around it; scaled by a power of ten so that the interval is 1 to 10 units wide, the answer is one of at
 * most four integers, found with 126-bit approximations of the powers of ten.
 *
 * <p>Not thread-safe; holds the result of the last call.
 */
final class DecimalDigits {
    private static final int FIRST_POWER = -324;
    private static final int LAST_POWER = 292;
    private static final long LOW_63 = Long.MAX_VALUE;
    /** Upper and lower 63 bits of {@code floor(10^-k / 2^r) + 1}, for k from {@link #FIRST_POWER}. */
    private static final long[] POWERS = powers();

    private long digits;
    private int exponent;

    /** The digits as an integer without trailing zeros. */
    long digits() {
        return digits;
    }

    /** The power of ten by which {@link #digits} is to be multiplied. */
    int exponent() {
        return exponent;
    }

    /** @param value positive and finite */
    void of(double value) {
        long bits = Double.doubleToRawLongBits(value);
        int biased = (int) (bits >>> 52) & 0x7ff;
        long fraction = bits & 0xf_ffff_ffff_ffffL;
        long c = biased == 0 ? fraction : fraction | 0x10_0000_0000_0000L;
        int q = biased == 0 ? -1074 : biased - 1075;

        // At a power of two the gap below is half the gap above.
        boolean even = (c & 1) == 0;
        boolean irregular = fraction == 0 && biased > 1;
        long centre = c << 2;
        long left = irregular ? centre - 1 : centre - 2;
        long right = centre + 2;
        int k = irregular ? floorLog10ThreeQuartersPow2(q) : floorLog10Pow2(q);
        int shift = q + floorLog2Pow10(-k) + 2;

        long high = POWERS[(k - FIRST_POWER) << 1];
        long low = POWERS[((k - FIRST_POWER) << 1) | 1];
        long v = roundToOdd(high, low, centre << shift);
        long vLeft = roundToOdd(high, low, left << shift);
        long vRight = roundToOdd(high, low, right << shift);
        long lower = even ? vLeft : vLeft + 1;
        long upper = even ? vRight : vRight - 1;

        long s = v >> 2;
        long tens = s / 10 * 10;
        boolean tensFit = tens > 0 && lower <= tens << 2;
        boolean nextTensFit = (tens + 10) << 2 <= upper;
        if (tensFit != nextTensFit) {
            strip(tensFit ? tens : tens + 10, k);
            return;
        }
        boolean floorFits = lower <= s << 2;
        boolean ceilingFits = (s + 1) << 2 <= upper;
        if (floorFits != ceilingFits) {
            strip(floorFits ? s : s + 1, k);
            return;
        }
        long middle = (s << 2) + 2;
        boolean down = v < middle || v == middle && (s & 1) == 0;
        strip(down ? s : s + 1, k);
    }

    private void strip(long value, int power) {
        long v = value;
        int e = power;
        while (v % 10 == 0) {
            v /= 10;
            e++;
        }
        digits = v;
        exponent = e;
    }

    /** {@code g * cp / 2^126} with the lowest bit set if anything was cut off. */
    private static long roundToOdd(long high, long low, long cp) {
        long carry = Math.multiplyHigh(low, cp);
        long middle = high * cp;
        long top = Math.multiplyHigh(high, cp);
        long z = (middle >>> 1) + carry;
        long w = top + (z >>> 63);
        return w | (z & LOW_63) + LOW_63 >>> 63;
    }

    private static int floorLog10Pow2(int e) {
        return (int) (e * 661_971_961_083L >> 41);
    }

    private static int floorLog10ThreeQuartersPow2(int e) {
        return (int) (e * 661_971_961_083L - 274_743_187_321L >> 41);
    }

    private static int floorLog2Pow10(int e) {
        return (int) (e * 913_124_641_741L >> 38);
    }

    private static long[] powers() {
        long[] table = new long[(LAST_POWER - FIRST_POWER + 1) << 1];
        BigInteger low63 = BigInteger.valueOf(LOW_63);
        for (int k = FIRST_POWER; k <= LAST_POWER; k++) {
            int r = floorLog2Pow10(-k) - 125;
            BigInteger ten = BigInteger.TEN.pow(Math.abs(k));
            BigInteger scaled = k <= 0
                    ? (r <= 0 ? ten.shiftLeft(-r) : ten.shiftRight(r))
                    : BigInteger.ONE.shiftLeft(-r).divide(ten);
            BigInteger g = scaled.add(BigInteger.ONE);
            table[(k - FIRST_POWER) << 1] = g.shiftRight(63).longValueExact();
            table[((k - FIRST_POWER) << 1) | 1] = g.and(low63).longValueExact();
        }
        return table;
    }
}
