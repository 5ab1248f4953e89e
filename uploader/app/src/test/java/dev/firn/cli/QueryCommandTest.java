package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.sink.duckdb.DuckDbWarehouse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a query may be, and what its failures show. */
class QueryCommandTest {
    private static final String PLANTED = "planted-71c9";

    @TempDir
    private Path parent;

    private String dir;

    @BeforeEach
    void uploadOneEvent() {
        dir = parent.resolve("data").toString();
        CommandRun.withInput(
                "{\"tenant_id\":\"HCS0001\",\"action\":\"conversation.started\",\"actor_id\":\"user-1\","
                        + "\"object_type\":\"conversation\",\"object_id\":\"c-1\",\"occurred_at\":\"2026-11-20T09:00:00Z\","
                        + "\"attributes\":{\"title\":\"" + PLANTED + "\"}}\n",
                "emit",
                "--dir",
                dir);
        CommandRun upload = CommandRun.of("upload", "--dir", dir);
        assertThat(upload.code()).as(upload.toString()).isZero();
    }

    private CommandRun query(String sql) {
        return CommandRun.of("query", "--dir", dir, "--format", "csv", sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1; SELECT 2",
                "DELETE FROM LANDING.RAW_EVENTS",
                "PRAGMA database_list",
                "ATTACH ':memory:' AS OTHER",
                "COPY LANDING.RAW_EVENTS TO 'stolen.csv'",
                "SET enable_external_access = true",
                "SELECT 1) TO 'stolen.csv' --",
                "SELECT 1) T; COPY LANDING.RAW_EVENTS TO 'stolen.csv'; SELECT * FROM (SELECT 1",
                "/* nothing */"
            })
    void anythingButOneSelectIsRefused(String sql) {
        CommandRun run = query(sql);

        assertThat(run.code()).as(run.toString()).isEqualTo(Exit.FAILED);
        assertThat(run.err()).startsWith("firn: the query failed: it must be one SELECT, nothing else");
        assertThat(run.out()).isEmpty();
        assertThat(Path.of("stolen.csv")).doesNotExist();
    }

    @Test
    void aQueryReachesNoFile() throws Exception {
        Path file = Files.writeString(parent.resolve("secret.txt"), PLANTED);
        for (String function : new String[] {"read_text", "read_csv", "glob"}) {
            CommandRun run = query("SELECT * FROM " + function + "('" + file + "')");

            assertThat(run.code()).as(run.toString()).isEqualTo(Exit.FAILED);
            assertThat(run.err())
                    .startsWith("firn: the query failed: Permission Error")
                    .doesNotContain(PLANTED);
            assertThat(run.out()).isEmpty();
        }
    }

    @Test
    void theViewsAreReadAsBefore() {
        assertThat(query("WITH C AS (FROM NEXUSCHAT.CONVERSATIONS) SELECT TITLE FROM C; ")
                        .out())
                .isEqualTo("TITLE\r\n" + PLANTED + "\r\n");
        assertThat(query("SELECT 1 AS N -- one").out()).isEqualTo("N\r\n1\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT PAYLOAD::INT FROM LANDING.RAW_EVENTS",
                "SELECT strptime(PAYLOAD::VARCHAR, '%Y') FROM LANDING.RAW_EVENTS",
                "SELECT error(PAYLOAD::VARCHAR) FROM LANDING.RAW_EVENTS",
                "SELECT error('x: ' || PAYLOAD::VARCHAR) FROM LANDING.RAW_EVENTS"
            })
    void aFailureShowsNoValue(String sql) {
        CommandRun run = query(sql);

        assertThat(run.code()).as(run.toString()).isEqualTo(Exit.FAILED);
        assertThat(run.out() + run.err()).doesNotContain(PLANTED).doesNotContain("HCS0001");
        assertThat(run.err())
                .containsPattern(
                        "^firn: the query failed: [A-Z][A-Za-z ]+ Error.* \\(the rest of the message is left out");
    }

    @Test
    void aFailureShowsItsLine() {
        assertThat(query("SELECT\nPAYLOAD::INT\nFROM LANDING.RAW_EVENTS").err())
                .startsWith("firn: the query failed: Conversion Error in LINE 2 (");
    }

    @Test
    void whatIsWrongWithTheStatementIsShown() {
        assertThat(query("SELECT NOTHING FROM ACTIVITY.EVENTS").err()).contains("Binder Error", "NOTHING");
        assertThat(query("SELECT * FROM NOTHING").err()).contains("Catalog Error", "NOTHING");
        assertThat(query("SELEC 1").err()).contains("Parser Error", "SELEC");
    }

    @Test
    void theWarehouseCanBeWrittenAfterwards() {
        assertThat(query("SELECT 1").code()).isZero();

        DuckDbWarehouse.open(Path.of(dir, "warehouse.duckdb")).close();
    }
}
