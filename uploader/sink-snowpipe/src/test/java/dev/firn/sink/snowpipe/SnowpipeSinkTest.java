package dev.firn.sink.snowpipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.emulator.EmulatedSnowflake;
import dev.firn.emulator.Endpoint;
import dev.firn.emulator.Fault;
import dev.firn.upload.ChannelName;
import dev.firn.upload.Rows;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkContract;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkRow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Snowflake's own library, unmodified, against the emulator. */
@ResourceLock(Snowpipes.STORE)
class SnowpipeSinkTest extends SinkContract {
    @TempDir
    Path directory;

    private EmulatedSnowflake snowflake;

    @Override
    protected Sink openSink() throws Exception {
        if (snowflake == null) {
            snowflake = Snowpipes.start(directory);
        }
        return Snowpipes.sink(snowflake);
    }

    @AfterEach
    void stop() {
        snowflake.close();
    }

    @Override
    protected void awaitCommitted(SinkChannel channel, long token) throws Exception {
        snowflake.awaitCommitted(channel, token);
    }

    @Override
    protected List<SinkRow> rawRows() throws Exception {
        return snowflake.rawRows();
    }

    @Override
    protected Map<String, StoredEvent> events() throws Exception {
        return snowflake.events();
    }

    @Test
    void aTokenThatTheChannelHasAtItsOpeningIsKnownAtOnce() {
        ChannelName name = ChannelName.producer(PRODUCER);
        // The library keeps this answer for a second.
        assertThat(sink.openChannel(name).committedToken()).isEqualTo(SinkChannel.NOTHING);

        sink.adopt(name, 7);

        assertThat(sink.openChannel(name).committedToken()).isEqualTo(7);
    }

    @Test
    void aServerThatIsStuckIsGivenNoMoreThanTheBufferHolds() {
        for (Endpoint slow : List.of(Endpoint.APPEND_ROWS, Endpoint.STORE_OBJECT)) {
            snowflake.emulator().faults().add(new Fault(slow, 0, 100, new Fault.Delay(Duration.ofSeconds(10))));
        }
        SinkChannel channel = sink.openChannel(ChannelName.producer(PRODUCER));

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 200; i++) {
                        List<SinkRow> rows = new ArrayList<>();
                        for (int j = 1; j <= 1_000; j++) {
                            rows.add(Rows.row(PRODUCER, 1_000L * i + j));
                        }
                        channel.append(rows, 1_000L * (i + 1));
                    }
                })
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.remedy()).isEqualTo(SinkException.Remedy.RETRY));
    }
}
