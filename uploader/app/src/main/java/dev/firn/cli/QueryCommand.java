package dev.firn.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.firn.sink.duckdb.DuckDbWarehouse;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads the embedded warehouse. */
@Command(
        name = "query",
        description =
                "Read the embedded warehouse with one SELECT. It reaches nothing else: no file, no other database.",
        mixinStandardHelpOptions = true)
final class QueryCommand implements Callable<Integer> {
    private static final Pattern NUMERIC =
            Pattern.compile("(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)");

    private static final long CHECK_EVERY = 100;

    @Mixin
    private DirectoryOption directoryOption = new DirectoryOption();

    @Option(
            names = "--format",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); csv is RFC 4180 with a header row and"
                    + " NULL as an empty cell, json an array with an object a row")
    private Format format = Format.table;

    @Parameters(paramLabel = "SQL", description = "a SELECT; - reads it from standard input")
    private String sql = "";

    /** How rows are written. */
    enum Format {
        table,
        csv,
        json
    }

    private final Console console;

    QueryCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        String statement = sql.equals("-") ? new String(console.in().readAllBytes(), StandardCharsets.UTF_8) : sql;
        DataDirectory directory = directoryOption.directory(console);
        directory.requireAccess();
        try (DuckDbWarehouse warehouse = DuckDbWarehouse.openToRead(directory.warehouse());
                Connection connection = warehouse.connect()) {
            String select = withoutEnd(statement);
            OneSelect.confine(connection);
            OneSelect.require(connection, select);
            run(connection, select);
            return Exit.DONE;
        } catch (SQLException e) {
            throw new CommandFailure("the query failed: " + SqlErrors.shown(e), e);
        }
    }

    /** Without the semicolon that people end statements with. */
    private static String withoutEnd(String statement) {
        String text = statement.strip();
        while (text.endsWith(";")) {
            text = text.substring(0, text.length() - 1).strip();
        }
        if (text.isEmpty()) {
            throw new CommandFailure("the SQL is empty");
        }
        return text;
    }

    private void run(Connection connection, String statement) throws SQLException, IOException {
        boolean[] numeric = describe(connection, statement);
        // DuckDB itself turns values into text, so that they look as they do in DuckDB.
        String asText = format == Format.json
                ? "SELECT to_json(T)::VARCHAR FROM (" + statement + "\n) T"
                : "SELECT COLUMNS(*)::VARCHAR FROM (" + statement + "\n)";
        try (Statement query = connection.createStatement();
                ResultSet rows = query.executeQuery(asText)) {
            switch (format) {
                case table -> table(rows, numeric);
                case csv -> csv(rows);
                case json -> json(rows);
            }
        }
    }

    private static boolean[] describe(Connection connection, String statement) throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet rows = query.executeQuery("SELECT * FROM (" + statement + "\n) LIMIT 0")) {
            ResultSetMetaData columns = rows.getMetaData();
            boolean[] numeric = new boolean[columns.getColumnCount()];
            for (int i = 0; i < numeric.length; i++) {
                numeric[i] = NUMERIC.matcher(columns.getColumnTypeName(i + 1)).matches();
            }
            return numeric;
        }
    }

    private void table(ResultSet rows, boolean[] numeric) throws SQLException {
        Table table = new Table();
        ResultSetMetaData columns = rows.getMetaData();
        for (int i = 0; i < numeric.length; i++) {
            table.column(columns.getColumnLabel(i + 1), numeric[i]);
        }
        long count = 0;
        while (rows.next()) {
            table.row(cells(rows, numeric.length).toArray());
            count++;
        }
        console.out().println(table.render(console.width()));
        console.out().printf(Locale.ROOT, "%,d %s%n", count, count == 1 ? "row" : "rows");
    }

    private static List<@Nullable String> cells(ResultSet rows, int columns) throws SQLException {
        List<@Nullable String> cells = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
            cells.add(rows.getString(i));
        }
        return cells;
    }

    private void csv(ResultSet rows) throws SQLException, IOException {
        Writer out = new OutputStreamWriter(console.out(), StandardCharsets.UTF_8);
        CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(out);
        ResultSetMetaData columns = rows.getMetaData();
        List<String> header = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            header.add(columns.getColumnLabel(i));
        }
        csv.writeRecord(header);
        for (long row = 1; rows.next(); row++) {
            csv.writeRecord(cells(rows, header.size()));
            if (row % CHECK_EVERY == 0 && isNobodyReading()) {
                return;
            }
        }
        csv.flush();
    }

    private void json(ResultSet rows) throws SQLException {
        console.out().print("[");
        String separator = "\n";
        while (rows.next()) {
            console.out().print(separator + rows.getString(1));
            separator = ",\n";
            if (isNobodyReading()) {
                return;
            }
        }
        console.out().println("\n]");
    }

    /** The rest would go nowhere; the command line says so at the end. */
    private boolean isNobodyReading() {
        return console.out().checkError();
    }
}
