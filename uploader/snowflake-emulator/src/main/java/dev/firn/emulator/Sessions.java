package dev.firn.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who has logged in through a driver: log in, renew a token, stay alive, log out. Statements are passed on.
 *
 * <p><b>Threads.</b> Any. Statements of different sessions run side by side.
 */
final class Sessions implements AutoCloseable {
    /** The token has expired; the driver renews it and asks again. */
    private static final int TOKEN_EXPIRED = 390112;
    /** There is no such session any more; the driver gives up. */
    private static final int NO_SESSION = 390104;

    /** As an answer to a log-out, which then is none: the driver does not mind. */
    private static final int SESSION_GONE = 390111;

    private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);
    private static final Duration MASTER_LIFETIME = Duration.ofHours(4);
    private static final String SCHEME = "Snowflake Token=\"";
    private static final int TOKEN_BYTES = 24;

    /**
     * Two tokens and whose they are.
     *
     * @param isExpired whether the first of them must be renewed
     */
    private record Login(Session session, String token, String master, boolean isExpired) {}

    private final Warehouse warehouse;
    private final Tokens tokens;
    private final Statements statements;
    private final SecureRandom random = new SecureRandom();
    private final Map<Long, Login> logins = new HashMap<>();
    private long lastId = System.currentTimeMillis();

    Sessions(Warehouse warehouse, Tokens tokens) {
        this.warehouse = warehouse;
        this.tokens = tokens;
        this.statements = new Statements(warehouse);
    }

    /** Which of them a request is for; null if it is for none of them. */
    static @Nullable Endpoint endpoint(Request request) {
        return switch (request.path()) {
            case "/session/v1/login-request" -> Endpoint.LOGIN;
            case "/queries/v1/query-request" -> Endpoint.QUERY;
            case "/queries/v1/abort-request" -> Endpoint.CANCEL;
            case "/session", "/session/heartbeat", "/session/token-request" -> Endpoint.SESSION;
            default -> request.path().startsWith("/monitoring/queries/") ? Endpoint.SESSION : null;
        };
    }

    static boolean serves(Endpoint endpoint) {
        return switch (endpoint) {
            case LOGIN, QUERY, CANCEL, SESSION -> true;
            default -> false;
        };
    }

    Reply answer(Endpoint endpoint, Request request) {
        try {
            return success(
                    switch (endpoint) {
                        case LOGIN -> login(request.json().path("data"), request);
                        case QUERY -> statements.run(login(request).session(), request);
                        case CANCEL -> {
                            login(request);
                            statements.cancel(request.json().path("requestId").asText());
                            yield Json.object();
                        }
                        default -> session(request);
                    });
        } catch (SqlRefusal refusal) {
            return failure(refusal);
        } catch (Refusal refusal) {
            String message = String.valueOf(refusal.getMessage());
            return failure(
                    refusal.http() == 403
                            ? new SqlRefusal(3001, "42501", message)
                            : new SqlRefusal(390144, "08001", message));
        } catch (SQLException e) {
            return failure(SqlFailures.refusal(e));
        }
    }

    private static Reply success(ObjectNode data) {
        ObjectNode answer = Json.object().putNull("message").putNull("code").put("success", true);
        answer.set("data", data);
        return Reply.ok(answer);
    }

    /** Snowflake answers so with HTTP 200. */
    static Reply failure(SqlRefusal refusal) {
        String code = String.format(Locale.ROOT, "%06d", refusal.code());
        ObjectNode answer = Json.object()
                .put("message", refusal.getMessage())
                .put("code", code)
                .put("success", false);
        answer.putObject("data")
                .put("internalError", false)
                .put("errorCode", code)
                .put("sqlState", refusal.sqlState())
                .put("queryId", Statements.queryId());
        return Reply.ok(answer);
    }

    private ObjectNode session(Request request) throws SQLException {
        if (request.path().endsWith("/token-request")) {
            return renew(request);
        }
        if (request.parameter("delete").equals("true")) {
            end(request);
            return Json.object();
        }
        login(request);
        if (request.path().startsWith("/monitoring/")) {
            return statements.monitor(request.path().substring("/monitoring/queries/".length()));
        }
        return Json.object();
    }

    private ObjectNode login(JsonNode asked, Request request) throws SQLException {
        if (!asked.path("AUTHENTICATOR").asText().equals("SNOWFLAKE_JWT")) {
            throw new SqlRefusal(
                    390100,
                    "08001",
                    "Incorrect username or password was specified: the emulator takes key pairs only, authenticator"
                            + " SNOWFLAKE_JWT");
        }
        String user = tokens.verifyAssertion(asked.path("TOKEN").asText());
        Connection connection = warehouse.connect();
        Session session;
        long id;
        synchronized (this) {
            id = ++lastId;
        }
        try {
            session = new Session(id, user, asked.path("ACCOUNT_NAME").asText(), connection);
            begin(session, asked, request);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        Login login = new Login(session, token(), token(), false);
        synchronized (this) {
            logins.put(id, login);
        }
        ObjectNode data = Json.object()
                .put("token", login.token())
                .put("masterToken", login.master())
                .put("validityInSeconds", TOKEN_LIFETIME.toSeconds())
                .put("masterValidityInSeconds", MASTER_LIFETIME.toSeconds())
                .put("displayUserName", user)
                .put("serverVersion", "9.99.0")
                .put("firstLogin", false)
                .putNull("remMeToken")
                .put("remMeValidityInSeconds", 0)
                .put("healthCheckInterval", 45)
                .put("sessionId", id)
                .putNull("newClientForUpgrade");
        session.putParameters(data.putArray("parameters"));
        session.putNames(data.putObject("sessionInfo"), "");
        return data;
    }

    /** As at Snowflake, a database that is not there is none, and nobody says so. */
    private void begin(Session session, JsonNode asked, Request request) throws SQLException {
        for (Map.Entry<String, JsonNode> parameter :
                asked.path("SESSION_PARAMETERS").properties()) {
            session.set(
                    parameter.getKey().toUpperCase(Locale.ROOT),
                    parameter.getValue().asText());
        }
        String role = request.parameter("roleName");
        if (!role.isEmpty()) {
            session.useRole(role.toUpperCase(Locale.ROOT));
        }
        String compute = request.parameter("warehouse");
        if (!compute.isEmpty()) {
            session.useWarehouse(compute.toUpperCase(Locale.ROOT));
        }
        String database = request.parameter("databaseName").toUpperCase(Locale.ROOT);
        String schema = request.parameter("schemaName").toUpperCase(Locale.ROOT);
        if (warehouse.databases().contains(database)) {
            String wanted = schema.isEmpty() ? "PUBLIC" : schema;
            session.use(database, warehouse.hasSchema(database, wanted) ? wanted : null);
        } else {
            session.apply();
        }
    }

    private void end(Request request) throws SQLException {
        String token = token(request);
        Login ended;
        synchronized (this) {
            ended = logins.values().stream()
                    .filter(login -> login.token().equals(token))
                    .findFirst()
                    .orElseThrow(() -> new SqlRefusal(SESSION_GONE, "08001", "Session no longer exists."));
            logins.remove(ended.session().id());
        }
        synchronized (ended.session()) {
            ended.session().close();
        }
    }

    private ObjectNode renew(Request request) {
        String master = token(request);
        synchronized (this) {
            Login login = logins.values().stream()
                    .filter(one -> one.master().equals(master))
                    .findFirst()
                    .orElseThrow(() -> new SqlRefusal(390114, "08001", "Authentication token has expired."));
            Login renewed = new Login(login.session(), token(), token(), false);
            logins.put(login.session().id(), renewed);
            return Json.object()
                    .put("sessionToken", renewed.token())
                    .put("validityInSecondsST", TOKEN_LIFETIME.toSeconds())
                    .put("masterToken", renewed.master())
                    .put("validityInSecondsMT", MASTER_LIFETIME.toSeconds())
                    .put("sessionId", login.session().id());
        }
    }

    private synchronized Login login(Request request) {
        String token = token(request);
        Login login = logins.values().stream()
                .filter(one -> one.token().equals(token))
                .findFirst()
                .orElseThrow(() -> new SqlRefusal(
                        NO_SESSION, "08001", "Session no longer exists. New login required to access the service."));
        if (login.isExpired()) {
            throw new SqlRefusal(TOKEN_EXPIRED, "08001", "Your session has expired. Please login again.");
        }
        return login;
    }

    private static String token(Request request) {
        String header = request.header("Authorization");
        return header != null && header.startsWith(SCHEME) && header.endsWith("\"")
                ? header.substring(SCHEME.length(), header.length() - 1)
                : "";
    }

    private String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Every token must be renewed before it is good again. */
    synchronized void expire() {
        logins.replaceAll((id, login) -> new Login(login.session(), login.token(), login.master(), true));
    }

    /** Ends all sessions, whatever they are doing. */
    @Override
    public void close() {
        List<Login> open;
        synchronized (this) {
            open = new ArrayList<>(logins.values());
            logins.clear();
        }
        statements.cancelAll();
        SqlRefusal failed = null;
        for (Login login : open) {
            try {
                login.session().close();
            } catch (SQLException e) {
                failed = SqlFailures.refusal(e);
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
