package dev.firn.cli;

import dev.firn.emulator.Endpoint;
import dev.firn.emulator.Fault;
import dev.firn.emulator.Keys;
import dev.firn.emulator.SnowflakeEmulator;
import dev.firn.snowflake.AccountException;
import dev.firn.snowflake.PrivateKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs an emulator until the process is told to stop. */
final class EmulatorRun {
    private static final long STOP_WITHIN_S = 30;

    /**
     * What is asked for.
     *
     * @param port          of 127.0.0.1; 0 for any that is free
     * @param database      name of the embedded warehouse
     * @param user          who may log in
     * @param publicKeyFile the user's key; empty for a pair that is made
     * @param faults        see {@link Fault#parse}
     * @param commitDelayMs milliseconds from a batch's acknowledgement to its commit
     */
    record Settings(
            int port,
            String database,
            String user,
            Optional<Path> publicKeyFile,
            List<String> faults,
            int commitDelayMs) {
        Settings {
            faults = List.copyOf(faults);
        }
    }

    private final Console console;
    private final Optional<DataDirectory> served;
    private final Path state;
    private final Settings settings;

    /**
     * @param served what to serve read-only; empty for databases of its own
     * @param state  where those and the key are
     */
    EmulatorRun(Console console, Optional<DataDirectory> served, Path state, Settings settings) {
        this.console = console;
        this.served = served;
        this.state = state;
        this.settings = settings;
    }

    /**
     * Returns when the process is told to stop.
     *
     * @throws IllegalArgumentException if a fault or the public key is none
     */
    void run() throws IOException, InterruptedException {
        List<Fault> faults = settings.faults().stream().map(Fault::parse).toList();
        requireWarehouse();
        Files.createDirectories(
                state, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path privateKeyFile = state.resolve("private_key.p8");
        PublicKey key = settings.publicKeyFile().isPresent()
                ? Keys.publicKey(Files.readString(settings.publicKeyFile().get(), StandardCharsets.US_ASCII))
                : ownKey(privateKeyFile);
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(told, stopped), "firn-stop"));
        try (SnowflakeEmulator emulator = start(Map.of(settings.user(), key))) {
            faults.forEach(emulator.faults()::add);
            emulator.setCommitDelay(Duration.ofMillis(settings.commitDelayMs()));
            introduce(emulator, privateKeyFile);
            told.await();
            console.out().println(summary(emulator));
            console.out().flush();
        } finally {
            stopped.countDown();
        }
    }

    private void requireWarehouse() {
        served.map(DataDirectory::warehouse).filter(file -> !Files.exists(file)).ifPresent(file -> {
            throw new CommandFailure("there is no embedded warehouse yet, upload first: file=" + file);
        });
    }

    private SnowflakeEmulator start(Map<String, PublicKey> users) {
        return served.isPresent()
                ? SnowflakeEmulator.serve(
                        settings.database().toUpperCase(Locale.ROOT),
                        served.get().warehouse(),
                        settings.port(),
                        users)
                : SnowflakeEmulator.start(state, settings.port(), users);
    }

    /** The key of an earlier run is still good. */
    private static PublicKey ownKey(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            PrivateKey made = Keys.generate().getPrivate();
            Files.writeString(
                    file,
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(made.getEncoded())
                            + "\n-----END PRIVATE KEY-----\n");
        }
        try {
            if (PrivateKeys.ofFile(file, null) instanceof RSAPrivateCrtKey key) {
                return KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
            }
            throw new CommandFailure("the private key is no RSA key: file=" + file);
        } catch (AccountException | GeneralSecurityException e) {
            throw new CommandFailure(
                    "cannot use the emulator's own key: file=" + file + ": " + e.getMessage()
                            + ": remove it, and another one is made",
                    e);
        }
    }

    private void introduce(SnowflakeEmulator emulator, Path privateKeyFile) {
        String what = served.map(directory -> "the embedded warehouse " + directory.warehouse() + " as database "
                        + settings.database().toUpperCase(Locale.ROOT) + ", read-only")
                .orElse("the databases in " + state);
        console.out().println("# a Snowflake at " + emulator.url() + " with " + what);
        console.out().println("# AWS_ENDPOINT_URL is where Snowflake's streaming library stores larger batches");
        export("SNOWFLAKE_ACCOUNT", "EMULATOR");
        export("SNOWFLAKE_USER", settings.user());
        export("SNOWFLAKE_HOST", "127.0.0.1");
        export("SNOWFLAKE_PORT", Integer.toString(emulator.port()));
        export("SNOWFLAKE_PROTOCOL", "http");
        if (settings.publicKeyFile().isEmpty()) {
            export("SNOWFLAKE_PRIVATE_KEY_FILE", privateKeyFile.toAbsolutePath().toString());
        }
        export("AWS_ENDPOINT_URL", emulator.url());
        console.out().println("# until interrupted");
        console.out().flush();
    }

    private void export(String name, String value) {
        boolean isPlain = value.matches("[A-Za-z0-9_./:@+-]+");
        console.out().println("export " + name + '=' + (isPlain ? value : '\'' + value.replace("'", "'\\''") + '\''));
    }

    private static String summary(SnowflakeEmulator emulator) {
        String requests = Arrays.stream(Endpoint.values())
                .filter(endpoint -> emulator.faults().requests(endpoint) > 0)
                .map(endpoint -> endpoint.label() + ' ' + emulator.faults().requests(endpoint))
                .collect(Collectors.joining(", "));
        return "# served: " + (requests.isEmpty() ? "no request" : requests);
    }

    /** Lets the databases be closed when the process is told to stop. */
    private static void stop(CountDownLatch told, CountDownLatch stopped) {
        told.countDown();
        try {
            stopped.await(STOP_WITHIN_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
