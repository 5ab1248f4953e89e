package dev.firn.sink.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.event.Event;
import dev.firn.upload.ChannelName;
import dev.firn.upload.FakeSource;
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
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a journal lost and knows of: named, not mixed up with what is missing and can be had again. */
class KnownLossTest {
    private static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";
    private static final int EVENTS = 20;

    @TempDir
    private Path directory;

    private final FakeSource source = new FakeSource(PRODUCER, EVENTS);
    private DuckDbWarehouse warehouse;
    private DuckDbSink sink;

    @BeforeEach
    void open() {
        warehouse = DuckDbWarehouse.open(directory.resolve("warehouse.duckdb"));
        sink = new DuckDbSink(warehouse);
    }

    @AfterEach
    void close() {
        warehouse.close();
    }

    private void upload() {
        UploaderConfig config = UploaderConfig.builder()
                .maxBatchRows(7)
                .maxBatchDelay(Duration.ZERO)
                .maxAttempts(1)
                .build();
        try (JournalUploader uploader = new JournalUploader(
                source,
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

    private void execute(String sql) throws SQLException {
        try (Connection connection = warehouse.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Verification.JournalResult journal() throws SQLException {
        try (Connection connection = warehouse.connect()) {
            return new Verification(connection).journal(source, 0, done -> {});
        }
    }

    private List<String> problems() throws SQLException {
        try (Connection connection = warehouse.connect()) {
            List<Verification.Check> checks =
                    new Verification(connection).warehouse(Map.of(PRODUCER, source.missing()));
            return Stream.concat(journal().checks().stream(), checks.stream())
                    .filter(check -> !check.isGood())
                    .map(check -> check.name() + ": " + check.problem())
                    .toList();
        }
    }

    private List<String> losses() throws SQLException {
        return journal().losses().stream().map(Verification.KnownLoss::toString).toList();
    }

    private Event damaged(long first, long last) {
        return Event.builder("pipeline.journal_damaged")
                .tenant(Event.SYSTEM_TENANT)
                .actor(Event.SYSTEM_ACTOR)
                .object("producer", PRODUCER)
                .occurredAt(Instant.parse("2026-11-20T09:30:00Z"))
                .attribute("first_sequence", first)
                .attribute("last_sequence", last)
                .build();
    }

    @Test
    void aLossIsNamedWithTheEventThatTellsOfIt() throws SQLException {
        source.lose(4, 6);
        source.lose(20, 20);
        Event first = damaged(4, 6);
        source.add(Rows.row(first, PRODUCER, EVENTS + 1));
        upload();

        assertThat(losses())
                .containsExactly(
                        "3 lost for good: 4..6; told by pipeline.journal_damaged " + first.eventId(),
                        "1 lost for good: 20; no pipeline.journal_damaged in the warehouse tells of it yet");
        assertThat(journal().losses()).allMatch(Verification.KnownLoss::isLoss);
    }

    @Test
    void aLossIsNoGapOfAnotherKind() throws SQLException {
        source.lose(4, 6);
        upload();

        assertThat(problems()).isEmpty();
        try (Connection connection = warehouse.connect()) {
            assertThat(new Verification(connection).warehouse())
                    .filteredOn(check -> !check.isGood())
                    .singleElement()
                    .satisfies(check -> assertThat(check.problem()).isEqualTo("1 gap: 4..6 of producer " + PRODUCER));
        }
    }

    @Test
    void aGapBesideALossIsStillOne() throws SQLException {
        source.lose(4, 6);
        upload();
        execute("DELETE FROM LANDING.RAW_EVENTS WHERE _SEQ IN (3, 7)");
        execute("DELETE FROM ACTIVITY.EVENTS WHERE EVENT_ID NOT IN (SELECT EVENT_ID FROM LANDING.RAW_EVENTS)");

        assertThat(problems())
                .containsExactly(
                        "journal -> RAW_EVENTS: each committed record is there: 2 missing: 3, 7",
                        "no gap in any producer's sequence: 2 gaps: 3 of producer " + PRODUCER + ", 7 of producer "
                                + PRODUCER);
    }

    @Test
    void whatWasCommittedBeforeTheJournalLostItIsNotLost() throws SQLException {
        upload();
        source.lose(4, 6);
        source.lose(19, 20);
        execute("DELETE FROM LANDING.RAW_EVENTS WHERE _SEQ = 20");
        execute("DELETE FROM ACTIVITY.EVENTS WHERE EVENT_ID NOT IN (SELECT EVENT_ID FROM LANDING.RAW_EVENTS)");

        List<Verification.KnownLoss> losses = journal().losses();

        assertThat(losses.get(0).isLoss()).isFalse();
        assertThat(losses.get(0).toString()).startsWith("lost by the journal only, RAW_EVENTS has all of it: 4..6; ");
        assertThat(losses.get(1).toString()).startsWith("1 lost for good: 20; ");
        assertThat(problems()).isEmpty();
    }

    @Test
    void onlyRecordsThatAreThereAreCounted() throws SQLException {
        upload();
        source.lose(4, 6);
        source.add(Rows.row(PRODUCER, EVENTS + 1));

        Verification.JournalResult result = journal();

        assertThat(result.pending()).isEqualTo(1);
        assertThat(result.checks()).extracting(Verification.Check::checked).containsExactly(18L, 17L, 17L, 17L);
    }

    @Test
    void aReplaySendsWhatIsThere() throws Exception {
        source.lose(4, 6);
        upload();
        execute("DELETE FROM LANDING.RAW_EVENTS WHERE _SEQ IN (3, 7)");

        Replay replay;
        try (Connection connection = warehouse.connect();
                SinkChannel channel = sink.openChannel(ChannelName.producer(PRODUCER))) {
            replay = Replay.plan(source, Replay.Selection.ALL, connection, channel.committedToken());
        }

        assertThat(replay.selected()).isEqualTo(EVENTS - 3);
        assertThat(replay.missing().ranges().toString()).isEqualTo("[3, 7]");
        assertThat(Replays.send(replay, sink, false).metrics().committedRows()).isEqualTo(2);
        assertThat(problems()).isEmpty();
    }
}
