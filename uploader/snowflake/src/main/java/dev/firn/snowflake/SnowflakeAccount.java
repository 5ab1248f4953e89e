package dev.firn.snowflake;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An account and who logs in to it, by key pair only. The settings have the names that Snowflake's own tools read from the
 * environment.
 *
 * <p><b>Threads.</b> Immutable.
 */
public final class SnowflakeAccount {
    /** Every setting, in the order in which they are documented. */
    public static final List<String> SETTINGS = List.of(
            "SNOWFLAKE_ACCOUNT",
            "SNOWFLAKE_USER",
            "SNOWFLAKE_ROLE",
            "SNOWFLAKE_WAREHOUSE",
            "SNOWFLAKE_DATABASE",
            "SNOWFLAKE_HOST",
            "SNOWFLAKE_PORT",
            "SNOWFLAKE_PROTOCOL",
            "SNOWFLAKE_PRIVATE_KEY_FILE",
            "SNOWFLAKE_PRIVATE_KEY_COMMAND",
            "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE");

    /**
     * The driver logs what it also throws, with stack traces. Held, for a logger without a holder forgets its
     * level.
     */
    private static final Logger DRIVER_LOG = Logger.getLogger("net.snowflake");

    private static final int LOGIN_WITHIN_S = 30;
    /** For one request, repeats included; a longer statement is asked after anew within it. */
    private static final int ANSWER_WITHIN_MS = 300_000;

    private static final String USUAL_DATABASE = "FIRN";
    private static final String USUAL_WAREHOUSE = "FIRN_WH";
    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,254}");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]{0,254}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+){2,}");
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

    private final String account;
    private final String user;
    private final @Nullable String role;
    private final String warehouse;
    private final String database;
    private final String protocol;
    private final String host;
    private final int port;
    private final PrivateKey privateKey;

    private SnowflakeAccount(Reader settings) {
        this.account = settings.required("SNOWFLAKE_ACCOUNT", ACCOUNT, "an account identifier such as ORG-NAME");
        this.user = settings.required("SNOWFLAKE_USER", IDENTIFIER, "the name of a user");
        this.role = settings.optional("SNOWFLAKE_ROLE", IDENTIFIER, "the name of a role")
                .orElse(null);
        this.warehouse = settings.optional("SNOWFLAKE_WAREHOUSE", IDENTIFIER, "the name of a warehouse")
                .orElse(USUAL_WAREHOUSE);
        this.database = settings.optional("SNOWFLAKE_DATABASE", IDENTIFIER, "the name of a database")
                .orElse(USUAL_DATABASE)
                .toUpperCase(Locale.ROOT);
        this.protocol = settings.optional("SNOWFLAKE_PROTOCOL", Pattern.compile("https?"), "http or https")
                .orElse("https");
        this.host = settings.optional(
                        "SNOWFLAKE_HOST", HOST, "a host name with two dots or more (127.0.0.1, never localhost)")
                .orElse(account.toLowerCase(Locale.ROOT).replace('_', '-') + ".snowflakecomputing.com");
        this.port = settings.optional("SNOWFLAKE_PORT", PORT, "a port")
                .map(Integer::parseInt)
                .orElse(443);
        if (protocol.equals("http") && !isEmulator(host)) {
            throw new AccountException(
                    "SNOWFLAKE_PROTOCOL=http is for the emulator on 127.0.0.1 only: SNOWFLAKE_HOST=" + host, null);
        }
        this.privateKey = settings.privateKey();
    }

    /**
     * Reads the settings; an empty one counts as not given.
     *
     * @param given the value of a setting, by its name in {@link #SETTINGS}
     * @throws AccountException if one is missing or malformed, or there is no usable private key
     */
    public static SnowflakeAccount of(Function<String, Optional<String>> given) {
        return new SnowflakeAccount(new Reader(requireNonNull(given, "given")));
    }

    private record Reader(Function<String, Optional<String>> given) {
        Optional<String> text(String name) {
            return given.apply(name).filter(text -> !text.isEmpty());
        }

        Optional<String> optional(String name, Pattern pattern, String what) {
            Optional<String> value = text(name);
            value.filter(text -> !pattern.matcher(text).matches()).ifPresent(text -> {
                throw new AccountException(name + " must be " + what + ": value=" + text, null);
            });
            return value;
        }

        String required(String name, Pattern pattern, String what) {
            return optional(name, pattern, what)
                    .orElseThrow(() -> new AccountException(
                            name + " is not set: it must be " + what
                                    + "; docs/snowflake.md shows how to set Snowflake up",
                            null));
        }

        PrivateKey privateKey() {
            Secret passphrase =
                    text("SNOWFLAKE_PRIVATE_KEY_PASSPHRASE").map(Secret::new).orElse(null);
            Optional<String> file = text("SNOWFLAKE_PRIVATE_KEY_FILE");
            Optional<String> command = text("SNOWFLAKE_PRIVATE_KEY_COMMAND");
            if (file.isPresent() == command.isPresent()) {
                throw new AccountException(
                        "give the private key once: SNOWFLAKE_PRIVATE_KEY_FILE names its file, or SNOWFLAKE_PRIVATE_KEY_COMMAND"
                                + " a command that prints it",
                        null);
            }
            return file.isPresent()
                    ? PrivateKeys.ofFile(Path.of(file.get()), passphrase)
                    : PrivateKeys.ofCommand(command.orElseThrow(), passphrase);
        }
    }

    public String account() {
        return account;
    }

    public String user() {
        return user;
    }

    public Optional<String> role() {
        return Optional.ofNullable(role);
    }

    public String warehouse() {
        return warehouse;
    }

    public String database() {
        return database;
    }

    public String protocol() {
        return protocol;
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    public String url() {
        return protocol + "://" + host + ':' + port;
    }

    /** PKCS#8, Base64 in one line, as the streaming libraries take it. */
    public Secret privateKey() {
        return new Secret(Base64.getEncoder().encodeToString(privateKey.getEncoded()));
    }

    /**
     * Logs in through the JDBC driver that is on the class path, within 30 s. The caller closes the connection.
     * The driver asks no cloud where it runs and sends nothing about its use; its own log is turned off, for its
     * failures are thrown. Needs no flags of the JVM. The one thing that only the environment can tell it is to
     * leave its native library alone: {@code SNOWFLAKE_DISABLE_MINICORE=true}.
     *
     * @param sessionParameters such as {@code QUERY_TAG}
     * @throws SQLException if there is no driver, or it cannot log in
     */
    public Connection connect(Map<String, String> sessionParameters) throws SQLException {
        requireEmulator();
        DRIVER_LOG.setLevel(Level.OFF);
        Properties properties = new Properties();
        properties.put("account", account);
        properties.put("user", user);
        properties.put("privateKey", privateKey);
        properties.put("authenticator", "SNOWFLAKE_JWT");
        properties.put("ssl", protocol.equals("https") ? "on" : "off");
        properties.put("db", database);
        properties.put("warehouse", warehouse);
        if (role != null) {
            properties.put("role", role);
        }
        // Without it the driver asks the metadata services of three clouds who it is: seconds, and warnings.
        properties.put("disablePlatformDetection", "true");
        properties.put("CLIENT_TELEMETRY_ENABLED", "false");
        // Arrow results need a JVM flag.
        properties.put("JDBC_QUERY_RESULT_FORMAT", "JSON");
        properties.put("TIMEZONE", "UTC");
        properties.put("loginTimeout", Integer.toString(LOGIN_WITHIN_S));
        properties.put("networkTimeout", Integer.toString(ANSWER_WITHIN_MS));
        properties.putAll(sessionParameters);
        return DriverManager.getConnection("jdbc:snowflake://" + host + ':' + port + "/", properties);
    }

    /** The driver would go on trying for as long as a login may take, though nobody has to wake up an emulator. */
    private void requireEmulator() throws SQLException {
        if (!isEmulator(host)) {
            return;
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), LOGIN_WITHIN_S * 1_000);
        } catch (IOException e) {
            throw new SQLException("nothing listens at " + url() + ", is the emulator running?", "08001", e);
        }
    }

    private static boolean isEmulator(String host) {
        return host.startsWith("127.");
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "SnowflakeAccount[account=" + account + " user=" + user + " role=" + role + " database=" + database
                + " url=" + url() + ']';
    }
}
