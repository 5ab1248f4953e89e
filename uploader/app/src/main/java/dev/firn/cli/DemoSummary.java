package dev.firn.cli;

import dev.firn.cli.demo.ChatPlatform;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Balances the books of a demo, and shows what the views say. */
final class DemoSummary {
    private static final String COSTLIEST = """
            SELECT ORG_ID, ORG_NAME, SUM(TOTAL_INTERACTIONS)::BIGINT, SUM(TOTAL_TOKENS)::BIGINT,
                SUM(TOTAL_COST)::DECIMAL(18, 2)::VARCHAR, ANY_VALUE(MONTHLY_COST_LIMIT)::DECIMAL(18, 2)::VARCHAR
            FROM REPORTING.V_DAILY_COST_BY_ORG GROUP BY ORG_ID, ORG_NAME ORDER BY SUM(TOTAL_COST) DESC LIMIT 5""";
    private static final String ALERTS = """
            SELECT ORG_ID, ALERT_LEVEL, BUDGET_USED_PCT::VARCHAR, MESSAGE, strftime(TIMESTAMP, '%Y-%m-%d %H:%M:%S')
            FROM REPORTING.V_ACTIVE_BUDGET_ALERTS ORDER BY TIMESTAMP DESC, ALERT_LEVEL LIMIT 8""";
    private static final String REASONS =
            "SELECT REASON, FIELD, COUNT(*) FROM QUALITY.DEAD_LETTERS GROUP BY REASON, FIELD ORDER BY 3 DESC, 1, 2";

    private final Console console;
    private final Connection warehouse;

    /**
     * What is known beside the warehouse.
     *
     * @param generated        events that the application generated
     * @param journaled        records of the journal at the end
     * @param acceptedAtCrash  the last sequence that was accepted before the kill
     * @param journaledAtCrash the last one that the journal had after it
     * @param seconds          from the start of the application to the last commit
     * @param lagMicros        from receipt to commit, of each event
     */
    record Facts(
            long generated,
            long journaled,
            long acceptedAtCrash,
            long journaledAtCrash,
            double seconds,
            Histogram lagMicros) {}

    DemoSummary(Console console, Connection warehouse) {
        this.console = console;
        this.warehouse = warehouse;
    }

    /** Prints it; false if the books do not balance. */
    boolean print(Facts facts, Path dir) throws SQLException {
        boolean balanced = books(facts);
        show(
                "Dead letters by reason",
                REASONS,
                new Table().text("reason").text("field").number("records"));
        show(
                "The five costliest tenants",
                COSTLIEST,
                new Table()
                        .text("tenant")
                        .text("name")
                        .number("calls")
                        .number("tokens")
                        .number("cost USD")
                        .number("limit a month"));
        show(
                "Active budget alerts, the latest eight",
                ALERTS,
                new Table()
                        .text("tenant")
                        .text("level")
                        .number("used %")
                        .text("message")
                        .text("crossed at (UTC)"));
        speed(facts);
        next(dir);
        return balanced;
    }

    private boolean books(Facts facts) throws SQLException {
        long resent = ChatPlatform.resent(facts.generated());
        long malformed = ChatPlatform.malformed(facts.generated());
        long raw = number("SELECT COUNT(*) FROM LANDING.RAW_EVENTS");
        long events = number("SELECT COUNT(*) FROM ACTIVITY.EVENTS");
        long repeats = number("SELECT SUM(COPIES - 1)::BIGINT FROM ACTIVITY.EVENTS");
        long letters = number("SELECT COUNT(*) FROM QUALITY.DEAD_LETTERS");
        boolean balanced = facts.generated() + resent + malformed == facts.journaled()
                && facts.journaled() == raw
                && repeats == resent
                && raw - repeats == events
                && letters == malformed;
        console.out().println();
        console.out().println("The books");
        console.out()
                .println(new Table()
                        .text("")
                        .number("records")
                        .row("  events generated", facts.generated())
                        .row("+ resent", resent)
                        .row("+ malformed lines, as dead letters", malformed)
                        .row("= journaled", facts.journaled())
                        .row("= rows in LANDING.RAW_EVENTS", raw)
                        .row("- repeats", repeats)
                        .row("= events in ACTIVITY.EVENTS", events)
                        .render(console.width()));
        console.out().println(balanced ? "balanced" : "NOT BALANCED");
        console.out()
                .printf(
                        Locale.ROOT,
                        "The application was killed at sequence %,d; the crash took %,d accepted events that were not yet"
                                + " journaled: they were generated again after the restart.%n",
                        facts.journaledAtCrash(),
                        Math.max(0, facts.acceptedAtCrash() - facts.journaledAtCrash()));
        return balanced;
    }

    private void speed(Facts facts) {
        Histogram lag = facts.lagMicros();
        console.out().println();
        console.out()
                .printf(
                        Locale.ROOT,
                        "%,d records in %.1f s, the restart included: %,.0f a second from emit to ACTIVITY.EVENTS%n",
                        facts.journaled(),
                        facts.seconds(),
                        facts.journaled() / facts.seconds());
        console.out()
                .printf(
                        Locale.ROOT,
                        "emit to queryable: p50 %,.0f ms, p95 %,.0f ms, p99 %,.0f ms%n",
                        lag.getValueAtPercentile(50) / 1e3,
                        lag.getValueAtPercentile(95) / 1e3,
                        lag.getValueAtPercentile(99) / 1e3);
    }

    private void next(Path dir) {
        console.out().println();
        console.out().println("Next");
        console.out().printf(Locale.ROOT, "  ./firn verify --dir %s%n", dir);
        console.out()
                .printf(
                        Locale.ROOT,
                        "  ./firn query --dir %s \"SELECT * FROM SECURITY.CURRENT_PERMISSIONS WHERE TENANT_ID = 'HCS0007'\"%n",
                        dir);
        console.out()
                .printf(
                        Locale.ROOT,
                        "  ./firn query --dir %s \"SELECT * FROM NEXUSCHAT.CONVERSATIONS ORDER BY TOTAL_COST DESC NULLS LAST LIMIT 5\"%n",
                        dir);
        console.out().printf(Locale.ROOT, "  ./firn status --dir %s%n", dir);
    }

    private void show(String title, String sql, Table table) throws SQLException {
        try (Statement statement = warehouse.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                Object[] cells = new Object[columns];
                for (int i = 0; i < columns; i++) {
                    cells[i] = rows.getObject(i + 1);
                }
                table.row(cells);
            }
        }
        console.out().println();
        console.out().println(title);
        console.out().println(table.isEmpty() ? "none" : table.render(console.width()));
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = warehouse.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
