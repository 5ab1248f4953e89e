package dev.firn.benchmarks;

import java.util.Locale;
import java.util.stream.DoubleStream;

/** The middle and the ends of a few measurements. */
public record Spread(double median, double min, double max) {
    /** @param values at least one; of an even number, the median is the upper one of the two in the middle */
    public static Spread of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return new Spread(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    /** @param number how one number is written */
    public String format(String number) {
        return String.format(Locale.ROOT, number + " (" + number + ".." + number + ")", median, min, max);
    }
}
