package dev.firn.ddl;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The SQL of both engines: lists it, renders it as one script, installs it in an embedded DuckDB.
 *
 * <p><b>Threads.</b> Without state; any number of callers. Two installs into one database at the same time are decided by
 * DuckDB: one of them may fail with a conflict and can be repeated.
 *
 * <p><b>Cost.</b> {@link #objects} and {@link #render} read some 40 small resources. {@link #install} runs one catalogue query when
 * nothing has changed, and well under a second of statements when something has.
 */
public final class Ddl {
    private static final String MARK = "firn ddl 1 sha256=";
    private static final Pattern DATABASE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");
    private static final String INSTALLED_MARK = """
            SELECT comment FROM duckdb_tables()
            WHERE database_name = current_database() AND schema_name = 'LANDING' AND table_name = 'RAW_EVENTS'""";

    /**
     * Every object of one engine in the order of installation: prelude, functions, tables, views, each after what it reads.
     *
     * @throws IllegalStateException if the files contradict each other, which a test of this module rules out
     */
    public List<DdlObject> objects(Engine engine) {
        return Resources.objects(requireNonNull(engine, "engine"));
    }

    /** The schemas of one engine, in the order in which the objects need them. */
    public List<String> schemas(Engine engine) {
        return schemas(objects(engine));
    }

    /**
     * One script with every statement of one engine, that can be pasted and run as often as one likes. Snowflake's begins by
     * creating and using the database; DuckDB's goes into whatever database is open, so there the name is a remark only.
     *
     * @throws IllegalArgumentException if {@code database} is not a plain identifier
     */
    public String render(Engine engine, String database) {
        requireNonNull(database, "database");
        if (!DATABASE_NAME.matcher(database).matches()) {
            throw new IllegalArgumentException(
                    "database must be a plain identifier of at most 255 characters: length=" + database.length());
        }
        List<DdlObject> objects = objects(engine);
        StringBuilder script = new StringBuilder()
                .append("-- Firn for ")
                .append(engine)
                .append(", database ")
                .append(database)
                .append(": two tables and the views on them.\n\n");
        if (engine == Engine.SNOWFLAKE) {
            script.append("CREATE DATABASE IF NOT EXISTS ").append(database).append(";\n");
            script.append("USE DATABASE ").append(database).append(";\n");
        }
        schemas(objects).forEach(schema -> script.append(createSchema(schema)).append(";\n"));
        objects.forEach(
                object -> script.append('\n').append(object.text().strip()).append('\n'));
        return script.toString();
    }

    /**
     * Brings the DuckDB database of this connection to this version: creates what is missing, replaces macros and views. The two
     * tables are created once and never dropped or altered. Does nothing where the same SQL is installed already, which a checksum
     * in the comment of {@code LANDING.RAW_EVENTS} says.
     *
     * <p>All or nothing: runs in a transaction of its own if the connection commits by itself, else in the caller's, and leaves
     * the commit to the caller.
     *
     * @throws SQLException if a statement fails; the message names the file and the statement, the cause is DuckDB's exception
     */
    public void install(Connection connection) throws SQLException {
        requireNonNull(connection, "connection");
        List<DdlObject> objects = objects(Engine.DUCKDB);
        String mark = mark(objects);
        if (mark.equals(installedMark(connection))) {
            return;
        }
        if (!connection.getAutoCommit()) {
            run(connection, objects, mark);
            return;
        }
        connection.setAutoCommit(false);
        try {
            run(connection, objects, mark);
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            try {
                connection.rollback();
            } catch (SQLException rollback) {
                e.addSuppressed(rollback);
            }
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static void run(Connection connection, List<DdlObject> objects, String mark) throws SQLException {
        for (String schema : schemas(objects)) {
            execute(connection, "schema " + schema, createSchema(schema));
        }
        for (DdlObject object : objects) {
            for (String statement : object.statements()) {
                execute(connection, object.resourcePath(), statement);
            }
        }
        execute(connection, "mark", "COMMENT ON TABLE LANDING.RAW_EVENTS IS '" + mark + "'");
    }

    private static void execute(Connection connection, String file, String sql) throws SQLException {
        // A statement of its own each time: DuckDB closes it when it fails.
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new SQLException(
                    "cannot install: file=" + file + " statement=" + firstLine(sql) + " reason=" + e.getMessage(),
                    e.getSQLState(),
                    e);
        }
    }

    private static String installedMark(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(INSTALLED_MARK)) {
            String comment = row.next() ? row.getString(1) : null;
            return comment == null ? "" : comment;
        }
    }

    private static String mark(List<DdlObject> objects) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (DdlObject object : objects) {
                // Lengths keep two different lists of files from giving the same bytes.
                sha256.update(
                        (object.resourcePath() + ' ' + object.text().length() + '\n').getBytes(StandardCharsets.UTF_8));
                sha256.update(object.text().getBytes(StandardCharsets.UTF_8));
            }
            return MARK + HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static List<String> schemas(List<DdlObject> objects) {
        return objects.stream()
                .map(DdlObject::schema)
                .filter(schema -> !schema.isEmpty())
                .distinct()
                .toList();
    }

    private static String createSchema(String schema) {
        return "CREATE SCHEMA IF NOT EXISTS " + schema;
    }

    private static String firstLine(String sql) {
        return sql.lines().findFirst().orElse("");
    }
}
