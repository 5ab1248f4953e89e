package dev.firn.emulator;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.firn.ddl.Ddl;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Snowflake on the loopback interface. Snowflake's own libraries reach it by their ordinary settings:
 * {@code url=http://127.0.0.1:PORT} (never {@code localhost}: their check of URLs wants two dots).
 *
 * <p>Databases, channels and what they committed are in a folder and are there again when an emulator is started on it. What was
 * acknowledged and not committed is not: as Snowflake may, it forgets that.
 *
 * <p><b>Threads.</b> Any may call; requests are served by some of its own, which end with it.
 */
public final class SnowflakeEmulator implements AutoCloseable {
    private static final int MOST_PENDING_CONNECTIONS = 64;
    private static final long CLOSE_WITHIN_S = 30;
    private static final int KEY_BYTES = 32;

    static {
        // Else the server waits 40 ms for the client before it sends the body; read once, when its classes load.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Warehouse warehouse;
    private final Channels channels;
    private final Tokens tokens;
    private final @Nullable Streaming streaming;
    private final Sessions sessions;
    private final Faults faults = new Faults();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "emulator-request");
        thread.setDaemon(true);
        return thread;
    });

    /** Both kinds of streaming into the databases of a folder. */
    private record Streaming(PipeStreaming pipes, ClassicStreaming classic) {
        static Streaming of(Warehouse warehouse, Channels channels, Tokens tokens, Path directory) throws IOException {
            byte[] key = key(directory.resolve("pipe.key"));
            return new Streaming(
                    new PipeStreaming(warehouse, channels, tokens, new ObjectStore(directory.resolve("objects")), key),
                    new ClassicStreaming(warehouse, channels, tokens, directory.resolve("stage"), key));
        }
    }

    /** @param directory of the stages and their key; null where nothing is streamed */
    private SnowflakeEmulator(Warehouse warehouse, @Nullable Path directory, int port, Map<String, PublicKey> users)
            throws IOException {
        this.warehouse = warehouse;
        this.channels = new Channels(warehouse);
        this.tokens = new Tokens(
                users.entrySet().stream()
                        .collect(Collectors.toMap(user -> user.getKey().toUpperCase(Locale.ROOT), Map.Entry::getValue)),
                Clock.systemUTC());
        this.streaming = directory == null ? null : Streaming.of(warehouse, channels, tokens, directory);
        this.sessions = new Sessions(warehouse, tokens);
        this.server = HttpServer.create(
                new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), MOST_PENDING_CONNECTIONS);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /**
     * Starts one on a folder, which is made if it is not there.
     *
     * @param port  of 127.0.0.1; 0 for any that is free
     * @param users public keys by the names of those who may log in
     * @throws UncheckedIOException  if the port is taken, or the folder cannot be written
     * @throws IllegalStateException if another process has the databases open
     */
    public static SnowflakeEmulator start(Path directory, int port, Map<String, PublicKey> users) {
        requireNonNull(directory, "directory");
        Warehouse warehouse = Warehouse.open(directory);
        return start(warehouse, directory, port, users);
    }

    /**
     * Shows one existing DuckDB file, such as the embedded warehouse, as a database that nobody can change: to
     * drivers only, nothing can be streamed.
     *
     * @param database its name, in upper case
     * @param port     of 127.0.0.1; 0 for any that is free
     * @param users    public keys by the names of those who may log in
     * @throws UncheckedIOException  if the port is taken
     * @throws IllegalStateException if the file cannot be opened, or another process writes it
     */
    public static SnowflakeEmulator serve(String database, Path file, int port, Map<String, PublicKey> users) {
        requireNonNull(file, "file");
        return start(Warehouse.readOnly(database, file), null, port, users);
    }

    private static SnowflakeEmulator start(
            Warehouse warehouse, @Nullable Path directory, int port, Map<String, PublicKey> users) {
        try {
            return new SnowflakeEmulator(warehouse, directory, port, users);
        } catch (IOException e) {
            warehouse.close();
            throw new UncheckedIOException("cannot start the emulator: port=" + port, e);
        }
    }

    /** A key that a former emulator gave out is still good. */
    private static byte[] key(Path file) throws IOException {
        if (Files.exists(file)) {
            return HexFormat.of().parseHex(Files.readString(file).strip());
        }
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        Files.writeString(file, HexFormat.of().formatHex(key), StandardOpenOption.CREATE_NEW);
        return key;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** What goes wrong from now on. */
    public Faults faults() {
        return faults;
    }

    /** Makes a database, if it is not there. */
    public void createDatabase(String name) throws SQLException {
        warehouse.create(name.toUpperCase(Locale.ROOT));
    }

    /** Makes a database with Firn's two tables and all views. */
    public void install(String database) throws SQLException {
        createDatabase(database);
        try (Connection connection = connect(database)) {
            new Ddl().install(connection);
        }
    }

    /** A connection to DuckDB itself, in a database: to look what has come. The caller closes it. */
    public Connection connect(String database) throws SQLException {
        return warehouse.connect(database);
    }

    /** How long a batch is acknowledged before it is committed; zero, the default: it is committed first. */
    public void setCommitDelay(Duration delay) {
        channels.setCommitDelay(delay);
    }

    /** Nothing is committed any more, though everything is acknowledged. */
    public void stallCommits() {
        channels.stall();
    }

    public void resumeCommits() {
        channels.resume();
    }

    /** Another client opens all channels of this name. */
    public void stealChannel(String name) {
        channels.steal(name);
    }

    /**
     * Says of all channels of this name that something is wrong with them, until they are opened again.
     *
     * @param statusCode such as {@code ERR_CHANNEL_MUST_BE_REOPENED}
     */
    public void markChannel(String name, String statusCode) {
        channels.mark(name, statusCode);
    }

    /**
     * Classic streaming: whether registering again what is registered already is answered as it was the first time. If not, the
     * default, it is refused as out of order (21). Which of the two Snowflake does is not documented.
     */
    public void acceptRepeatedRegistrations(boolean accepts) {
        streaming().classic().acceptRepeats(accepts);
    }

    /** A pipe does not take rows like these; they are left out, and counted. Given is what was sent. */
    public void refuseRows(Predicate<JsonNode> which) {
        streaming().pipes().refuseRows(which);
    }

    /** All tokens that were given out are refused from now on. */
    public void expireTokens() {
        tokens.expire();
        sessions.expire();
    }

    /** Rows that were acknowledged and then discarded, because another opened the channel before they were committed. */
    public long discardedRows() {
        return channels.discardedRows();
    }

    private Streaming streaming() {
        Streaming served = streaming;
        if (served == null) {
            throw new Refusal(403, "READ_ONLY", "this emulator serves an embedded warehouse, read-only");
        }
        return served;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply = reply(exchange);
            if (reply != null) {
                send(exchange, reply);
            }
        }
    }

    /** Null if the connection is to end without a reply. */
    private @Nullable Reply reply(HttpExchange exchange) throws IOException {
        Request request = Request.read(exchange);
        Endpoint endpoint = endpoint(request);
        if (endpoint == null) {
            return new Refusal(404, "NOT_FOUND", "the emulator has no " + request.method() + ' ' + request.path())
                    .reply();
        }
        Fault.Effect effect = faults.next(endpoint);
        if (effect instanceof Fault.Refuse refuse) {
            return new Refusal(refuse.http(), refuse.code(), "told to refuse it").reply();
        }
        if (effect instanceof Fault.Answer answer) {
            return Sessions.serves(endpoint)
                    ? Sessions.failure(new SqlRefusal(answer.statusCode(), "XX000", "told to answer so"))
                    : ClassicStreaming.answerWith(endpoint, request, answer.statusCode());
        }
        if (effect instanceof Fault.Delay delay) {
            pause(delay.by());
        }
        Reply reply = answer(endpoint, request);
        if (effect instanceof Fault.LoseReply lose) {
            return lose.http() == 0 ? null : new Refusal(lose.http(), "LOST", "the reply is lost").reply();
        }
        return reply;
    }

    private static @Nullable Endpoint endpoint(Request request) {
        if (request.path().startsWith("/telemetry/")) {
            return Endpoint.TELEMETRY;
        }
        Endpoint endpoint = Sessions.endpoint(request);
        if (endpoint == null) {
            endpoint = ClassicStreaming.endpoint(request);
        }
        return endpoint == null ? PipeStreaming.endpoint(request) : endpoint;
    }

    private Reply answer(Endpoint endpoint, Request request) {
        try {
            if (endpoint == Endpoint.TELEMETRY) {
                return Reply.ok(Json.object()
                        .putNull("code")
                        .put("data", "Log Received")
                        .putNull("message")
                        .put("success", true));
            }
            if (Sessions.serves(endpoint)) {
                return sessions.answer(endpoint, request);
            }
            return ClassicStreaming.endpoint(request) == null
                    ? streaming().pipes().answer(endpoint, request)
                    : streaming().classic().answer(endpoint, request);
        } catch (Refusal refusal) {
            return refusal.reply();
        } catch (IOException | RuntimeException e) {
            return new Refusal(500, "EMULATOR_FAILED", e.toString()).reply();
        }
    }

    private static void pause(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(reply.http(), reply.body().length == 0 ? -1 : reply.body().length);
        if (reply.body().length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(reply.body());
            }
        }
    }

    /** One that still runs holds a connection, and with it the databases. */
    private void awaitRequests() {
        try {
            if (!threads.awaitTermination(CLOSE_WITHIN_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "the emulator is still busy with a request after " + CLOSE_WITHIN_S + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it without any regard for what is under way, and closes the databases. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        channels.close();
        try {
            sessions.close();
            awaitRequests();
        } finally {
            warehouse.close();
        }
    }
}
