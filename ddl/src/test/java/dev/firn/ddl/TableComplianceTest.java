package dev.firn.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableComplianceTest {
    private static final String CHECK =
            "SELECT RESULT, SCHEMA_NAME, TABLE_NAME, TABLE_KIND, MESSAGE FROM MCP.TABLE_COMPLIANCE_CHECK";

    private Warehouse warehouse;

    @BeforeEach
    void open() throws SQLException {
        warehouse = Warehouse.open();
    }

    @AfterEach
    void close() throws SQLException {
        warehouse.close();
    }

    @Test
    void theTwoTablesAloneComply() throws SQLException {
        assertThat(warehouse.rows(CHECK)).containsExactly(List.of("COMPLIANT", "", "", "", "violations: 0"));
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE TABLE X (A INT),main,X,TABLE",
        "CREATE TABLE LANDING.X (A INT),LANDING,X,TABLE",
        "CREATE TABLE MCP.RAW_EVENTS (A INT),MCP,RAW_EVENTS,TABLE",
        "CREATE TABLE SECURITY.EVENTS AS SELECT 1 AS A,SECURITY,EVENTS,TABLE",
        "CREATE TEMP TABLE X (A INT),main,X,TEMPORARY TABLE",
        "CREATE TEMP TABLE RAW_EVENTS (A INT),main,RAW_EVENTS,TEMPORARY TABLE"
    })
    void aThirdTableIsFoundWhereverItIs(String create, String schema, String table, String kind) throws SQLException {
        warehouse.execute(create);

        assertThat(warehouse.rows(CHECK))
                .containsExactly(
                        List.of("NOT COMPLIANT", "", "", "", "violations: 1"),
                        List.of("VIOLATION", schema, table, kind, "a third table"));
    }

    @Test
    void aTableInASchemaOfSomebodyElseIsFound() throws SQLException {
        warehouse.execute("CREATE SCHEMA ELSEWHERE");
        warehouse.execute("CREATE TABLE ELSEWHERE.HIDDEN (A INT)");

        assertThat(warehouse.rows(CHECK))
                .contains(List.of("VIOLATION", "ELSEWHERE", "HIDDEN", "TABLE", "a third table"));
    }

    @Test
    void aMissingTableIsAViolation() throws SQLException {
        warehouse.execute("DROP TABLE ACTIVITY.EVENTS");

        assertThat(warehouse.rows(CHECK))
                .contains(List.of("VIOLATION", "ACTIVITY", "EVENTS", "TABLE", "one of the two tables is missing"));
    }
}
