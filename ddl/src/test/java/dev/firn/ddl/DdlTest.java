package dev.firn.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DdlTest {
    private static final String CATALOGUE = """
            SELECT 'view', schema_name, view_name, view_oid, sql FROM duckdb_views() WHERE NOT internal
            UNION ALL SELECT 'table', schema_name, table_name, table_oid, comment FROM duckdb_tables()
            UNION ALL SELECT 'macro', schema_name, function_name, function_oid, NULL FROM duckdb_functions() WHERE NOT internal
            ORDER BY ALL""";

    private final Ddl ddl = new Ddl();
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void installingTwiceChangesNothing() throws SQLException {
        ddl.install(connection);
        List<String> once = rows(CATALOGUE);

        ddl.install(connection);

        assertThat(rows(CATALOGUE)).isEqualTo(once);
    }

    @Test
    void anEarlierVersionIsReplacedAndItsRowsStay() throws SQLException {
        ddl.install(connection);
        execute("COMMENT ON TABLE LANDING.RAW_EVENTS IS 'firn ddl 0'");
        execute("CREATE OR REPLACE VIEW MCP.INGEST_GAPS AS SELECT 1 AS OLD");
        execute(
                "INSERT INTO LANDING.RAW_EVENTS VALUES ('i', '2026-01-01', '2026-01-01', 'A', 'x.happened', 'a', NULL, NULL, '{}', 'L', '2026-01-01', 'p', 2)");

        ddl.install(connection);

        assertThat(rows("SELECT FIRST_MISSING, LAST_MISSING FROM MCP.INGEST_GAPS"))
                .containsExactly("1|1");
    }

    @Test
    void aFailureNamesFileAndStatementAndLeavesNothingBehind() throws SQLException {
        execute("CREATE SCHEMA MCP");
        execute("CREATE TABLE MCP.INGEST_GAPS (A INT)");

        assertThatThrownBy(() -> ddl.install(connection))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("file=shared/MCP/INGEST_GAPS.sql")
                .hasMessageContaining("statement=CREATE OR REPLACE VIEW MCP.INGEST_GAPS AS");

        assertThat(rows("SELECT schema_name, table_name FROM duckdb_tables()")).containsExactly("MCP|INGEST_GAPS");
        assertThat(connection.getAutoCommit()).isTrue();
    }

    @Test
    void aCallersTransactionIsTheCallersToCommit() throws SQLException {
        connection.setAutoCommit(false);
        ddl.install(connection);
        connection.rollback();

        assertThat(rows("SELECT table_name FROM duckdb_tables()")).isEmpty();
    }

    @Test
    void theRenderedScriptOfDuckDbInstallsEverything() throws SQLException {
        for (String statement : SqlScript.statements(ddl.render(Engine.DUCKDB, "FIRN"))) {
            execute(statement);
        }
        List<String> rendered =
                rows("SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL");

        try (Connection other = DriverManager.getConnection("jdbc:duckdb:")) {
            ddl.install(other);
            assertThat(rows(other, "SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL"))
                    .isEqualTo(rendered);
        }
    }

    @Test
    void theRenderedScriptOfSnowflakeUsesItsDatabaseAndNothingOfDuckDb() {
        String script = ddl.render(Engine.SNOWFLAKE, "MY_FIRN");

        assertThat(SqlScript.statements(script))
                .startsWith("CREATE DATABASE IF NOT EXISTS MY_FIRN", "USE DATABASE MY_FIRN")
                .contains("CREATE SCHEMA IF NOT EXISTS NEXUSCHAT")
                .anyMatch(statement -> statement.startsWith("CREATE DYNAMIC TABLE IF NOT EXISTS ACTIVITY.EVENTS")
                        && statement.contains("REFRESH_MODE = INCREMENTAL"));
        assertThat(SqlScript.withoutCommentsAndLiterals(script).toLowerCase(Locale.ROOT))
                .doesNotContain("macro", "duckdb", "try_cast(v::varchar as bigint)", "regexp_full_match", "strftime");
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void everyObjectComesAfterWhatItReads(Engine engine) {
        Set<String> done = new HashSet<>();
        for (DdlObject object : ddl.objects(engine)) {
            assertThat(done).as(object.qualifiedName()).containsAll(object.reads());
            done.add(object.qualifiedName());
        }
    }

    @Test
    void bothEnginesHaveTheSameObjectsButForTheirPreludes() {
        assertThat(names(Engine.SNOWFLAKE)).containsExactlyInAnyOrderElementsOf(names(Engine.DUCKDB));
    }

    @Test
    void aCircleIsRefused() {
        DdlObject a = new DdlObject("S", "A", DdlObject.Kind.VIEW, List.of("S.B"), "", "a.sql");
        DdlObject b = new DdlObject("S", "B", DdlObject.Kind.VIEW, List.of("S.A"), "", "b.sql");

        assertThatThrownBy(() -> Resources.inOrder(List.of(a, b)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("S.A");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1FIRN", "A;DROP DATABASE B", "A B", "\"A\"", "A\nB"})
    void aDatabaseNameThatIsNoIdentifierIsRefused(String database) {
        assertThatThrownBy(() -> ddl.render(Engine.SNOWFLAKE, database)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aScriptIsCutOutsideOfQuotesAndComments() {
        assertThat(SqlScript.statements("-- a;b\nSELECT ';' /* ; */ || 'it''s;';\n\nCREATE $$ ; $$;  \n SELECT \";\""))
                .containsExactly("SELECT ';' /* ; */ || 'it''s;'", "CREATE $$ ; $$", "SELECT \";\"");
    }

    private List<String> names(Engine engine) {
        return ddl.objects(engine).stream()
                .filter(object -> object.kind() != DdlObject.Kind.PRELUDE)
                .map(object -> object.kind() + " " + object.qualifiedName())
                .toList();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> rows(String sql) throws SQLException {
        return rows(connection, sql);
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    cells.add(String.valueOf(result.getString(i)));
                }
                rows.add(String.join("|", cells));
            }
        }
        return rows;
    }
}
