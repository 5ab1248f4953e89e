package dev.firn.sink.snowpipe;

import dev.firn.emulator.EmulatedSnowflake;
import dev.firn.snowflake.SnowflakeAccount;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Sinks of an emulated Snowflake. */
final class Snowpipes {
    /** The name of a lock on the port of the object store. */
    static final String STORE = "object-store";

    /** What the library takes for the port of the object store. */
    static final int PORT = URI.create(System.getenv("AWS_ENDPOINT_URL")).getPort();

    private static final SnowpipeConfig CONFIG = new SnowpipeConfig(Duration.ofSeconds(5), 100_000_000, 16_000_000);

    private Snowpipes() {}

    /** For batches of any size. One at a time: a test that uses it locks {@link #STORE}. */
    static EmulatedSnowflake start(Path directory) throws SQLException {
        return EmulatedSnowflake.start(directory, PORT);
    }

    /** For batches that are small enough for a request. Any number at a time. */
    static EmulatedSnowflake startWithoutStore(Path directory) throws SQLException {
        return EmulatedSnowflake.start(directory, 0);
    }

    static SnowpipeSink sink(EmulatedSnowflake snowflake) {
        return sink(snowflake, snowflake.account());
    }

    static SnowpipeSink sink(EmulatedSnowflake snowflake, SnowflakeAccount account) {
        return new SnowpipeSink(account, CONFIG, (producer, first, last) -> {
            try (Connection connection = snowflake.emulator().connect(EmulatedSnowflake.DATABASE)) {
                return StoredSequences.query(connection, producer, first, last);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
