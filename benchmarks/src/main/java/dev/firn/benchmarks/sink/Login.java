package dev.firn.benchmarks.sink;

import dev.firn.emulator.Keys;
import dev.firn.snowflake.SnowflakeAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Who logs in to the server.
 *
 * @param keyFile   where the private key is
 * @param publicKey in Base64
 */
record Login(Path keyFile, String publicKey) {
    static final String DATABASE = "FIRN";
    static final String USER = "FIRN_UPLOADER";

    /** Makes a pair of keys. */
    static Login make(Path directory) throws IOException {
        KeyPair keys = Keys.generate();
        Path file = directory.resolve("key.p8");
        Files.writeString(
                file,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        return new Login(
                file, Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()));
    }

    static SnowflakeAccount account(int port, Path keyFile) {
        Map<String, String> settings = Map.of(
                "SNOWFLAKE_ACCOUNT",
                "EMULATED",
                "SNOWFLAKE_USER",
                USER,
                "SNOWFLAKE_DATABASE",
                DATABASE,
                "SNOWFLAKE_PROTOCOL",
                "http",
                "SNOWFLAKE_HOST",
                "127.0.0.1",
                "SNOWFLAKE_PORT",
                Integer.toString(port),
                "SNOWFLAKE_PRIVATE_KEY_FILE",
                keyFile.toString());
        return SnowflakeAccount.of(name -> Optional.ofNullable(settings.get(name)));
    }
}
