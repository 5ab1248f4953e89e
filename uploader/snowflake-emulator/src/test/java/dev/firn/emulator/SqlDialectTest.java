package dev.firn.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.ddl.Ddl;
import dev.firn.ddl.DdlObject;
import dev.firn.ddl.Engine;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlDialectTest {
    private final SqlDialect dialect = new SqlDialect();

    private SqlPlan plan(String sql) {
        return dialect.plan(SqlText.of(sql), new ShowStatements.Scope("FIRN", "PUBLIC"));
    }

    private String translated(String sql) {
        return String.join("; ", plan(sql).sql());
    }

    @Test
    void everyStatementOfFirnsFilesIsKnown() {
        List<DdlObject> objects = new Ddl().objects(Engine.SNOWFLAKE);

        assertThat(objects)
                .allSatisfy(object -> assertThat(object.statements())
                        .allSatisfy(
                                sql -> assertThat(plan(sql).kind().defines()).isTrue()));
    }

    @Test
    void ownFilesAreKnownInWhateverLayout() {
        DdlObject flag = new Ddl()
                .objects(Engine.SNOWFLAKE).stream()
                        .filter(object -> object.qualifiedName().equals("GUARD.FLAG"))
                        .findFirst()
                        .orElseThrow();
        String sql = "-- a remark\n" + flag.statements().get(0).replace("\nRETURNS", " /* x */ returns") + ";\n";

        assertThat(translated(sql)).startsWith("CREATE OR REPLACE MACRO GUARD.FLAG");
    }

    @Test
    void typesAreTranslatedInCastsOnly() {
        assertThat(translated("SELECT NUMBER, a::NUMBER(10,2), CAST(b AS TIMESTAMP_NTZ(6)) AS TIMESTAMP_LTZ FROM T"))
                .isEqualTo("SELECT NUMBER, a::DECIMAL( 10 , 2 ), CAST(b AS TIMESTAMP) AS TIMESTAMP_LTZ FROM T");
    }

    @Test
    void escapesOfLiteralsAreResolved() {
        assertThat(translated("SELECT 'it\\'s', 'a''b', '\\\\', \"q\\\""))
                .isEqualTo("SELECT 'it''s', 'a''b', '\\', \"q\\\"");
    }

    @Test
    void semicolonsEndStatementsOnlyWhereTheyStandAlone() {
        assertThat(translated("SELECT ';' -- ;\n /* ; */ ;")).isEqualTo("SELECT ';'");
        assertThatThrownBy(() -> SqlText.of("SELECT 1; SELECT 2")).hasMessageContaining("statement count 2");
        assertThatThrownBy(() -> SqlText.of(" -- nothing")).hasMessageContaining("Empty");
    }

    @Test
    void aTablesClausesAreLeftOut() {
        assertThat(translated(
                        "create transient table if not exists L.T (id number(38,0) not null comment 'x', at timestamp_ltz,"
                                + " primary key (id)) cluster by (id) data_retention_time_in_days = 1 comment = 'y'"))
                .isEqualTo("CREATE TABLE IF NOT EXISTS L . T (\"ID\" DECIMAL( 38 , 0 ) NOT NULL, \"AT\" TIMESTAMPTZ)");
    }

    @Test
    void aViewsClausesAreLeftOut() {
        assertThat(translated("CREATE OR REPLACE SECURE VIEW V (A) COPY GRANTS COMMENT = 'x' AS SELECT 1"))
                .isEqualTo("CREATE OR REPLACE VIEW V ( A ) AS SELECT 1");
    }
}
