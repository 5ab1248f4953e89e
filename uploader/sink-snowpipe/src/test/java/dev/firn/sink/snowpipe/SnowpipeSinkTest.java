package dev.firn.sink.snowpipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.emulator.EmulatedSnowflake;
import dev.firn.upload.ChannelName;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkContract;
import dev.firn.upload.SinkRow;
import java.nio.file.Path;
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
}
