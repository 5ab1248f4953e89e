package dev.firn.cli;

import dev.firn.ddl.Ddl;
import dev.firn.ddl.DdlObject;
import dev.firn.ddl.Engine;
import dev.firn.snowflake.SnowflakeAccount;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Applies the SQL for Snowflake through the JDBC driver. What is there already stays as it is, but views and
 * functions are replaced.
 */
final class DdlDeployment {
    private static final String THERE_ALREADY = "already exists, statement succeeded";
    private static final String REPLACES = "CREATE OR REPLACE";

    /** What became of a statement's object. */
    private enum Outcome {
        CREATED,
        REPLACED,
        THERE_ALREADY,
        /** A statement that does not create anything. */
        APPLIED
    }

    /**
     * One statement and where it stands.
     *
     * @param kind as the summary names it
     * @param file below the folder of the SQL files; empty for what stands in none
     * @param line of the file where it begins, from 1
     */
    private record Step(String kind, String file, int line, String sql) {
        String place() {
            String first = sql.lines().findFirst().orElse("");
            return (file.isEmpty() ? "" : "file=" + file + " line=" + line + ' ') + "statement=" + first;
        }
    }

    private final Console console;
    private final SnowflakeAccount account;
    private final String queryTag = "firn_" + UUID.randomUUID();
    private final Map<String, Map<Outcome, Integer>> outcomes = new TreeMap<>();

    DdlDeployment(Console console, SnowflakeAccount account) {
        this.console = console;
        this.account = account;
    }

    /**
     * Runs every statement, in order; the first that fails ends it, and what was applied by then stays.
     *
     * @throws CommandFailure if nobody can log in, or a statement fails; says which, and where it stands
     */
    void run() {
        console.err()
                .println("deploying to database " + account.database() + " of " + account.account() + " at "
                        + account.url() + ", query tag " + queryTag);
        List<Step> steps = steps();
        try (Connection connection = account.connect(Map.of("QUERY_TAG", queryTag));
                Progress progress = new Progress(console, "statements")) {
            int done = 0;
            for (Step step : steps) {
                Outcome outcome = run(connection, step);
                if (outcome != Outcome.APPLIED) {
                    outcomes.computeIfAbsent(step.kind(), kind -> new TreeMap<>())
                            .merge(outcome, 1, Integer::sum);
                }
                progress.at(++done, steps.size());
            }
        } catch (SQLException e) {
            throw new CommandFailure(
                    "cannot log in to Snowflake: account=" + account.account() + " user=" + account.user() + " url="
                            + account.url() + error(e),
                    e);
        }
        summarize(steps.size());
    }

    private Outcome run(Connection connection, Step step) {
        // A query, because only so the driver shows what Snowflake says of it.
        try (Statement statement = connection.createStatement();
                ResultSet said = statement.executeQuery(step.sql())) {
            String status = said.next() ? String.valueOf(said.getString(1)) : "";
            if (!step.sql().startsWith("CREATE")) {
                return Outcome.APPLIED;
            }
            return status.contains(THERE_ALREADY)
                    ? Outcome.THERE_ALREADY
                    : step.sql().startsWith(REPLACES) ? Outcome.REPLACED : Outcome.CREATED;
        } catch (SQLException e) {
            throw new CommandFailure(
                    "cannot deploy: " + step.place() + " query_tag=" + queryTag + error(e)
                            + ": what came before it stays; correct it and deploy again",
                    e);
        }
    }

    /** Of definitions: their messages quote names and SQL, never rows. */
    private static String error(SQLException failure) {
        return " code=" + failure.getErrorCode() + " sqlstate=" + failure.getSQLState() + ": "
                + String.valueOf(failure.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private List<Step> steps() {
        Ddl ddl = new Ddl();
        List<Step> steps = new ArrayList<>();
        steps.add(new Step("database", "", 0, "CREATE DATABASE IF NOT EXISTS " + account.database()));
        steps.add(new Step("database", "", 0, "USE DATABASE " + account.database()));
        for (String schema : ddl.schemas(Engine.SNOWFLAKE)) {
            steps.add(new Step("schema", "", 0, "CREATE SCHEMA IF NOT EXISTS " + schema));
        }
        for (DdlObject object : ddl.objects(Engine.SNOWFLAKE)) {
            int from = 0;
            for (String sql : object.statements()) {
                int at = object.text().indexOf(sql, from);
                steps.add(new Step(kind(object, sql), object.resourcePath(), line(object.text(), at), sql));
                from = at + sql.length();
            }
        }
        return steps;
    }

    private static String kind(DdlObject object, String sql) {
        return switch (object.kind()) {
            case PRELUDE -> "warehouse";
            case FUNCTION -> "function";
            case VIEW -> "view";
            case TABLE -> sql.startsWith("CREATE DYNAMIC") ? "dynamic table" : "table";
        };
    }

    private static int line(String text, int at) {
        return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
    }

    private void summarize(int statements) {
        Table table = new Table()
                .text("kind")
                .number("objects")
                .number("created")
                .number("replaced")
                .number("there already");
        outcomes.forEach((kind, counts) -> table.row(
                kind,
                counts.values().stream().mapToInt(Integer::intValue).sum(),
                counts.getOrDefault(Outcome.CREATED, 0),
                counts.getOrDefault(Outcome.REPLACED, 0),
                counts.getOrDefault(Outcome.THERE_ALREADY, 0)));
        console.out().println(table.render(console.width()));
        console.out()
                .printf(
                        Locale.ROOT,
                        "deployed to database %s: %,d statements, query tag %s%n",
                        account.database(),
                        statements,
                        queryTag);
    }
}
