package dev.firn.sink.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.event.Event;
import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import dev.firn.upload.ChannelName;
import dev.firn.upload.JournalSource;
import dev.firn.upload.JournalUploader;
import dev.firn.upload.MemoryPosition;
import dev.firn.upload.Replay;
import dev.firn.upload.Replays;
import dev.firn.upload.Rows;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploadMetrics;
import dev.firn.upload.UploaderConfig;
import dev.firn.upload.Verification;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was done to a warehouse by hand is found, and what is missing is brought back from the journal. */
class VerificationAndReplayTest {
    private static final int EVENTS = 50;

    @TempDir
    private Path directory;

    private DuckDbWarehouse warehouse;
    private DuckDbSink sink;
    private JournalSource source;
    private String producer;

    @BeforeEach
    void uploadFiftyEvents() {
        Path journal = directory.resolve("app");
        try (IngestClient client =
                IngestClient.open(IngestConfig.builder(journal).build())) {
            for (int i = 1; i <= EVENTS; i++) {
                client.emit(Rows.event("event-" + i));
            }
        }
        warehouse = DuckDbWarehouse.open(directory.resolve("warehouse.duckdb"));
        sink = new DuckDbSink(warehouse);
        source = JournalSource.open(journal);
        producer = source.producerId();
        UploaderConfig config = UploaderConfig.builder()
                .maxBatchDelay(Duration.ZERO)
                .maxAttempts(1)
                .build();
        try (JournalUploader uploader = new JournalUploader(
                JournalSource.open(journal),
                sink,
                config,
                System::nanoTime,
                new MemoryPosition(),
                UploadListener.NONE,
                new UploadMetrics())) {
            while (!uploader.isDrained()) {
                uploader.doWork();
            }
        }
    }

    @AfterEach
    void close() {
        source.close();
        warehouse.close();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = warehouse.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String text(String sql) throws SQLException {
        try (Connection connection = warehouse.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "nothing";
        }
    }

    private List<String> problems() throws SQLException {
        List<String> problems = new ArrayList<>();
        try (Connection connection = warehouse.connect()) {
            Verification verification = new Verification(connection);
            List<Verification.Check> checks = new ArrayList<>(
                    verification.journal(source, EVENTS, done -> {}).checks());
            checks.addAll(verification.warehouse());
            for (Verification.Check check : checks) {
                if (!check.isGood()) {
                    problems.add(check.name() + ": " + check.problem());
                }
            }
        }
        return problems;
    }

    private Replay plan(Replay.Selection selection) throws SQLException {
        try (Connection connection = warehouse.connect();
                SinkChannel channel = sink.openChannel(ChannelName.producer(producer))) {
            return Replay.plan(source, selection, connection, channel.committedToken());
        }
    }

    @Test
    void anUntouchedWarehouseIsVerified() throws SQLException {
        assertThat(problems()).isEmpty();
    }

    @Test
    void deletedRowsAreNamedAndReplayBringsExactlyThemBack() throws Exception {
        execute("DELETE FROM LANDING.RAW_EVENTS WHERE _SEQ IN (7, 8, 31)");

        assertThat(problems())
                .anyMatch(problem -> problem.endsWith("3 missing: 7..8, 31"))
                .anyMatch(problem -> problem.contains("2 gaps: 7..8 of producer " + producer + ", 31 of producer"));
        assertThat(text("SELECT string_agg(FIRST_MISSING || '-' || LAST_MISSING, ' ' ORDER BY FIRST_MISSING)"
                        + " FROM MCP.INGEST_GAPS"))
                .isEqualTo("7-8 31-31");

        Replay replay = plan(Replay.Selection.ALL);
        assertThat(replay.selected()).isEqualTo(EVENTS);
        assertThat(replay.missing().ranges().toString()).isEqualTo("[7..8, 31]");
        assertThat(Replays.send(replay, sink, false).metrics().committedRows()).isEqualTo(3);

        assertThat(problems()).isEmpty();
        assertThat(text("SELECT COUNT(*) FROM LANDING.RAW_EVENTS")).isEqualTo("50");
        assertThat(text("SELECT string_agg(_SEQ::VARCHAR, ' ' ORDER BY _SEQ) FROM LANDING.RAW_EVENTS"
                        + " WHERE _SOURCE_LANE = 'REPLAY' AND _PRODUCER_ID = '" + producer + "'"))
                .isEqualTo("7 8 31");
        assertThat(plan(Replay.Selection.ALL).committed()).isEqualTo(EVENTS);
    }

    @Test
    void aReplayOfARangeSendsOnlyWhatIsMissingInIt() throws Exception {
        execute("DELETE FROM LANDING.RAW_EVENTS WHERE _SEQ IN (7, 8, 31)");

        Replay replay = plan(new Replay.Selection(8, 20, Long.MIN_VALUE, Long.MAX_VALUE));
        assertThat(replay.selected()).isEqualTo(13);
        assertThat(Replays.send(replay, sink, false).metrics().committedRows()).isEqualTo(1);

        assertThat(plan(Replay.Selection.ALL).missing().ranges().toString()).isEqualTo("[7, 31]");
    }

    @Test
    void aReplayOfEverythingAddsCopiesButNoEvents() throws Exception {
        assertThat(Replays.send(plan(Replay.Selection.ALL), sink, true)
                        .metrics()
                        .committedRows())
                .isEqualTo(EVENTS);

        assertThat(text("SELECT COUNT(*) || ' ' || MIN(COPIES) || ' ' || MAX(COPIES) FROM ACTIVITY.EVENTS"))
                .isEqualTo("50 2 2");
        assertThat(problems()).isEmpty();
    }

    @Test
    void aReplayOfEverythingBringsBackWhatIsMissingInEventsOnly() throws Exception {
        execute("DELETE FROM ACTIVITY.EVENTS WHERE EVENT_ID = '"
                + Rows.event("event-5").eventId() + "'");
        assertThat(problems()).isNotEmpty();

        Replays.send(plan(new Replay.Selection(5, 5, Long.MIN_VALUE, Long.MAX_VALUE)), sink, true);

        assertThat(problems()).isEmpty();
        assertThat(text("SELECT COPIES FROM ACTIVITY.EVENTS WHERE EVENT_ID = '"
                        + Rows.event("event-5").eventId() + "'"))
                .isEqualTo("2");
    }

    @Test
    void whatIsNotCommittedIsNotReplayed() throws SQLException {
        try (IngestClient client =
                IngestClient.open(IngestConfig.builder(directory.resolve("app")).build())) {
            client.emit(Rows.event("later"));
        }

        Replay replay = plan(Replay.Selection.ALL);

        assertThat(replay.selected()).isEqualTo(EVENTS);
        assertThat(problems()).isEmpty();
    }

    @Test
    void aChangedPayloadIsFound() throws SQLException {
        execute("UPDATE LANDING.RAW_EVENTS SET PAYLOAD = replace(PAYLOAD, 'event-9', 'event-X') WHERE _SEQ = 9");

        assertThat(problems()).anyMatch(problem -> problem.startsWith("the content ID is the hash of the payload"));
    }

    @Test
    void aRowOfAnotherRecordIsFound() throws SQLException {
        Event other = Rows.event("other");
        execute("UPDATE LANDING.RAW_EVENTS SET PAYLOAD = '" + other.canonical() + "', EVENT_ID = '" + other.eventId()
                + "' WHERE _SEQ = 9");

        assertThat(problems())
                .anyMatch(problem -> problem.endsWith("1 different: 9"))
                .anyMatch(problem -> problem.startsWith("RAW_EVENTS -> EVENTS"));
    }

    @Test
    void aRowThatWasMovedToAnotherTenantIsFound() throws SQLException {
        execute("UPDATE LANDING.RAW_EVENTS SET TENANT_ID = 'HCS0002' WHERE _SEQ = 9");
        execute("UPDATE ACTIVITY.EVENTS SET TENANT_ID = 'HCS0003' WHERE EVENT_ID = '"
                + Rows.event("event-4").eventId() + "'");

        assertThat(problems()).containsExactly("the columns say what the payload says: 2 rows with a changed column");
    }

    @Test
    void changedAttributesAreFound() throws SQLException {
        execute(
                "UPDATE ACTIVITY.EVENTS SET ATTRIBUTES = CAST('{\"label\":\"forged\"}'::JSON AS VARIANT) WHERE EVENT_ID = '"
                        + Rows.event("event-4").eventId() + "'");

        assertThat(problems())
                .containsExactly("the attributes are those of the payload: 1 events with changed attributes");
    }

    @Test
    void aForgedDeadLetterDoesNotStandForARecord() throws SQLException {
        Event forged = Event.builder("quality.dead_lettered")
                .tenant("_system")
                .actor("system")
                .object("record", "0".repeat(64))
                .occurredAt(Instant.EPOCH)
                .build();
        for (String table : List.of("LANDING.RAW_EVENTS", "ACTIVITY.EVENTS")) {
            execute("UPDATE " + table + " SET EVENT_ID = '" + forged.eventId() + "', PAYLOAD = '" + forged.canonical()
                    + "', TENANT_ID = '_system', ACTION = 'quality.dead_lettered', ACTOR_ID = 'system',"
                    + " OBJECT_TYPE = 'record', OBJECT_ID = '" + "0".repeat(64) + "',"
                    + " OCCURRED_AT = TIMESTAMP '1970-01-01', OCCURRED_DATE = DATE '1970-01-01'"
                    + (table.startsWith("ACTIVITY") ? ", ATTRIBUTES = CAST('{}'::JSON AS VARIANT)" : "")
                    + " WHERE EVENT_ID = '" + Rows.event("event-9").eventId() + "'");
        }

        assertThat(problems()).containsExactly("journal -> RAW_EVENTS: each row is that of its record: 1 different: 9");
    }

    @Test
    void aChangedReceiptIsFound() throws SQLException {
        execute("UPDATE LANDING.RAW_EVENTS SET _SOURCE_LANE = 'MCP' WHERE _SEQ = 3");
        execute("UPDATE LANDING.RAW_EVENTS SET _RECV_AT = _RECV_AT + INTERVAL 1 SECOND WHERE _SEQ = 4");

        assertThat(problems())
                .contains("journal -> RAW_EVENTS: each row is that of its record: 2 different: 3..4")
                .anyMatch(problem -> problem.startsWith("RAW_EVENTS -> EVENTS"));
    }

    @Test
    void aTailThatWasCommittedAndIsGoneIsFound() throws SQLException {
        execute("DELETE FROM LANDING.RAW_EVENTS WHERE _SEQ > 10");
        execute("DELETE FROM ACTIVITY.EVENTS WHERE EVENT_ID NOT IN (SELECT EVENT_ID FROM LANDING.RAW_EVENTS)");

        assertThat(problems())
                .containsExactly("journal -> RAW_EVENTS: what was committed still is: RAW_EVENTS ends at sequence 10,"
                        + " but 50 was committed: 11..50 lost; an upload sends them again");
    }

    @Test
    void viewsThatWereReplacedDoNotHideAnything() throws SQLException {
        execute("CREATE OR REPLACE VIEW MCP.EVENT_ID_AUDIT AS SELECT 1 AS X WHERE FALSE");
        execute("UPDATE ACTIVITY.EVENTS SET PAYLOAD = replace(PAYLOAD, 'event-9', 'event-X')");

        assertThat(problems()).anyMatch(problem -> problem.startsWith("the content ID is the hash"));
    }

    @Test
    void rowsWithoutAJournalAreCounted() throws SQLException {
        execute("UPDATE LANDING.RAW_EVENTS SET _PRODUCER_ID = NULL WHERE _SEQ = 50");

        try (Connection connection = warehouse.connect()) {
            assertThat(new Verification(connection).producers())
                    .containsExactlyInAnyOrderEntriesOf(Map.of("", 1L, producer, 49L));
        }
    }

    @Test
    void aDeletedEventAndAThirdTableAreFound() throws SQLException {
        execute("DELETE FROM ACTIVITY.EVENTS WHERE EVENT_ID = '"
                + Rows.event("event-5").eventId() + "'");
        execute("CREATE TABLE MCP.BOOKKEEPING (X INTEGER)");

        assertThat(problems())
                .anyMatch(problem -> problem.startsWith("RAW_EVENTS -> EVENTS") && problem.contains("1 events"))
                .anyMatch(problem -> problem.startsWith("two tables"));
    }
}
