package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.event.EventParser;
import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import dev.firn.sink.duckdb.DuckDbWarehouse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of an operator and an analyst, from an emitted line to what they print. */
class OperatorCommandsTest {
    @TempDir
    private Path parent;

    private String dir;

    private static String line(int n) {
        return "{\"tenant_id\":\"HCS0001\",\"action\":\"conversation.started\",\"actor_id\":\"user-1\","
                + "\"object_type\":\"conversation\",\"object_id\":\"c-" + n + "\","
                + "\"occurred_at\":\"2026-11-20T09:00:0" + n + "Z\",\"attributes\":{\"title\":\"A, \\\"b\\\"\\n" + n
                + "\"}}\n";
    }

    private CommandRun run(String command, String... args) {
        String[] all = new String[args.length + 3];
        all[0] = command;
        all[1] = "--dir";
        all[2] = dir;
        System.arraycopy(args, 0, all, 3, args.length);
        return CommandRun.of(all);
    }

    private CommandRun query(String format, String sql) {
        return run("query", "--format", format, sql);
    }

    private void inWarehouse(String sql) throws Exception {
        try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(Path.of(dir, "warehouse.duckdb"));
                Connection connection = warehouse.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @BeforeEach
    void emitFiveEvents() {
        dir = parent.resolve("data").toString();
        StringBuilder lines = new StringBuilder();
        for (int n = 1; n <= 5; n++) {
            lines.append(line(n));
        }
        CommandRun emit = CommandRun.withInput(lines.toString(), "emit", "--dir", dir);
        assertThat(emit.code()).as(emit.toString()).isZero();
    }

    @Test
    void statusShowsWhatIsPendingAndThenThatEverythingIsCommitted() {
        assertThat(run("status").out()).contains("cli").contains("to commit what is pending: firn upload --dir " + dir);

        assertThat(run("upload").code()).isZero();

        assertThat(run("status").out()).contains("sink: duckdb").contains("everything is committed");
    }

    @Test
    void aSecondUploadSendsNothing() {
        assertThat(run("upload").out()).contains("uploaded 5 rows");
        assertThat(run("upload").out()).contains("uploaded 0 rows");
    }

    @Test
    void aTokenThatDoesNotFitTheJournalStopsTheUploadUntilAnOperatorAcceptsIt() throws Exception {
        run("upload");
        inWarehouse("UPDATE LANDING.RAW_EVENTS SET _SEQ = 7 WHERE _SEQ = 5");
        CommandRun refused = run("upload");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("token=7 journal=1..5").contains("firn upload --accept-token");
        CommandRun.withInput(line(6) + line(7) + line(8), "emit", "--dir", dir);
        inWarehouse("UPDATE LANDING.RAW_EVENTS SET _SEQ = 9 WHERE _SEQ = 7");
        CommandRun.withInput(line(9), "emit", "--dir", dir);
        assertThat(run("upload").code()).as("9 events, and the token is 9").isZero();
        inWarehouse("UPDATE LANDING.RAW_EVENTS SET _SEQ = 10 WHERE _SEQ = 9");
        assertThat(run("upload").code()).isEqualTo(1);

        CommandRun accepted = run("upload", "--accept-token");

        assertThat(accepted.code()).as(accepted.toString()).isZero();
        assertThat(accepted.out()).contains("uploaded 0 rows");
    }

    @Test
    void whatIsNotUploadedIsPendingAndNotWrong() {
        CommandRun before = run("verify");
        assertThat(before.code()).as(before.toString()).isZero();
        assertThat(before.out()).contains("verified");
        run("upload");
        CommandRun.withInput(line(6), "emit", "--dir", dir);

        CommandRun after = run("verify");

        assertThat(after.code()).as(after.toString()).isZero();
        assertThat(after.out()).containsPattern("cli +\\| +1 \\| +6 \\| +5 \\| +1 ");
    }

    @Test
    void aQueryIsPrintedAsTableCsvAndJson() {
        run("upload");
        String sql = "SELECT CONVERSATION_ID, TITLE, CREATED_AT, LAST_MESSAGE_AT, MESSAGE_COUNT"
                + " FROM NEXUSCHAT.CONVERSATIONS WHERE CONVERSATION_ID = 'c-2'; ";

        assertThat(query("table", sql).out()).contains("| c-2").contains("1 row");
        assertThat(query("csv", sql).out())
                .isEqualTo("CONVERSATION_ID,TITLE,CREATED_AT,LAST_MESSAGE_AT,MESSAGE_COUNT\r\n"
                        + "c-2,\"A, \"\"b\"\"\n2\",2026-11-20 09:00:02,,0\r\n");
        assertThat(query("json", sql).out())
                .startsWith("[\n{\"CONVERSATION_ID\":\"c-2\",\"TITLE\":\"A, \\\"b\\\"\\n2\"")
                .endsWith("}\n]\n");
    }

    @Test
    void rowsComeInTheOrderThatTheQuerySays() {
        run("upload");

        assertThat(query("csv", "SELECT OBJECT_ID FROM ACTIVITY.EVENTS ORDER BY OBJECT_ID DESC")
                        .out())
                .isEqualTo("OBJECT_ID\r\nc-5\r\nc-4\r\nc-3\r\nc-2\r\nc-1\r\n");
    }

    @Test
    void aQueryCannotChangeTheWarehouse() {
        run("upload");

        CommandRun delete = query("table", "DELETE FROM LANDING.RAW_EVENTS");

        assertThat(delete.code()).isEqualTo(Exit.FAILED);
        assertThat(query("csv", "SELECT COUNT(*) AS N FROM LANDING.RAW_EVENTS").out())
                .isEqualTo("N\r\n5\r\n");
    }

    @Test
    void aWrongQueryFailsWithTheReason() {
        run("upload");

        CommandRun wrong = query("table", "SELECT NOTHING FROM ACTIVITY.EVENTS");

        assertThat(wrong.code()).isEqualTo(Exit.FAILED);
        assertThat(wrong.err()).startsWith("firn: the query failed:").contains("NOTHING");
    }

    @Test
    void deletedRowsAreFoundAndBroughtBack() throws Exception {
        run("upload");
        inWarehouse("DELETE FROM LANDING.RAW_EVENTS WHERE _SEQ IN (2, 3)");

        CommandRun verify = run("verify");
        assertThat(verify.code()).isEqualTo(Exit.FAILED);
        assertThat(verify.out()).contains("2 missing: 2..3").contains("not verified");

        CommandRun dryRun = run("replay", "--dry-run");
        assertThat(dryRun.code()).as(dryRun.toString()).isZero();
        assertThat(dryRun.out()).contains("missing: 2..3").contains("dry run: nothing was sent");
        assertThat(run("verify").code()).isEqualTo(Exit.FAILED);

        CommandRun replay = run("replay", "--from", "1", "--to", "5");
        assertThat(replay.code()).as(replay.toString()).isZero();
        assertThat(replay.out()).contains("sent 2 rows again").contains("the upload stays at 5");
        assertThat(run("verify").code()).isZero();
        assertThat(run("upload").out()).contains("uploaded 2 rows");
        assertThat(query("csv", "SELECT ACTION FROM ACTIVITY.EVENTS WHERE TENANT_ID = '_system' ORDER BY OCCURRED_AT")
                        .out())
                .isEqualTo("ACTION\r\npipeline.replay_started\r\npipeline.replay_finished\r\n");
        assertThat(run("verify").code()).isZero();
    }

    @Test
    void aReplayIntoAnotherSinkThanTheBoundOneIsRefused() throws Exception {
        run("upload");

        CommandRun replay = run("replay", "--sink", "snowpipe");

        assertThat(replay.code()).isEqualTo(Exit.FAILED);
        assertThat(replay.err()).contains("is bound to another sink").contains("bound=duckdb asked=snowpipe");

        Files.writeString(Path.of(dir, "sink"), "snowpipe-classic/4\n");
        assertThat(run("replay").err()).contains("bound=snowpipe-classic/4 asked=duckdb");
        assertThat(run("replay", "--sink", "snowpipe").err()).contains("bound=snowpipe-classic/4 asked=snowpipe");
    }

    @Test
    void aReplayByTimeTakesWhatWasReceivedThen() {
        run("upload");

        CommandRun none = run("replay", "--all", "--dry-run", "--until", "2020-01-01T00:00:00Z");
        CommandRun all = run("replay", "--all", "--dry-run", "--since", "2020-01-01T00:00:00Z");

        assertThat(none.out()).containsPattern("\\| +0 \\| +0 \\| +0 \\| +0 \\|");
        assertThat(all.out()).containsPattern("\\| +5 \\| +5 \\| +0 \\| +5 \\|");
    }

    @Test
    void aJournalWithoutRecordsIsNothingWrong() {
        String empty = parent.resolve("empty").toString();
        assertThat(CommandRun.of("emit", "--dir", empty).code()).isZero();

        for (String command : new String[] {"status", "verify", "upload", "verify"}) {
            CommandRun run = CommandRun.of(command, "--dir", empty);
            assertThat(run.code()).as(run.toString()).isZero();
        }
    }

    @Test
    void wrongUsageIsExitTwo() {
        assertThat(run("replay", "--since", "yesterday").code()).isEqualTo(Exit.USAGE);
        assertThat(run("replay", "--from", "9", "--to", "3").code()).isEqualTo(Exit.USAGE);
        assertThat(run("upload", "--sink", "kafka").code()).isEqualTo(Exit.USAGE);
        assertThat(CommandRun.of("ddl").code()).isEqualTo(Exit.USAGE);
        assertThat(CommandRun.of("ddl", "render", "--database", "a b").code()).isEqualTo(Exit.USAGE);
        assertThat(CommandRun.of("demo", "--events", "1").code()).isEqualTo(Exit.USAGE);
        assertThat(CommandRun.of("nonsense").code()).isEqualTo(Exit.USAGE);
    }

    @Test
    void aDirectoryWithoutJournalsIsSaidSo() {
        String empty = parent.resolve("empty").toString();

        for (String command : new String[] {"upload", "status", "verify"}) {
            CommandRun run = CommandRun.of(command, "--dir", empty);
            assertThat(run.code()).as(command).isEqualTo(Exit.FAILED);
            assertThat(run.err()).startsWith("firn: there is ");
        }
        assertThat(Path.of(empty)).doesNotExist();
    }

    @Test
    void anotherSinkThanTheBoundOneIsRefused() throws Exception {
        Files.writeString(Path.of(dir, "sink"), "snowpipe\n");

        CommandRun upload = run("upload");

        assertThat(upload.code()).isEqualTo(Exit.FAILED);
        assertThat(upload.err()).startsWith("firn: the data directory is bound to another sink: bound=snowpipe");
    }

    private void flipAByteOfTheThirdEvent() throws Exception {
        Path journal = Path.of(dir, "journals", "cli", "queue");
        Path file;
        try (var files = Files.list(journal)) {
            file = files.filter(path -> path.toString().endsWith(".cq4"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\"c-3\"");
        bytes[at + 3] = '4';
        Files.write(file, bytes);
    }

    @Test
    void aFlippedByteInTheJournalIsFound() throws Exception {
        run("upload");
        flipAByteOfTheThirdEvent();

        CommandRun verify = run("verify");

        assertThat(verify.code()).isEqualTo(Exit.FAILED);
        assertThat(verify.out()).contains("WRONG").contains("sequence=3");
    }

    @Test
    void aDamagedJournalStopsNeitherItsGoodRecordsNorOtherJournals() throws Exception {
        flipAByteOfTheThirdEvent();
        try (IngestClient other = IngestClient.open(
                IngestConfig.builder(Path.of(dir, "journals", "other")).build())) {
            other.emit(new EventParser().parse(line(9)));
        }

        CommandRun upload = run("upload");

        assertThat(upload.code()).isEqualTo(Exit.FAILED);
        assertThat(upload.err())
                .contains("firn: journal cli is not uploaded any further: ")
                .contains("sequence=3");
        assertThat(upload.out()).contains("uploaded 3 rows");
        assertThat(query("csv", "SELECT OBJECT_ID FROM ACTIVITY.EVENTS ORDER BY OBJECT_ID")
                        .out())
                .isEqualTo("OBJECT_ID\r\nc-1\r\nc-2\r\nc-9\r\n");
    }

    @Test
    void bothEnginesAreRendered() {
        assertThat(CommandRun.of("ddl", "render", "--engine", "snowflake").out())
                .contains("CREATE DATABASE IF NOT EXISTS FIRN")
                .contains("CREATE DYNAMIC TABLE");
        assertThat(CommandRun.of("ddl", "render", "--engine", "duckdb").out())
                .contains("CREATE TABLE IF NOT EXISTS ACTIVITY.EVENTS")
                .doesNotContain("DYNAMIC");
    }
}
