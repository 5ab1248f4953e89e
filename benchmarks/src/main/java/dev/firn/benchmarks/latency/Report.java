package dev.firn.benchmarks.latency;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.firn.benchmarks.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The results as tables: medians of the repetitions, and with more than one (least..greatest). */
final class Report {
    private static final List<Metric> SERVICE = List.of(
            Metric.SERVICE_P50,
            Metric.SERVICE_P99,
            Metric.SERVICE_P999,
            Metric.SERVICE_P9999,
            Metric.SERVICE_MAX,
            Metric.ALLOCATED_BYTES);
    private static final List<Metric> RESPONSE = List.of(
            Metric.RESPONSE_P50, Metric.RESPONSE_P99, Metric.RESPONSE_P999, Metric.RESPONSE_P9999, Metric.RESPONSE_MAX);
    /** The first is what only those have that were saturated. */
    private static final List<Metric> SATURATED =
            List.of(Metric.PRODUCER_CPU_NS, Metric.WRITER_CPU_NS, Metric.PROCESS_CPU_NS, Metric.EVENTS_PER_SECOND);

    private static final List<Metric> LIMIT = List.of(
            Metric.LIMIT_ENCODE_NS,
            Metric.LIMIT_HASH_NS,
            Metric.LIMIT_HAND_OVER_NS,
            Metric.LIMIT_WRITE_NS,
            Metric.EVENTS_PER_SECOND);

    private final Results results;
    private final StringBuilder text = new StringBuilder();

    private Report(Results results) {
        this.results = results;
    }

    static String of(Results results) {
        Report report = new Report(results);
        report.add("What they are, and which of the events that they took are still there", report.guarantees());
        report.add("The call alone, in ns, and what it allocates", report.metrics(SERVICE));
        report.add("From when an event was due to the end of its call, in ns", report.metrics(RESPONSE));
        report.add("Saturated until all is in the file: CPU time in ns for an event", report.metrics(SATURATED));
        report.add("The limit for memory-mapped files, in ns for an event", report.metrics(LIMIT));
        report.add("Firn to each of the others", report.ratios());
        report.add("Goals", report.goals());
        report.addClock();
        return report.text.toString();
    }

    private void add(String title, Table table) {
        if (!table.rows.isEmpty()) {
            text.append(title).append('\n').append(table.render()).append("\n\n");
        }
    }

    private void addClock() {
        double[] readings = results.subjects().stream()
                .flatMap(subject -> results.spread(subject, Metric.CLOCK_NS).stream())
                .mapToDouble(Spread::median)
                .toArray();
        if (readings.length > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    "One reading of the clock takes %.0f ns; about one is in each call's time.%n",
                    Spread.of(DoubleStream.of(readings)).median()));
        }
    }

    private Table guarantees() {
        Table table = new Table("", "what", "after kill -9", "after a power cut");
        for (Subject subject : results.subjects()) {
            table.row(subject.title(), subject.what(), subject.afterKill(), subject.afterPowerCut());
        }
        return table;
    }

    /** A row for each subject that has the first of these. */
    private Table metrics(List<Metric> metrics) {
        Table table = new Table(Stream.concat(Stream.of(""), metrics.stream().map(Metric::header))
                .toArray(String[]::new));
        for (Subject subject : results.subjects()) {
            if (results.spread(subject, metrics.get(0)).isPresent()) {
                table.row(Stream.concat(
                                Stream.of(subject.title()), metrics.stream().map(metric -> cell(subject, metric)))
                        .toArray(String[]::new));
            }
        }
        return table;
    }

    private String cell(Subject subject, Metric metric) {
        String number = metric == Metric.ALLOCATED_BYTES ? "%,.1f" : "%,.0f";
        return results.spread(subject, metric)
                .map(spread -> spread.min() == spread.max()
                        ? String.format(Locale.ROOT, number, spread.median())
                        : spread.format(number))
                .orElse("");
    }

    private Table ratios() {
        Table table = new Table("", "p50", "p99", "p99.9", "events/s");
        for (Subject firn : results.subjects()) {
            for (Subject other : results.subjects()) {
                if (firn.isFirn() && firn != Subject.FIRN_NO_SYNC && !other.isFirn() && other != Subject.LIMIT) {
                    List<String> cells = Ratio.all(firn, other)
                            .map(ratio ->
                                    ratio.timesBetter(results).map(ratio::text).orElse(""))
                            .toList();
                    table.row(Stream.concat(Stream.of(firn.title() + " : " + other.title()), cells.stream())
                            .toArray(String[]::new));
                }
            }
        }
        return table;
    }

    private Table goals() {
        Table table = new Table("", "goal", "measured", "");
        for (Goal goal : Goal.ALL) {
            Ratio ratio = goal.ratio();
            ratio.timesBetter(results)
                    .ifPresent(measured -> table.row(
                            ratio.title(), goal.wanted(), ratio.text(measured), goal.verdict(measured.median())));
        }
        return table;
    }

    /** Columns of numbers, or of nothing else where they are filled, to the right. */
    private static final class Table {
        private final List<String> headers;
        private final List<List<String>> rows = new ArrayList<>();

        Table(String... headers) {
            this.headers = List.of(headers);
        }

        void row(String... cells) {
            rows.add(List.of(cells));
        }

        String render() {
            List<ColumnData<List<String>>> columns = new ArrayList<>();
            for (int i = 0; i < headers.size(); i++) {
                int at = i;
                boolean isNumeric = rows.stream().allMatch(row -> row.get(at).matches("(?:[0-9].*)?"));
                HorizontalAlign align = isNumeric ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT;
                columns.add(new Column()
                        .header(headers.get(i))
                        .headerAlign(align)
                        .dataAlign(align)
                        .maxWidth(Integer.MAX_VALUE)
                        .with(row -> row.get(at)));
            }
            return AsciiTable.builder()
                    .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                    .data(rows, columns)
                    .asString();
        }
    }
}
