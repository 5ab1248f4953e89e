package dev.firn.sink.snowpipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.emulator.EmulatedSnowflake;
import dev.firn.emulator.Endpoint;
import dev.firn.emulator.Fault;
import dev.firn.event.DeadLetter;
import dev.firn.upload.ChannelName;
import dev.firn.upload.FakeSource;
import dev.firn.upload.JournalUploader;
import dev.firn.upload.Replay;
import dev.firn.upload.Replays;
import dev.firn.upload.Rows;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkRow;
import dev.firn.upload.Verification;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that were deleted in the server, and come back through Snowflake's own library. */
class SnowpipeReplayTest {
    private static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";
    private static final int RECORDS = 40;

    @TempDir
    Path directory;

    private final FakeSource journal = new FakeSource(PRODUCER, RECORDS);
    private EmulatedSnowflake snowflake;
    private SnowpipeSink sink;

    @BeforeEach
    void streamAndDeleteTwo() throws Exception {
        snowflake = Snowpipes.startWithoutStore(directory);
        sink = Snowpipes.sink(snowflake);
        SinkChannel channel = sink.openChannel(ChannelName.producer(PRODUCER));
        channel.append(
                LongStream.rangeClosed(1, RECORDS)
                        .mapToObj(sequence -> Rows.row(PRODUCER, sequence))
                        .toList(),
                RECORDS);
        snowflake.awaitCommitted(channel, RECORDS);
        try (Connection inside = snowflake.emulator().connect(EmulatedSnowflake.DATABASE);
                Statement statement = inside.createStatement()) {
            statement.execute("DELETE FROM LANDING.RAW_EVENTS WHERE _SEQ IN (7, 31)");
        }
    }

    @AfterEach
    void stop() {
        sink.close();
        snowflake.close();
    }

    private JournalUploader replay(boolean all) throws Exception {
        try (Connection connection = snowflake.account().connect(Map.of())) {
            return Replays.send(Replay.plan(journal, Replay.Selection.ALL, connection, RECORDS), sink, all);
        }
    }

    private void refuse(long sequence) {
        snowflake
                .emulator()
                .refuseRows(row -> row.path("_SEQ").longValue() == sequence
                        && row.path("ACTION").textValue().equals("conversation.message_sent"));
    }

    private List<SinkRow> replayed() throws Exception {
        return snowflake.rawRows().stream()
                .filter(row -> row.sourceLane().equals(Replay.LANE))
                .toList();
    }

    @Test
    void exactlyWhatIsMissingComesBackAlthoughAReplyIsLost() throws Exception {
        snowflake.emulator().faults().add(Fault.once(Endpoint.APPEND_ROWS, new Fault.LoseReply(0)));

        replay(false);

        assertThat(replayed()).extracting(SinkRow::sequence).containsExactly(7L, 31L);
        assertThat(snowflake.rawRows()).hasSize(RECORDS);
        try (Connection connection = snowflake.account().connect(Map.of())) {
            assertThat(new Verification(connection)
                            .journal(journal, RECORDS, read -> {})
                            .checks())
                    .allMatch(Verification.Check::isGood);
        }
    }

    @Test
    void aMissingRowThatIsRefusedLateLeavesItsDeadLetter() throws Exception {
        refuse(31);

        JournalUploader sent = replay(false);

        assertThat(sent.metrics().deadLetters()).isEqualTo(1);
        assertThat(replayed()).extracting(SinkRow::sequence).containsExactly(7L, 31L);
        assertThat(replayed().get(1).action()).isEqualTo(DeadLetter.ACTION);
    }

    @Test
    void aRefusedCopyOfARowThatIsThereIsNotSetAside() throws Exception {
        refuse(12);

        JournalUploader sent = replay(true);

        assertThat(sent.metrics().deadLetters()).isZero();
        assertThat(snowflake.rawRows())
                .extracting(SinkRow::sequence)
                .hasSize(2 * RECORDS - 3)
                .contains(7L, 12L, 31L);
    }
}
