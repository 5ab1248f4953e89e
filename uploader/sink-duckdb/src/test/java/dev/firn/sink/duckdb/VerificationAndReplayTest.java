package dev.firn.sink.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.event.Event;
import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import dev.firn.upload.ChannelName;
import dev.firn.upload.JournalSource;
import dev.firn.upload.JournalUploader;
import dev.firn.upload.Replay;
import dev.firn.upload.Rows;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploaderConfig;
import dev.firn.upload.Verification;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        UploaderConfig config = UploaderConfig.DEFAULT.withMaxBatchDelay(Duration.ZERO);
        try (JournalUploader uploader = new JournalUploader(
                JournalSource.open(journal), sink, config, System::nanoTime, sequence -> {}, UploadListener.NONE)) {
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
            List<Verification.Check> checks =
                    new ArrayList<>(verification.journal(source, done -> {}).checks());
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
    void deletedRowsAreNamedAndReplayBringsExactlyThemBack() throws SQLException {
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
        assertThat(replay.send(sink, false, "r-1", 1_000, done -> {})).isEqualTo(3);

        assertThat(problems()).isEmpty();
        assertThat(text("SELECT COUNT(*) FROM LANDING.RAW_EVENTS")).isEqualTo("50");
        assertThat(text("SELECT string_agg(_SEQ::VARCHAR, ' ' ORDER BY _SEQ) FROM LANDING.RAW_EVENTS"
                        + " WHERE _SOURCE_LANE = 'REPLAY' AND _PRODUCER_ID = '" + producer + "'"))
                .isEqualTo("7 8 31");
        assertThat(plan(Replay.Selection.ALL).committed()).isEqualTo(EVENTS);
    }

    @Test
    void aReplayOfARangeSendsOnlyWhatIsMissingInIt() throws SQLException {
        execute("DELETE FROM LANDING.RAW_EVENTS WHERE _SEQ IN (7, 8, 31)");

        Replay replay = plan(new Replay.Selection(8, 20, Long.MIN_VALUE, Long.MAX_VALUE));
        assertThat(replay.selected()).isEqualTo(13);
        assertThat(replay.send(sink, false, "r-1", 1_000, done -> {})).isEqualTo(1);

        assertThat(plan(Replay.Selection.ALL).missing().ranges().toString()).isEqualTo("[7, 31]");
    }

    @Test
    void aReplayOfEverythingAddsCopiesButNoEvents() throws SQLException {
        assertThat(plan(Replay.Selection.ALL).send(sink, true, "r-1", 1_000, done -> {}))
                .isEqualTo(EVENTS);

        assertThat(text("SELECT COUNT(*) || ' ' || MIN(COPIES) || ' ' || MAX(COPIES) FROM ACTIVITY.EVENTS"))
                .isEqualTo("50 2 2");
        assertThat(problems()).isEmpty();
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

        assertThat(problems()).anyMatch(problem -> problem.startsWith("content ID is the hash of the payload"));
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
    void aDeletedEventAndAThirdTableAreFound() throws SQLException {
        execute("DELETE FROM ACTIVITY.EVENTS WHERE EVENT_ID = '"
                + Rows.event("event-5").eventId() + "'");
        execute("CREATE TABLE MCP.BOOKKEEPING (X INTEGER)");

        assertThat(problems())
                .anyMatch(problem -> problem.startsWith("RAW_EVENTS -> EVENTS") && problem.contains("1 events"))
                .anyMatch(problem -> problem.startsWith("two tables"));
    }
}
