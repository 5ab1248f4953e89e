package dev.firn.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One who has logged in, with a DuckDB connection of its own. What is unnamed in a session is where it says.
 *
 * <p><b>Threads.</b> One at a time: statements of one session run under its lock, one behind the other.
 */
final class Session implements AutoCloseable {
    /** What a driver must know to read results; a value of its own choice is kept. */
    private static final Map<String, String> PARAMETERS = Map.ofEntries(
            Map.entry("AUTOCOMMIT", "true"),
            Map.entry("BINARY_OUTPUT_FORMAT", "HEX"),
            // More values than this would be sent through a stage; 0 is never.
            Map.entry("CLIENT_STAGE_ARRAY_BINDING_THRESHOLD", "0"),
            Map.entry("CLIENT_SESSION_KEEP_ALIVE", "false"),
            Map.entry("CLIENT_TELEMETRY_ENABLED", "false"),
            Map.entry("CLIENT_TIMESTAMP_TYPE_MAPPING", "TIMESTAMP_LTZ"),
            Map.entry("DATE_OUTPUT_FORMAT", "YYYY-MM-DD"),
            Map.entry("JDBC_QUERY_RESULT_FORMAT", "JSON"),
            Map.entry("QUERY_TAG", ""),
            Map.entry("TIMESTAMP_NTZ_OUTPUT_FORMAT", "YYYY-MM-DD HH24:MI:SS.FF3"),
            Map.entry("TIMESTAMP_OUTPUT_FORMAT", "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM"),
            Map.entry("TIME_OUTPUT_FORMAT", "HH24:MI:SS"),
            Map.entry("TIMEZONE", "UTC"));
    /** What Snowflake has as functions and DuckDB has not; those of the prelude are in each database. */
    private static final List<String> FUNCTIONS = List.of(
            "PARSE_JSON(X) AS CAST(CAST(X AS JSON) AS VARIANT)",
            "CURRENT_ACCOUNT() AS getvariable('firn_account')",
            "CURRENT_AVAILABLE_ROLES() AS '[]'",
            "CURRENT_DATABASE() AS getvariable('firn_database')",
            "CURRENT_REGION() AS 'EMULATOR'",
            "CURRENT_ROLE() AS getvariable('firn_role')",
            "CURRENT_SCHEMA() AS getvariable('firn_schema')",
            "CURRENT_SESSION() AS getvariable('firn_session')",
            "CURRENT_USER() AS getvariable('firn_user')",
            "CURRENT_VERSION() AS '9.99.0'",
            "CURRENT_WAREHOUSE() AS getvariable('firn_warehouse')");

    private final long id;
    private final String user;
    private final String account;
    private final Connection connection;
    private final Map<String, String> parameters = new TreeMap<>(PARAMETERS);
    private @Nullable String database;
    private @Nullable String schema;
    private @Nullable String warehouse;
    private String role = "PUBLIC";
    private boolean inTransaction;

    Session(long id, String user, String account, Connection connection) throws SQLException {
        this.id = id;
        this.user = user;
        this.account = account;
        this.connection = connection;
        for (String function : FUNCTIONS) {
            execute("CREATE OR REPLACE TEMP MACRO " + function);
        }
        execute("SET TimeZone = 'UTC'");
    }

    long id() {
        return id;
    }

    String user() {
        return user;
    }

    Connection connection() {
        return connection;
    }

    ShowStatements.Scope scope() {
        return new ShowStatements.Scope(database, schema);
    }

    boolean inTransaction() {
        return inTransaction;
    }

    boolean autocommit() {
        return Boolean.parseBoolean(parameters.get("AUTOCOMMIT"));
    }

    Map<String, String> parameters() {
        return parameters;
    }

    /** @param value any scalar, as text */
    void set(String parameter, String value) throws SQLException {
        if (parameter.equals("TIMEZONE")) {
            execute("SET TimeZone = '" + value.replace("'", "''") + '\'');
        }
        parameters.put(parameter, value);
    }

    void useRole(String name) throws SQLException {
        role = name;
        apply();
    }

    void useWarehouse(String name) throws SQLException {
        warehouse = name;
        apply();
    }

    /** @param inSchema null for none */
    void use(String name, @Nullable String inSchema) throws SQLException {
        database = name;
        schema = inSchema;
        apply();
    }

    /** Tells DuckDB where the session is. */
    void apply() throws SQLException {
        String path = database == null
                ? "memory.main"
                : (schema == null ? "" : quoted(database) + '.' + quoted(schema) + ',') + quoted(database) + ".main";
        execute("SET search_path = '" + path.replace("'", "''") + '\'');
        variable("database", database);
        variable("schema", schema);
        variable("warehouse", warehouse);
        variable("role", role);
        variable("user", user);
        variable("account", account);
        variable("session", Long.toString(id));
    }

    private void variable(String name, @Nullable String value) throws SQLException {
        execute("SET VARIABLE firn_" + name + " = "
                + (value == null ? "NULL::VARCHAR" : '\'' + value.replace("'", "''") + '\''));
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    void begin() throws SQLException {
        if (!inTransaction) {
            execute("BEGIN TRANSACTION");
            inTransaction = true;
        }
    }

    void commit() throws SQLException {
        if (inTransaction) {
            inTransaction = false;
            execute("COMMIT");
        }
    }

    void rollback() throws SQLException {
        if (inTransaction) {
            inTransaction = false;
            execute("ROLLBACK");
        }
    }

    void execute(String sql) throws SQLException {
        // A statement of its own each time: DuckDB closes it when it fails.
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    void putNames(ObjectNode into, String prefix) {
        into.put(key(prefix, "databaseName"), database)
                .put(key(prefix, "schemaName"), schema)
                .put(key(prefix, "warehouseName"), warehouse)
                .put(key(prefix, "roleName"), role);
    }

    private static String key(String prefix, String name) {
        return prefix.isEmpty() ? name : prefix + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    void putParameters(ArrayNode into) {
        parameters.forEach((name, value) -> {
            ObjectNode parameter = into.addObject().put("name", name);
            parameter.set("value", json(value));
        });
    }

    /** A driver casts some of them: truth values and numbers are no texts. */
    private static JsonNode json(String value) {
        if (value.equals("true") || value.equals("false")) {
            return Json.MAPPER.getNodeFactory().booleanNode(Boolean.parseBoolean(value));
        }
        if (value.matches("[0-9]{1,9}")) {
            return Json.MAPPER.getNodeFactory().numberNode(Integer.parseInt(value));
        }
        return Json.MAPPER.getNodeFactory().textNode(value);
    }

    /** What is not committed is rolled back. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
