package dev.firn.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.snowflake.SnowflakeAccount;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkContract.StoredEvent;
import dev.firn.upload.SinkRow;
import dev.firn.upload.StoredRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An emulator with Firn's tables, and who may log in to it: for the tests of each sink. */
public final class EmulatedSnowflake implements AutoCloseable {
    public static final String DATABASE = "FIRN";

    private static final String USER = "FIRN_UPLOADER";
    private static final long COMMITTED_WITHIN_NS = TimeUnit.SECONDS.toNanos(60);
    private static final KeyPair KEYS = Keys.generate();

    private final Path directory;
    private final int port;
    private SnowflakeEmulator emulator;

    private EmulatedSnowflake(Path directory, SnowflakeEmulator emulator) {
        this.directory = directory;
        this.emulator = emulator;
        this.port = emulator.port();
    }

    /** @param port 0 for any that is free */
    public static EmulatedSnowflake start(Path directory, int port) throws SQLException {
        SnowflakeEmulator emulator = emulator(directory, port);
        emulator.install(DATABASE);
        return new EmulatedSnowflake(directory, emulator);
    }

    private static SnowflakeEmulator emulator(Path directory, int port) {
        return SnowflakeEmulator.start(directory.resolve("snowflake"), port, Map.of(USER, KEYS.getPublic()));
    }

    public SnowflakeEmulator emulator() {
        return emulator;
    }

    /** As after a crash of the server: the same port, what was committed, and nothing else. */
    public void restart() {
        emulator.close();
        emulator = emulator(directory, port);
    }

    /** Of the user who is known. */
    public SnowflakeAccount account() {
        return account(KEYS);
    }

    /** Of somebody who says that he is the user. */
    public SnowflakeAccount account(KeyPair keys) {
        Map<String, String> settings = new Login(USER, keys).settings(directory, port);
        return SnowflakeAccount.of(name -> Optional.ofNullable(settings.get(name)));
    }

    static Login login(String user) {
        return new Login(user, KEYS);
    }

    /** Who logs in. */
    record Login(String user, KeyPair keys) {
        PublicKey publicKey() {
            return keys.getPublic();
        }

        /** As the environment has them, with a file for the key. */
        Map<String, String> settings(Path directory, int port) {
            try {
                Path key = Files.createTempFile(directory, "key", ".p8");
                Files.writeString(
                        key,
                        "-----BEGIN PRIVATE KEY-----\n"
                                + Base64.getMimeEncoder()
                                        .encodeToString(keys.getPrivate().getEncoded())
                                + "\n-----END PRIVATE KEY-----\n");
                return Map.of(
                        "SNOWFLAKE_ACCOUNT",
                        "EMULATED",
                        "SNOWFLAKE_USER",
                        user,
                        "SNOWFLAKE_PROTOCOL",
                        "http",
                        "SNOWFLAKE_HOST",
                        "127.0.0.1",
                        "SNOWFLAKE_PORT",
                        Integer.toString(port),
                        "SNOWFLAKE_PRIVATE_KEY_FILE",
                        key.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The libraries commit on threads of their own. */
    public void awaitCommitted(SinkChannel channel, long token) throws InterruptedException {
        long start = System.nanoTime();
        while (channel.committedToken() != token && System.nanoTime() - start < COMMITTED_WITHIN_NS) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(channel.committedToken()).isEqualTo(token);
    }

    public List<SinkRow> rawRows() throws SQLException {
        try (Connection connection = emulator.connect(DATABASE)) {
            return StoredRows.raw(connection);
        }
    }

    public Map<String, StoredEvent> events() throws SQLException {
        try (Connection connection = emulator.connect(DATABASE)) {
            return StoredRows.events(connection);
        }
    }

    @Override
    public void close() {
        emulator.close();
    }
}
