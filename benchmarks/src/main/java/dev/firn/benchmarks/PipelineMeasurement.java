package dev.firn.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * How many events a second go from {@code emit} into {@code ACTIVITY.EVENTS}, against DuckDB's own bulk load of the same
 * rows; and does a batch cost the same while the table grows tenfold?
 *
 * <p>Pipeline and bulk load take turns in one process, after a run of each that does not count.
 */
public final class PipelineMeasurement {
    private static final int DEFAULT_EVENTS = 500_000;
    private static final int REPETITIONS = 3;
    private static final List<Integer> TABLE_SIZES = List.of(100_000, 500_000, 1_000_000);

    private PipelineMeasurement() {}

    /** @param args {@code --events N}; the refresh is measured up to twice as many */
    public static void main(String[] args) throws Exception {
        int events;
        try {
            events = events(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        System.out.println(Machine.describe());
        System.out.println();
        throughput(events);
        System.out.println();
        refresh(events);
    }

    static int events(String... args) {
        if (args.length == 0) {
            return DEFAULT_EVENTS;
        }
        if (args.length != 2 || !args[0].equals("--events") || !args[1].matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("usage: pipeline [--events N]");
        }
        int events = Integer.parseInt(args[1]);
        if (events < 10_000 || events > 5_000_000) {
            throw new IllegalArgumentException("--events must be in 10000..5000000: events=" + events);
        }
        return events;
    }

    /** One turn of each. */
    private record Turn(PipelineRun.Result pipeline, double bulkSeconds) {
        double ratio() {
            return bulkSeconds / pipeline.seconds();
        }
    }

    private static void throughput(int events) throws Exception {
        try (TemporaryDirectory directory = new TemporaryDirectory()) {
            PipelineRun pipeline = new PipelineRun(events);
            BulkLoad bulk = new BulkLoad(directory);
            pipeline.run(bulk::keepRows);
            bulk.run();
            List<Turn> turns = new ArrayList<>();
            for (int i = 0; i < REPETITIONS; i++) {
                syncDisks();
                PipelineRun.Result result = pipeline.run(warehouse -> {});
                syncDisks();
                turns.add(new Turn(result, bulk.run()));
            }
            double rows = pipeline.rows();
            System.out.printf(
                    Locale.ROOT,
                    "%,d events, %,d with those that are sent twice, %d turns: median (min..max)%n",
                    events,
                    pipeline.rows(),
                    REPETITIONS);
            print(
                    "emit to durable, events/s",
                    turns,
                    turn -> rows / turn.pipeline().durableSeconds(),
                    "%,.0f");
            print(
                    "emit to ACTIVITY.EVENTS, events/s",
                    turns,
                    turn -> rows / turn.pipeline().seconds(),
                    "%,.0f");
            print("DuckDB's bulk load, events/s", turns, turn -> rows / turn.bulkSeconds(), "%,.0f");
            print("ratio, pipeline to bulk load", turns, Turn::ratio, "%.2f");
        }
    }

    /** So that no turn pays for what the one before left to be written. */
    private static void syncDisks() throws IOException, InterruptedException {
        new ProcessBuilder("sync").inheritIO().start().waitFor();
    }

    private static void print(String what, List<Turn> turns, ToDoubleFunction<Turn> figure, String format) {
        Spread spread = Spread.of(turns.stream().mapToDouble(figure));
        System.out.printf(Locale.ROOT, "  %-36s %s%n", what, spread.format(format));
    }

    private static void refresh(int events) throws SQLException {
        List<Integer> sizes =
                TABLE_SIZES.stream().filter(size -> size <= 2 * events).toList();
        System.out.printf(
                Locale.ROOT,
                "one batch of %,d rows into both tables, ms: median (min..max) of %d batches%n",
                RefreshCost.BATCH_ROWS,
                RefreshCost.BATCHES);
        List<Spread> costs = new ArrayList<>();
        try (RefreshCost cost = new RefreshCost()) {
            for (int size : sizes) {
                Spread spread = cost.at(size);
                costs.add(spread);
                System.out.printf(Locale.ROOT, "  %,12d rows in EVENTS              %s%n", size, spread.format("%.1f"));
            }
        }
        if (costs.size() > 1) {
            System.out.printf(
                    Locale.ROOT,
                    "  ratio of medians, last to first     %.2f%n",
                    costs.get(costs.size() - 1).median() / costs.get(0).median());
        }
    }
}
