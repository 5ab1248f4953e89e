package dev.firn.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements, each in its session's DuckDB connection. A request that comes twice, because the first reply
 * was lost, is run once.
 *
 * <p><b>Threads.</b> Any; one session's statements wait for each other. {@link #cancel} waits for none of them
 * but the one that it ends, and 2 s at most.
 */
final class Statements {
    private static final int MOST_REMEMBERED = 1_000;
    private static final int MOST_CANCELS = 200;
    private static final int BETWEEN_CANCELS_MS = 10;

    /** A statement under way, or about to be. */
    private static final class Running {
        private @Nullable Statement statement;
        private boolean isCancelled;

        synchronized void begin(Statement begun) {
            statement = begun;
            if (isCancelled) {
                throw new SqlRefusal(604, "57014", "SQL execution canceled");
            }
        }

        synchronized void end() {
            statement = null;
            notifyAll();
        }

        /** More than once, for DuckDB does not mind one that comes just before it begins. */
        synchronized void cancel() {
            isCancelled = true;
            try {
                for (int i = 0; i < MOST_CANCELS && statement != null; i++) {
                    statement.cancel();
                    wait(BETWEEN_CANCELS_MS);
                }
            } catch (SQLException e) {
                throw SqlFailures.refusal(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final Warehouse warehouse;
    private final SqlDialect dialect = new SqlDialect();
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final Map<String, Boolean> cancelled = recent();
    private final Map<String, ObjectNode> answered = recent();
    private final Map<String, String> states = recent();
    private final TreeSet<String> warehouses = new TreeSet<>();

    Statements(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    private static <V> Map<String, V> recent() {
        return Collections.synchronizedMap(new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > MOST_REMEMBERED;
            }
        });
    }

    static String queryId() {
        return UUID.randomUUID().toString();
    }

    /**
     * Runs what a request asks for.
     *
     * @throws SqlRefusal if the emulator does not know the statement, or cannot run it
     */
    ObjectNode run(Session session, Request request) throws SQLException {
        JsonNode asked = request.json();
        String requestId = request.parameter("requestId");
        Running run = new Running();
        running.put(requestId, run);
        if (cancelled.containsKey(requestId)) {
            run.cancel();
        }
        try {
            synchronized (session) {
                ObjectNode before = answered.get(requestId);
                if (before != null) {
                    return before;
                }
                ObjectNode answer = answer(session, asked, run);
                if (!asked.path("describeOnly").booleanValue()) {
                    remember(requestId, answer);
                }
                return answer;
            }
        } finally {
            running.remove(requestId);
        }
    }

    /** Only answers that are small: those of reads can be asked for again. */
    private void remember(String requestId, ObjectNode answer) {
        if (answer.path("statementTypeId").intValue() != SqlPlan.Kind.QUERY.statementType()) {
            answered.put(requestId, answer);
        }
    }

    /** Also one that has not come yet: the two requests may overtake each other. */
    void cancel(String requestId) {
        cancelled.put(requestId, true);
        Running run = running.get(requestId);
        if (run != null) {
            run.cancel();
        }
    }

    void cancelAll() {
        running.values().forEach(Running::cancel);
    }

    /** Statements run to their end before they are answered: one that is known has succeeded. */
    ObjectNode monitor(String queryId) {
        ObjectNode data = Json.object();
        String state = states.get(queryId);
        if (state != null) {
            data.putArray("queries").addObject().put("id", queryId).put("status", state);
        } else {
            data.putArray("queries");
        }
        return data;
    }

    private ObjectNode answer(Session session, JsonNode asked, Running run) throws SQLException {
        if (asked.path("asyncExec").booleanValue()) {
            throw SqlRefusal.unknown("statements that run in the background");
        }
        Binds binds = new Binds(asked.path("bindings"));
        SqlPlan plan = dialect.plan(SqlText.of(asked.path("sqlText").asText()), session.scope());
        boolean describeOnly = asked.path("describeOnly").booleanValue();
        int markers = binds.count();
        ResultJson result;
        if (describeOnly) {
            markers = plan.sql().isEmpty() || plan.kind().defines() ? 0 : markers(session, plan);
            result = describe(session, plan);
        } else {
            result = run(session, plan, binds, run);
        }
        ObjectNode data = Json.object();
        String queryId = queryId();
        states.put(queryId, "SUCCESS");
        data.put("queryId", queryId)
                .put("statementTypeId", plan.kind().statementType())
                .put("numberOfBinds", markers)
                .put("arrayBindSupported", plan.kind() == SqlPlan.Kind.INSERT)
                .put("version", 1)
                .put("sendResultTime", System.currentTimeMillis())
                .putNull("databaseProvider");
        if (plan.kind() == SqlPlan.Kind.SET) {
            session.putParameters(data.putArray("parameters"));
        } else {
            data.putArray("parameters");
        }
        session.putNames(data, "final");
        result.putInto(data);
        return data;
    }

    private static int markers(Session session, SqlPlan plan) throws SQLException {
        try (PreparedStatement statement =
                session.connection().prepareStatement(plan.sql().get(0))) {
            return statement.getParameterMetaData().getParameterCount();
        }
    }

    private static ResultJson describe(Session session, SqlPlan plan) throws SQLException {
        if (plan.kind() == SqlPlan.Kind.QUERY) {
            String sql = plan.sql().get(0);
            try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
                return ResultJson.columns(statement.getMetaData(), sql);
            }
        }
        return plan.kind().changesRows() ? changed(plan, 0) : status("");
    }

    private static ResultJson status(String text) {
        return ResultJson.of("status", "text", text);
    }

    private static ResultJson changed(SqlPlan plan, long rows) {
        String verb = switch (plan.kind()) {
            case UPDATE -> "updated";
            case DELETE -> "deleted";
            default -> "inserted";
        };
        return ResultJson.of("number of rows " + verb, "fixed", Long.toString(rows));
    }

    private ResultJson run(Session session, SqlPlan plan, Binds binds, Running run) throws SQLException {
        if (plan.kind().defines()) {
            // A definition is a transaction of its own, and ends the one before.
            session.commit();
        }
        return switch (plan.kind()) {
            case QUERY -> query(session, plan, binds, run);
            case INSERT, UPDATE, DELETE, MERGE -> change(session, plan, binds, run);
            case BEGIN -> {
                session.begin();
                yield status("Statement executed successfully.");
            }
            case COMMIT -> {
                session.commit();
                yield status("Statement executed successfully.");
            }
            case ROLLBACK -> {
                session.rollback();
                yield status("Statement executed successfully.");
            }
            case SET -> {
                session.set(plan.what(), plan.name().startsWith("'") ? SqlText.text(plan.name()) : value(plan.name()));
                yield status("Statement executed successfully.");
            }
            case USE -> use(session, plan);
            case SHOW_WAREHOUSES -> showWarehouses(session, plan.name());
            case SHOW_PARAMETERS -> showParameters(session, plan.name());
            case CREATE_DATABASE, CREATE_SCHEMA, CREATE_WAREHOUSE, CREATE -> create(session, plan, run);
            case DROP -> {
                define(session, plan, run);
                yield status(
                        Name.parts(plan.name()).get(Name.parts(plan.name()).size() - 1) + " successfully dropped.");
            }
            case ALTER -> {
                Name name = Name.of(plan.name(), session.scope());
                if (!exists(name, plan.what())) {
                    throw new SqlRefusal(
                            2003,
                            "42S02",
                            "SQL compilation error:\nObject '" + name + "' does not exist or not authorized.");
                }
                yield status("Statement executed successfully.");
            }
        };
    }

    /** A word, in any case, is a truth value. */
    private static String value(String word) {
        return word.equals("TRUE") || word.equals("FALSE") ? word.toLowerCase(Locale.ROOT) : word;
    }

    private static ResultJson query(Session session, SqlPlan plan, Binds binds, Running run) throws SQLException {
        String sql = plan.sql().get(0);
        ResultJson columns;
        try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
            columns = ResultJson.columns(statement.getMetaData(), sql);
            if (!columns.hasJson()) {
                addRows(statement, columns, binds, run);
                return found(columns, plan);
            }
        }
        try (PreparedStatement statement = session.connection().prepareStatement(columns.asText(sql))) {
            addRows(statement, columns, binds, run);
            return found(columns, plan);
        }
    }

    private static void addRows(PreparedStatement statement, ResultJson into, Binds binds, Running run)
            throws SQLException {
        binds.set(statement, 0);
        run.begin(statement);
        try (ResultSet rows = statement.executeQuery()) {
            into.addRows(rows);
        } finally {
            run.end();
        }
    }

    /** What describes one object must find it. */
    private static ResultJson found(ResultJson result, SqlPlan plan) {
        if (plan.what().equals("OBJECT") && result.size() == 0) {
            throw new SqlRefusal(
                    2003,
                    "42S02",
                    "SQL compilation error:\nObject '" + plan.name().replace(" ", "")
                            + "' does not exist or not authorized.");
        }
        return result;
    }

    private ResultJson change(Session session, SqlPlan plan, Binds binds, Running run) throws SQLException {
        Name target = Name.of(plan.name(), session.scope());
        boolean isRawEvents = target.is("LANDING", "RAW_EVENTS")
                && warehouse.table(target.database(), "ACTIVITY", "EVENTS").isPresent();
        if (target.is("ACTIVITY", "EVENTS")) {
            throw new SqlRefusal(
                    2120,
                    "42601",
                    "SQL compilation error:\nRows of the dynamic table '" + target + "' cannot be changed.");
        }
        boolean own = session.autocommit() && !session.inTransaction();
        session.begin();
        try {
            long rows = 0;
            try (PreparedStatement statement =
                    session.connection().prepareStatement(plan.sql().get(0))) {
                for (int row = 0; row < binds.rows(); row++) {
                    binds.set(statement, row);
                    run.begin(statement);
                    try {
                        statement.execute();
                        rows += Math.max(0, statement.getUpdateCount());
                    } finally {
                        run.end();
                    }
                }
            }
            if (isRawEvents) {
                for (String sql : Warehouse.recount(target.database())) {
                    session.execute(sql);
                }
            }
            if (own) {
                session.commit();
            }
            return changed(plan, rows);
        } catch (SQLException | RuntimeException e) {
            if (own) {
                session.rollback();
            }
            throw e;
        }
    }

    private static void define(Session session, SqlPlan plan, Running run) throws SQLException {
        requireDatabase(session, plan);
        session.begin();
        try {
            for (String sql : plan.sql()) {
                try (Statement statement = session.connection().createStatement()) {
                    run.begin(statement);
                    try {
                        statement.execute(sql);
                    } finally {
                        run.end();
                    }
                }
            }
            session.commit();
        } catch (SQLException | RuntimeException e) {
            session.rollback();
            throw e;
        }
    }

    /** Without one DuckDB would make it in memory. */
    private static void requireDatabase(Session session, SqlPlan plan) {
        boolean isQualified = Name.parts(plan.name()).size() == 3;
        if (!isQualified) {
            Name.database(session.scope());
        }
    }

    private ResultJson create(Session session, SqlPlan plan, Running run) throws SQLException {
        List<String> parts = Name.parts(plan.name());
        String object = parts.get(parts.size() - 1);
        boolean isThere = isThere(session, plan);
        if (isThere && plan.ifMissing()) {
            return status(object + " already exists, statement succeeded.");
        }
        boolean isNew = plan.kind() != SqlPlan.Kind.CREATE;
        if (isThere && isNew) {
            throw new SqlRefusal(2002, "42710", "SQL compilation error:\nObject '" + object + "' already exists.");
        }
        switch (plan.kind()) {
            case CREATE_DATABASE -> {
                warehouse.create(object);
                session.use(object, "PUBLIC");
            }
            case CREATE_SCHEMA -> {
                String database = parts.size() > 1 ? parts.get(0) : Name.database(session.scope());
                session.execute("CREATE SCHEMA " + Session.quoted(database) + '.' + Session.quoted(object));
                session.use(database, object);
            }
            case CREATE_WAREHOUSE -> {
                synchronized (warehouses) {
                    warehouses.add(object);
                }
                session.useWarehouse(object);
            }
            default -> define(session, plan, run);
        }
        return status(plan.what() + ' ' + object + " successfully created.");
    }

    private boolean isThere(Session session, SqlPlan plan) {
        List<String> parts = Name.parts(plan.name());
        String object = parts.get(parts.size() - 1);
        switch (plan.kind()) {
            case CREATE_DATABASE:
                return warehouse.databases().contains(object);
            case CREATE_SCHEMA:
                return warehouse.hasSchema(parts.size() > 1 ? parts.get(0) : Name.database(session.scope()), object);
            case CREATE_WAREHOUSE:
                synchronized (warehouses) {
                    return warehouses.contains(object);
                }
            default:
                return plan.ifMissing() && exists(Name.of(plan.name(), session.scope()), "TABLE");
        }
    }

    private boolean exists(Name name, String what) {
        return what.equals("TABLE")
                && warehouse
                        .table(name.database(), name.schema(), name.object())
                        .isPresent();
    }

    private ResultJson use(Session session, SqlPlan plan) throws SQLException {
        List<String> parts = Name.parts(plan.name());
        switch (plan.what()) {
            case "ROLE" -> session.useRole(parts.get(0));
            case "SECONDARY ROLES" -> session.apply();
            case "WAREHOUSE" -> session.useWarehouse(parts.get(0));
            case "DATABASE" -> {
                if (!warehouse.databases().contains(parts.get(0))) {
                    throw missing(parts.get(0));
                }
                session.use(parts.get(0), warehouse.hasSchema(parts.get(0), "PUBLIC") ? "PUBLIC" : null);
            }
            default -> {
                String database = parts.size() > 1 ? parts.get(0) : Name.database(session.scope());
                String schema = parts.get(parts.size() - 1);
                if (!warehouse.hasSchema(database, schema)) {
                    throw missing(schema);
                }
                session.use(database, schema);
            }
        }
        return status("Statement executed successfully.");
    }

    private static SqlRefusal missing(String name) {
        return new SqlRefusal(
                2043,
                "02000",
                "SQL compilation error:\nObject does not exist, or operation cannot be performed: " + name);
    }

    private ResultJson showWarehouses(Session session, String like) throws SQLException {
        StringBuilder rows = new StringBuilder();
        synchronized (warehouses) {
            warehouses.stream()
                    .filter(pattern(like).asMatchPredicate())
                    .forEach(name -> rows.append(rows.isEmpty() ? "" : ", ")
                            .append("('")
                            .append(name.replace("'", "''"))
                            .append("')"));
        }
        return rows(
                session,
                "SELECT N AS \"name\", 'SUSPENDED' AS \"state\", 'STANDARD' AS \"type\", 'X-Small' AS \"size\" FROM (VALUES "
                        + (rows.isEmpty() ? "(NULL)" : rows) + ") AS T(N) WHERE N IS NOT NULL");
    }

    private static ResultJson showParameters(Session session, String like) throws SQLException {
        StringBuilder rows = new StringBuilder("(NULL, NULL)");
        session.parameters().forEach((name, value) -> {
            if (pattern(like).matcher(name).matches()) {
                rows.append(", ('")
                        .append(name)
                        .append("', '")
                        .append(value.replace("'", "''"))
                        .append("')");
            }
        });
        return rows(
                session,
                "SELECT K AS \"key\", V AS \"value\", '' AS \"default\", 'SESSION' AS \"level\", '' AS \"description\""
                        + " FROM (VALUES " + rows + ") AS T(K, V) WHERE K IS NOT NULL");
    }

    private static ResultJson rows(Session session, String sql) throws SQLException {
        return query(session, SqlPlan.query(sql), new Binds(Json.object()), new Running());
    }

    /** Of LIKE, whose letters are of any case in SHOW. */
    private static Pattern pattern(String like) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < like.length(); i++) {
            char c = like.charAt(i);
            if (c == '\\' && i + 1 < like.length()) {
                i++;
                regex.append(Pattern.quote(String.valueOf(like.charAt(i))));
            } else {
                regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE);
    }
}
