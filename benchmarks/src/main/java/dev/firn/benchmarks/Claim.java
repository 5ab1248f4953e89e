package dev.firn.benchmarks;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A figure that the README states, and how it is measured: one row of {@code docs/claims.csv}.
 *
 * @param name       what it is a figure of
 * @param command    run by bash in the root of the repository, or {@code manual}
 * @param pattern    picks the figure, its one group, from the command's output; the first match counts
 * @param value      as stated; a number, or a text that must be the same
 * @param unit       of the value
 * @param direction  how the measured value has to be to the stated one
 * @param tolerance  by how many per cent of the value it may miss that
 * @param machine    what it was measured on
 * @param measuredOn the day of it
 */
record Claim(
        String name,
        String command,
        Pattern pattern,
        String value,
        String unit,
        Direction direction,
        BigDecimal tolerance,
        String machine,
        String measuredOn) {
    private static final String MANUAL = "manual";
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /** What "holds" means. */
    enum Direction {
        AT_LEAST(">="),
        AT_MOST("<="),
        EQUAL("=");

        private final String sign;

        Direction(String sign) {
            this.sign = sign;
        }

        static Direction of(String sign) {
            for (Direction direction : values()) {
                if (direction.sign.equals(sign)) {
                    return direction;
                }
            }
            throw new IllegalArgumentException("direction must be >=, <= or =: direction=" + sign);
        }

        @Override
        public String toString() {
            return sign;
        }
    }

    Claim {
        boolean number = NUMBER.matcher(value).matches();
        if (!number && (direction != Direction.EQUAL || tolerance.signum() != 0)) {
            throw new IllegalArgumentException(
                    "a value that is no number can only be the same, tolerance 0: claim=" + name + " value=" + value);
        }
        if (!command.equals(MANUAL) && pattern.matcher("").groupCount() != 1) {
            throw new IllegalArgumentException(
                    "the pattern must have one group: claim=" + name + " pattern=" + pattern);
        }
    }

    static List<Claim> read(Path file) throws IOException {
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(file)) {
            return rows.stream().map(Claim::of).toList();
        }
    }

    private static Claim of(NamedCsvRecord row) {
        return new Claim(
                row.getField("claim"),
                row.getField("command"),
                Pattern.compile(row.getField("pattern"), Pattern.MULTILINE),
                row.getField("value"),
                row.getField("unit"),
                Direction.of(row.getField("direction")),
                new BigDecimal(row.getField("tolerance_pct")),
                row.getField("machine"),
                row.getField("measured_on"));
    }

    /** Whether it takes a person to measure it. */
    boolean isManual() {
        return command.equals(MANUAL);
    }

    /** The measured figure in a command's output, without the commas of its thousands; JMH's "about 10⁻³" or less is 0. */
    Optional<String> find(String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            return Optional.empty();
        }
        String figure = matcher.group(1);
        return Optional.of(figure.startsWith("≈") ? "0" : figure.replace(",", ""));
    }

    boolean holds(String measured) {
        if (!NUMBER.matcher(value).matches() || !NUMBER.matcher(measured).matches()) {
            return measured.equals(value);
        }
        BigDecimal stated = new BigDecimal(value);
        BigDecimal found = new BigDecimal(measured);
        BigDecimal allowed = stated.abs().multiply(tolerance).divide(HUNDRED);
        return switch (direction) {
            case AT_LEAST -> found.compareTo(stated.subtract(allowed)) >= 0;
            case AT_MOST -> found.compareTo(stated.add(allowed)) <= 0;
            case EQUAL -> found.subtract(stated).abs().compareTo(allowed) <= 0;
        };
    }

    /** As the README states it, with what it may be. */
    String stated() {
        String may = tolerance.signum() == 0 ? "" : " (" + tolerance.toPlainString() + " % off)";
        return direction + " " + value + (unit.isEmpty() ? "" : " " + unit) + may;
    }
}
