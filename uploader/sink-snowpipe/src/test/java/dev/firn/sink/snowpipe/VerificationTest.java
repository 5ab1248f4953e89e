package dev.firn.sink.snowpipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.emulator.EmulatedSnowflake;
import dev.firn.upload.ChannelName;
import dev.firn.upload.FakeSource;
import dev.firn.upload.Rows;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkRow;
import dev.firn.upload.Verification;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code firn verify --sink snowpipe} asks, through Snowflake's own driver. */
class VerificationTest {
    private static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";

    @TempDir
    Path directory;

    @Test
    void whatWasStreamedIsVerifiedThroughTheDriverAndWhatWasChangedIsFound() throws Exception {
        List<SinkRow> rows = List.of(Rows.row(PRODUCER, 1), Rows.row(PRODUCER, 2), Rows.row(PRODUCER, 3));
        try (EmulatedSnowflake snowflake = Snowpipes.startWithoutStore(directory);
                SnowpipeSink sink = Snowpipes.sink(snowflake);
                FakeSource journal = new FakeSource(PRODUCER, 3)) {
            SinkChannel channel = sink.openChannel(ChannelName.producer(PRODUCER));
            channel.append(rows, 3);
            snowflake.awaitCommitted(channel, 3);
            try (Connection connection = snowflake.account().connect(Map.of())) {
                Verification verification = new Verification(connection);

                assertThat(verification.producers()).containsExactly(Map.entry(PRODUCER, 3L));
                assertThat(verification.journal(journal, 3, read -> {}).checks())
                        .allMatch(Verification.Check::isGood);
                assertThat(verification.warehouse(Map.of())).isNotEmpty().allMatch(Verification.Check::isGood);
                assertThat(StoredSequences.query(connection, PRODUCER, 2, 5)).containsExactly(4L, 5L);

                try (Connection inside = snowflake.emulator().connect(EmulatedSnowflake.DATABASE);
                        Statement statement = inside.createStatement()) {
                    statement.execute("DELETE FROM LANDING.RAW_EVENTS WHERE _SEQ = 2");
                }
                assertThat(StoredSequences.query(connection, PRODUCER, 1, 3)).containsExactly(2L);
                assertThat(verification.warehouse(Map.of())).anyMatch(check -> !check.isGood());
            }
        }
    }
}
