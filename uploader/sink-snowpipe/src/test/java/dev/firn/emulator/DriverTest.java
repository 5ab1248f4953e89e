package dev.firn.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.ddl.Ddl;
import dev.firn.ddl.DdlObject;
import dev.firn.ddl.Engine;
import dev.firn.snowflake.SnowflakeAccount;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snowflake's own JDBC driver, as it is, against the emulator. */
class DriverTest {
    private static final KeyPair KEYS = Keys.generate();

    @TempDir
    private Path directory;

    private SnowflakeEmulator emulator;

    @BeforeEach
    void start() throws SQLException {
        emulator = SnowflakeEmulator.start(directory.resolve("snowflake"), 0, Map.of("FIRN", KEYS.getPublic()));
        emulator.createDatabase("FIRN");
    }

    @AfterEach
    void stop() {
        emulator.close();
    }

    private Connection connect() throws Exception {
        return connect(emulator, KEYS);
    }

    private Connection connect(SnowflakeEmulator to, KeyPair keys) throws Exception {
        Path key = directory.resolve("key.p8");
        Files.writeString(
                key,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Map<String, String> settings = Map.of(
                "SNOWFLAKE_ACCOUNT", "EMULATED",
                "SNOWFLAKE_USER", "FIRN",
                "SNOWFLAKE_PROTOCOL", "http",
                "SNOWFLAKE_HOST", "127.0.0.1",
                "SNOWFLAKE_PORT", Integer.toString(to.port()),
                "SNOWFLAKE_PRIVATE_KEY_FILE", key.toString());
        return SnowflakeAccount.of(name -> Optional.ofNullable(settings.get(name)))
                .connect(Map.of("QUERY_TAG", "firn_test"));
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Each row's cells, as texts. */
    private static List<List<String>> query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return cells(rows);
        }
    }

    private static List<List<String>> cells(ResultSet rows) throws SQLException {
        List<List<String>> all = new ArrayList<>();
        while (rows.next()) {
            List<String> row = new ArrayList<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                row.add(rows.getString(i));
            }
            all.add(row);
        }
        return all;
    }

    private static void assertFails(ThrowingRun run, int code, String sqlState, String message) {
        assertThatThrownBy(run::run).isInstanceOfSatisfying(SQLException.class, failure -> {
            assertThat(failure.getErrorCode()).as(failure.toString()).isEqualTo(code);
            assertThat(failure.getSQLState()).isEqualTo(sqlState);
            assertThat(failure.getMessage()).contains(message);
        });
    }

    @FunctionalInterface
    private interface ThrowingRun {
        void run() throws Exception;
    }

    @Test
    void theSessionSaysWhereItIs() throws Exception {
        try (Connection connection = connect()) {
            assertThat(connection.getCatalog()).isEqualTo("FIRN");
            assertThat(connection.getSchema()).isEqualTo("PUBLIC");
            assertThat(query(
                            connection,
                            "SELECT CURRENT_DATABASE(), CURRENT_SCHEMA(), CURRENT_USER(), CURRENT_ROLE(), CURRENT_WAREHOUSE(),"
                                    + " CURRENT_ACCOUNT()"))
                    .containsExactly(List.of("FIRN", "PUBLIC", "FIRN", "PUBLIC", "FIRN_WH", "EMULATED"));
            assertThat(connection.isValid(5)).isTrue();
        }
        assertThat(emulator.faults().requests(Endpoint.SESSION)).isEqualTo(2);
    }

    @Test
    void anotherKeyIsRefused() {
        assertFails(() -> connect(emulator, Keys.generate()).close(), 390144, "08001", "JWT token is invalid");
    }

    @Test
    void valuesOfEveryTypeComeBack() throws Exception {
        try (Connection connection = connect()) {
            execute(
                    connection,
                    "CREATE TABLE T (N NUMBER(38,0), D NUMBER(18,6), R FLOAT, S VARCHAR(10), B BOOLEAN, DA DATE, TI TIME,"
                            + " NTZ TIMESTAMP_NTZ(9), LTZ TIMESTAMP_LTZ, BI BINARY)");
            Timestamp moment = Timestamp.valueOf("2026-01-02 03:04:05.123456");
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO T SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?")) {
                insert.setLong(1, -7);
                insert.setBigDecimal(2, new BigDecimal("0.012345"));
                insert.setDouble(3, 0.1);
                insert.setString(4, "it's");
                insert.setBoolean(5, true);
                insert.setDate(6, Date.valueOf("2026-01-02"));
                insert.setTime(7, Time.valueOf("03:04:05"));
                insert.setTimestamp(8, moment);
                insert.setTimestamp(9, moment);
                insert.setBytes(10, new byte[] {1, -1});
                assertThat(insert.executeUpdate()).isEqualTo(1);
                for (int i = 1; i <= 10; i++) {
                    insert.setNull(i, Types.VARCHAR);
                }
                assertThat(insert.executeUpdate()).isEqualTo(1);
            }
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT * FROM t ORDER BY N NULLS LAST")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getLong("N")).isEqualTo(-7);
                assertThat(row.getBigDecimal("D")).isEqualTo("0.012345");
                assertThat(row.getDouble("R")).isEqualTo(0.1);
                assertThat(row.getString("S")).isEqualTo("it's");
                assertThat(row.getBoolean("B")).isTrue();
                assertThat(row.getDate("DA")).isEqualTo(Date.valueOf("2026-01-02"));
                assertThat(row.getTime("TI").toLocalTime()).hasToString("03:04:05");
                // Bound as a moment, which the session's zone, UTC, turns into the time on the wall.
                assertThat(row.getTimestamp("NTZ").toLocalDateTime())
                        .isEqualTo(LocalDateTime.ofInstant(moment.toInstant(), ZoneOffset.UTC));
                assertThat(row.getTimestamp("LTZ")).isEqualTo(moment);
                assertThat(row.getBytes("BI")).isEqualTo(new byte[] {1, -1});
                assertThat(row.next()).isTrue();
                for (int i = 1; i <= 10; i++) {
                    assertThat(row.getObject(i)).isNull();
                }
                ResultSetMetaData columns = row.getMetaData();
                assertThat(columns.getPrecision(2)).isEqualTo(18);
                assertThat(columns.getScale(2)).isEqualTo(6);
                assertThat(columns.getColumnTypeName(8)).isEqualTo("TIMESTAMPNTZ");
            }
        }
    }

    @Test
    void aVariantIsItsJson() throws Exception {
        try (Connection connection = connect()) {
            assertThat(query(connection, "SELECT PARSE_JSON('{\"a\":{\"b\":[1,\"x\"]}}') AS V, V['a']['b'] AS P"))
                    .containsExactly(List.of("{\"a\":{\"b\":[1,\"x\"]}}", "[1,\"x\"]"));
        }
    }

    @Test
    void aBatchIsOneRequest() throws Exception {
        try (Connection connection = connect()) {
            execute(connection, "CREATE TABLE T (ID INTEGER, NAME VARCHAR)");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO T VALUES (?, ?)")) {
                for (int i = 0; i < 3; i++) {
                    insert.setInt(1, i);
                    insert.setString(2, i == 1 ? null : "n" + i);
                    insert.addBatch();
                }
                assertThat(insert.executeBatch()).containsExactly(1, 1, 1);
            }
            assertThat(query(connection, "SELECT ID, NAME FROM T WHERE NAME IS NOT NULL ORDER BY ID"))
                    .containsExactly(List.of("0", "n0"), List.of("2", "n2"));
        }
    }

    @Test
    void aPreparedStatementIsDescribedWithoutBeingRun() throws Exception {
        try (Connection connection = connect()) {
            execute(connection, "CREATE TABLE T (ID INTEGER)");
            try (PreparedStatement prepared = connection.prepareStatement("INSERT INTO T VALUES (?)")) {
                assertThat(prepared.getParameterMetaData().getParameterCount()).isEqualTo(1);
            }
            try (PreparedStatement prepared = connection.prepareStatement("SELECT ID FROM T WHERE ID > ?")) {
                assertThat(prepared.getMetaData().getColumnName(1)).isEqualTo("ID");
            }
            assertThat(query(connection, "SELECT COUNT(*) FROM T")).containsExactly(List.of("0"));
        }
    }

    @Test
    void errorsHaveSnowflakesNumbers() throws Exception {
        try (Connection connection = connect()) {
            assertFails(() -> query(connection, "SELECT FROM WHERE"), 1003, "42000", "syntax error");
            assertFails(() -> query(connection, "SELECT * FROM NOPE"), 2003, "42S02", "'NOPE' does not exist");
            assertFails(() -> query(connection, "SELECT * FROM NOPE.T"), 2003, "02000", "Schema 'NOPE'");
            assertFails(() -> query(connection, "SELECT X"), 904, "42000", "invalid identifier 'X'");
            assertFails(() -> query(connection, "SELECT NOPE(1)"), 2140, "42601", "Unknown function");
            assertFails(() -> execute(connection, "USE DATABASE NOPE"), 2043, "02000", "NOPE");
            execute(connection, "CREATE TABLE T (ID INTEGER NOT NULL)");
            assertFails(() -> execute(connection, "CREATE TABLE T (ID INTEGER)"), 2002, "42710", "already exists");
            assertFails(() -> execute(connection, "INSERT INTO T VALUES (NULL)"), 100072, "22000", "T.ID");
            assertFails(() -> query(connection, "SELECT 'a'::INTEGER"), 100038, "22018", "");
        }
    }

    @Test
    void whatIsNotKnownIsNamed() throws Exception {
        try (Connection connection = connect()) {
            assertFails(() -> execute(connection, "CREATE ROLE READER"), 2, "0A000", "CREATE ROLE READER");
            assertFails(
                    () -> execute(connection, "CREATE TABLE T (ID INTEGER) STAGE_FILE_FORMAT = (TYPE = CSV)"),
                    2,
                    "0A000",
                    "STAGE_FILE_FORMAT");
            assertFails(() -> execute(connection, "CREATE TABLE T (ID GEOGRAPHY)"), 2, "0A000", "GEOGRAPHY");
            assertFails(() -> execute(connection, "SELECT 1; SELECT 2"), 8, "0A000", "statement count 2");
            assertFails(() -> execute(connection, "SHOW GRANTS"), 2, "0A000", "SHOW GRANTS");
        }
    }

    @Test
    void whatIsRolledBackIsGone() throws Exception {
        try (Connection connection = connect();
                Connection other = connect()) {
            execute(connection, "CREATE TABLE T (ID INTEGER)");
            connection.setAutoCommit(false);
            execute(connection, "INSERT INTO T VALUES (1)");
            assertThat(query(other, "SELECT COUNT(*) FROM T")).containsExactly(List.of("0"));
            connection.rollback();
            execute(connection, "INSERT INTO T VALUES (2)");
            connection.commit();

            assertThat(query(other, "SELECT ID FROM T")).containsExactly(List.of("2"));
        }
    }

    @Test
    void aStatementIsCancelledFromAnotherThread() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            Future<?> endless = thread.submit(
                    () -> statement.executeQuery("SELECT COUNT(*) FROM range(1000000000) A, range(1000000000) B"));
            while (emulator.faults().requests(Endpoint.QUERY) == 0) {
                Thread.onSpinWait();
            }
            statement.cancel();

            assertThatThrownBy(endless::get).hasRootCauseInstanceOf(SQLException.class);
            assertThat(query(connection, "SELECT 1")).containsExactly(List.of("1"));
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void anExpiredTokenIsRenewedWithoutTheCallerNoticing() throws Exception {
        try (Connection connection = connect()) {
            emulator.expireTokens();

            assertThat(query(connection, "SELECT 1")).containsExactly(List.of("1"));
            assertThat(emulator.faults().requests(Endpoint.SESSION)).isEqualTo(1);
        }
    }

    @Test
    void aSessionEndsWithItsServer() throws Exception {
        try (Connection connection = connect()) {
            int port = emulator.port();
            emulator.close();
            emulator = SnowflakeEmulator.start(directory.resolve("snowflake"), port, Map.of("FIRN", KEYS.getPublic()));

            assertFails(() -> query(connection, "SELECT 1"), 390104, "08001", "Session no longer exists");
        }
    }

    @Test
    void theDriverTriesAgainAfterA503() throws Exception {
        try (Connection connection = connect()) {
            emulator.faults().add(Fault.parse("query:refuse=503"));

            assertThat(query(connection, "SELECT 1")).containsExactly(List.of("1"));
        }
    }

    @Test
    void rowsAreUpdatedMergedAndDeleted() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            execute(connection, "CREATE TABLE T (ID INTEGER, NAME VARCHAR)", "INSERT INTO T VALUES (1, 'a'), (2, 'b')");
            assertThat(statement.executeUpdate("UPDATE T SET NAME = 'c' WHERE ID = 1"))
                    .isEqualTo(1);
            assertThat(statement.executeUpdate("MERGE INTO T USING (SELECT 3 AS ID) S ON T.ID = S.ID"
                            + " WHEN NOT MATCHED THEN INSERT VALUES (S.ID, 'd')"))
                    .isEqualTo(1);
            assertThat(statement.executeUpdate("DELETE FROM T WHERE ID = 2")).isEqualTo(1);
            assertThat(query(connection, "SELECT ID, NAME FROM T ORDER BY ID"))
                    .containsExactly(List.of("1", "c"), List.of("3", "d"));
            execute(connection, "TRUNCATE TABLE T");
            assertThat(query(
                            connection,
                            "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'PUBLIC'"))
                    .containsExactly(List.of("T"));
            execute(connection, "DROP TABLE T", "DROP TABLE IF EXISTS T", "CREATE SCHEMA S", "DROP SCHEMA S");
            assertFails(() -> execute(connection, "DROP TABLE T"), 2003, "42S02", "'T'");
        }
    }

    @Test
    void timesAreThoseOfTheSessionsZone() throws Exception {
        try (Connection connection = connect()) {
            execute(connection, "ALTER SESSION SET TIMEZONE = 'America/New_York'");

            assertThat(query(connection, "SELECT TIMESTAMPTZ '2026-01-02 12:00:00+00'::TIMESTAMP_NTZ::VARCHAR"))
                    .containsExactly(List.of("2026-01-02 07:00:00"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"query:lose-reply", "query:lose-reply=503"})
    void aLostReplyDoesNotRunAStatementTwice(String fault) throws Exception {
        try (Connection connection = connect()) {
            execute(connection, "CREATE TABLE T (ID INTEGER)");
            emulator.faults().add(Fault.parse(fault));
            execute(connection, "INSERT INTO T VALUES (1)");

            assertThat(query(connection, "SELECT COUNT(*) FROM T")).containsExactly(List.of("1"));
        }
    }

    @Test
    void aPlantedErrorReachesTheCaller() throws Exception {
        try (Connection connection = connect()) {
            emulator.faults().add(Fault.parse("query:answer=3001"));

            assertFails(() -> query(connection, "SELECT 1"), 3001, "XX000", "told to answer so");
        }
    }

    @Test
    void metadataNamesWhatIsThere() throws Exception {
        try (Connection connection = connect()) {
            execute(
                    connection,
                    "CREATE SCHEMA LANDING",
                    "CREATE TABLE LANDING.RAW (ID NUMBER(10,2) NOT NULL, NAME VARCHAR)",
                    "CREATE OR REPLACE SECURE VIEW LANDING.V COPY GRANTS AS SELECT ID::NUMBER(10,0) AS ID FROM LANDING.RAW");
            try (ResultSet found = connection.getMetaData().getCatalogs()) {
                assertThat(cells(found)).containsExactly(List.of("FIRN"));
            }
            try (ResultSet found = connection.getMetaData().getSchemas("FIRN", "%")) {
                assertThat(cells(found)).containsExactly(List.of("LANDING", "FIRN"), List.of("PUBLIC", "FIRN"));
            }
            try (ResultSet found = connection.getMetaData().getTables("FIRN", "LANDING", "%", null)) {
                assertThat(cells(found))
                        .extracting(row -> row.get(2) + ' ' + row.get(3))
                        .containsExactly("RAW TABLE", "V VIEW");
            }
            try (ResultSet found = connection.getMetaData().getTables("FIRN", null, "%", new String[] {"VIEW"})) {
                assertThat(cells(found)).extracting(row -> row.get(2)).containsExactly("V");
            }
            try (ResultSet found = connection.getMetaData().getColumns("FIRN", "LANDING", "RAW", "%")) {
                assertThat(cells(found))
                        .extracting(row -> row.get(3) + ' ' + row.get(5) + ' ' + row.get(6) + ' ' + row.get(17))
                        .containsExactly("ID NUMBER 10 NO", "NAME VARCHAR 16777216 YES");
            }
            try (ResultSet found = connection.getMetaData().getPrimaryKeys("FIRN", "LANDING", "RAW")) {
                assertThat(cells(found)).isEmpty();
            }
            assertThat(query(connection, "DESCRIBE TABLE LANDING.RAW"))
                    .extracting(row -> row.get(0) + ' ' + row.get(1) + ' ' + row.get(3))
                    .containsExactly("ID NUMBER(10,2) N", "NAME VARCHAR(16777216) Y");
            assertFails(() -> query(connection, "DESC TABLE NOPE"), 2003, "42S02", "NOPE");
            assertThat(query(connection, "SHOW PARAMETERS LIKE 'query\\\\_tag'"))
                    .extracting(row -> row.get(1))
                    .containsExactly("firn_test");
        }
    }

    @Test
    void firnsOwnFilesAreAppliedAndCanBeAppliedAgain() throws Exception {
        try (Connection connection = connect()) {
            for (int time = 0; time < 2; time++) {
                deploy(connection);
            }
            try (ResultSet found = connection.getMetaData().getTables("FIRN", null, "%", new String[] {"TABLE"})) {
                assertThat(cells(found))
                        .extracting(row -> row.get(1) + '.' + row.get(2))
                        .containsExactly("ACTIVITY.EVENTS", "LANDING.RAW_EVENTS");
            }
            assertThat(query(connection, "SELECT RESULT FROM MCP.TABLE_COMPLIANCE_CHECK"))
                    .containsExactly(List.of("COMPLIANT"));
            assertThat(query(connection, "SHOW DYNAMIC TABLES IN DATABASE FIRN"))
                    .extracting(row -> row.get(1))
                    .containsExactly("EVENTS");
        }
    }

    private static void deploy(Connection connection) throws SQLException {
        for (String schema : new Ddl().schemas(Engine.SNOWFLAKE)) {
            execute(connection, "CREATE SCHEMA IF NOT EXISTS " + schema);
        }
        for (DdlObject object : new Ddl().objects(Engine.SNOWFLAKE)) {
            for (String sql : object.statements()) {
                execute(connection, sql);
            }
        }
    }

    @Test
    void eventsFollowRowsThatComeAsSql() throws Exception {
        try (Connection connection = connect()) {
            deploy(connection);
            String row =
                    "SELECT '%s', '2026-01-01'::DATE, '2026-01-01 00:00:00'::TIMESTAMP_NTZ, 'A', 'user.added', 'admin',"
                            + " 'user', 'ann', '{\"attributes\":{\"role\":\"nurse\"}}', 'IMPORT', '2026-01-02 00:00:00'::TIMESTAMP_NTZ(6),"
                            + " 'p', %d";
            execute(
                    connection,
                    "INSERT INTO LANDING.RAW_EVENTS " + row.formatted("e1", 1),
                    "INSERT INTO LANDING.RAW_EVENTS " + row.formatted("e1", 2),
                    "INSERT INTO LANDING.RAW_EVENTS " + row.formatted("e2", 3));
            assertThat(query(
                            connection,
                            "SELECT EVENT_ID, COPIES, ATTRIBUTES['role']::VARCHAR FROM ACTIVITY.EVENTS ORDER BY 1"))
                    .containsExactly(List.of("e1", "2", "nurse"), List.of("e2", "1", "nurse"));

            assertThat(query(
                            connection,
                            "SELECT CUSTOMER, ACTIVITY_OCCURRENCE FROM ACTIVITY.ACTIVITY_STREAM ORDER BY 2"))
                    .containsExactly(List.of("admin", "1"), List.of("admin", "2"));
            try (PreparedStatement stored = connection.prepareStatement(
                    "SELECT DISTINCT _SEQ FROM LANDING.RAW_EVENTS WHERE _PRODUCER_ID = ? AND _SEQ BETWEEN ? AND ? ORDER BY 1")) {
                stored.setString(1, "p");
                stored.setLong(2, 2);
                stored.setLong(3, 9);
                try (ResultSet rows = stored.executeQuery()) {
                    assertThat(cells(rows)).containsExactly(List.of("2"), List.of("3"));
                }
            }

            execute(connection, "DELETE FROM LANDING.RAW_EVENTS WHERE _SEQ >= 2");

            assertThat(query(connection, "SELECT EVENT_ID, COPIES FROM ACTIVITY.EVENTS"))
                    .containsExactly(List.of("e1", "1"));
            assertFails(() -> execute(connection, "DELETE FROM ACTIVITY.EVENTS"), 2120, "42601", "dynamic table");
        }
    }

    @Test
    void anExistingFileIsServedToReadOnly() throws Exception {
        Path file = directory.resolve("warehouse.duckdb");
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:" + file)) {
            new Ddl().install(duckDb);
        }
        try (SnowflakeEmulator served = SnowflakeEmulator.serve("FIRN", file, 0, Map.of("FIRN", KEYS.getPublic()));
                Connection connection = connect(served, KEYS)) {
            assertThat(query(connection, "SELECT COUNT(*) FROM ACTIVITY.ACTIVITY_STREAM"))
                    .containsExactly(List.of("0"));
            assertFails(() -> execute(connection, "DELETE FROM LANDING.RAW_EVENTS"), 3001, "42501", "read only");
            assertFails(() -> execute(connection, "CREATE DATABASE OTHER"), 3001, "42501", "read-only");
            assertFails(() -> execute(connection, "CREATE TABLE ACTIVITY.T (ID INTEGER)"), 3001, "42501", "read only");
        }
    }
}
