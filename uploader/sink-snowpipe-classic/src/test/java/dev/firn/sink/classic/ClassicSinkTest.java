package dev.firn.sink.classic;

import dev.firn.emulator.EmulatedSnowflake;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkContract;
import dev.firn.upload.SinkRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Snowflake's own library, unmodified, against the emulator. */
class ClassicSinkTest extends SinkContract {
    @TempDir
    Path directory;

    private EmulatedSnowflake snowflake;

    @Override
    protected Sink openSink() throws Exception {
        if (snowflake == null) {
            snowflake = EmulatedSnowflake.start(directory, 0);
        }
        return new ClassicSink(snowflake.account(), ClassicConfig.DEFAULT);
    }

    @AfterEach
    void stop() throws Exception {
        sink.close();
        Clients.awaitClosed();
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
}
