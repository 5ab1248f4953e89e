package dev.firn.sink.snowpipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.emulator.Keys;
import dev.firn.emulator.SnowflakeEmulator;
import dev.firn.snowflake.SnowflakeAccount;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkContract.StoredEvent;
import dev.firn.upload.SinkRow;
import dev.firn.upload.StoredRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An emulator with Firn's tables, and who may log in to it. */
final class EmulatedSnowflake implements AutoCloseable {
    static final String DATABASE = "FIRN";

    private static final long COMMITTED_WITHIN_NS = TimeUnit.SECONDS.toNanos(60);
    private static final SnowpipeConfig CONFIG = new SnowpipeConfig(Duration.ofSeconds(5), 100_000_000, 16_000_000);
    /** What the library takes for the port of the object store. */
    private static final int PORT =
            URI.create(System.getenv("AWS_ENDPOINT_URL")).getPort();

    private static final KeyPair KEYS = Keys.generate();

    private final Path directory;
    private SnowflakeEmulator emulator;

    private EmulatedSnowflake(Path directory, SnowflakeEmulator emulator) {
        this.directory = directory;
        this.emulator = emulator;
    }

    static EmulatedSnowflake start(Path directory) throws Exception {
        SnowflakeEmulator emulator = start(directory, PORT);
        emulator.install(DATABASE);
        return new EmulatedSnowflake(directory, emulator);
    }

    private SnowflakeAccount account(KeyPair keys) {
        try {
            Path key = Files.createTempFile(directory, "key", ".p8");
            Files.writeString(
                    key,
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder()
                                    .encodeToString(keys.getPrivate().getEncoded())
                            + "\n-----END PRIVATE KEY-----\n");
            Map<String, String> settings = Map.of(
                    "SNOWFLAKE_ACCOUNT", "EMULATED",
                    "SNOWFLAKE_USER", "FIRN_UPLOADER",
                    "SNOWFLAKE_PROTOCOL", "http",
                    "SNOWFLAKE_HOST", "127.0.0.1",
                    "SNOWFLAKE_PORT", Integer.toString(PORT),
                    "SNOWFLAKE_PRIVATE_KEY_FILE", key.toString());
            return SnowflakeAccount.of(name -> Optional.ofNullable(settings.get(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SnowflakeEmulator start(Path directory, int port) {
        return SnowflakeEmulator.start(directory.resolve("snowflake"), port, Map.of("FIRN_UPLOADER", KEYS.getPublic()));
    }

    SnowflakeEmulator emulator() {
        return emulator;
    }

    /** As after a crash of the server: the same port, what was committed, and nothing else. */
    void restart() {
        emulator.close();
        emulator = start(directory, PORT);
    }

    SnowpipeSink sink() {
        return sink(KEYS);
    }

    SnowpipeSink sink(KeyPair keys) {
        return new SnowpipeSink(account(keys), CONFIG, (producer, first, last) -> {
            try (Connection connection = emulator.connect(DATABASE)) {
                return StoredSequences.query(connection, producer, first, last);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** The library asks the server for tokens once a second. */
    void awaitCommitted(SinkChannel channel, long token) throws InterruptedException {
        long start = System.nanoTime();
        while (channel.committedToken() != token && System.nanoTime() - start < COMMITTED_WITHIN_NS) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(channel.committedToken()).isEqualTo(token);
    }

    List<SinkRow> rawRows() throws SQLException {
        try (Connection connection = emulator.connect(DATABASE)) {
            return StoredRows.raw(connection);
        }
    }

    Map<String, StoredEvent> events() throws SQLException {
        try (Connection connection = emulator.connect(DATABASE)) {
            return StoredRows.events(connection);
        }
    }

    @Override
    public void close() {
        emulator.close();
    }
}
