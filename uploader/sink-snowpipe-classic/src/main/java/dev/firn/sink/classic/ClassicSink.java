package dev.firn.sink.classic;

import static java.util.Objects.requireNonNull;

import dev.firn.snowflake.Adoption;
import dev.firn.snowflake.ClientSupply;
import dev.firn.snowflake.SnowflakeAccount;
import dev.firn.upload.ChannelName;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkException.Remedy;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.snowflake.ingest.streaming.OpenChannelRequest;
import net.snowflake.ingest.streaming.OpenChannelRequest.OnErrorOption;
import net.snowflake.ingest.streaming.SnowflakeStreamingIngestChannel;
import net.snowflake.ingest.streaming.SnowflakeStreamingIngestClient;
import net.snowflake.ingest.streaming.SnowflakeStreamingIngestClientFactory;
import net.snowflake.ingest.utils.SFException;
import org.jspecify.annotations.Nullable;

/**
 * Rows into {@code LANDING.RAW_EVENTS} by classic streaming. Committed when the server's token says so, some
 * seconds after they were handed over. The library checks each row before it takes it.
 *
 * <p>The library gathers rows in the Java heap, writes them into Parquet files and those into the account's stage,
 * on threads of its own, some of which outlive the client: a program ends with {@code System.exit}. It may lose
 * what it was given without a sign: a file that the server refuses is written to its log, and the channel seems
 * well. Whoever appends must watch that the token moves, and open the channel again if it does not.
 *
 * <p>Openings and questions for tokens block while the server does not answer: the library repeats them for half a
 * minute if it is not reached, for two minutes if it fails.
 */
public final class ClassicSink implements Sink {
    public static final String NAME = "snowpipe-classic";

    private static final String SCHEMA = "LANDING";
    private static final String TABLE = "RAW_EVENTS";
    /** The library waits so many times, whatever the time is that it waits. */
    private static final int WAITS_OF_AN_APPEND = 900;
    /** Held, for what is set at a logger is forgotten with it. */
    private static final List<Logger> NOISY = List.of(Logger.getLogger("net.snowflake"), Logger.getLogger("io.grpc"));

    private final SnowflakeAccount account;
    private final ClassicConfig config;
    private final ClientSupply<SnowflakeStreamingIngestClient> client =
            new ClientSupply<>("firn-classic-connect", this::make, ClassicSink::closeAside);
    /** A client that is of no use any more, as a channel of it said. */
    private volatile @Nullable SnowflakeStreamingIngestClient dead;

    static {
        // Ten lines for each file that is written. Read once, when the loggers are made.
        for (String chatty : List.of("net.snowflake", "org.apache.http", "org.apache.parquet")) {
            quieten(chatty, "warn");
        }
        // Says once that it does without its native library.
        quieten("org.apache.hadoop", "error");
        NOISY.stream().filter(logger -> logger.getLevel() == null).forEach(logger -> logger.setLevel(Level.WARNING));
    }

    private static void quieten(String logger, String level) {
        String property = "org.slf4j.simpleLogger.log." + logger;
        System.setProperty(property, System.getProperty(property, level));
    }

    /** Connects with the first opening of a channel. */
    public ClassicSink(SnowflakeAccount account, ClassicConfig config) {
        this.account = requireNonNull(account, "account");
        this.config = requireNonNull(config, "config");
    }

    @Override
    public String name() {
        return NAME;
    }

    /** An older channel of the same name is invalid afterwards. */
    @Override
    public SinkChannel openChannel(ChannelName name) {
        return open(name, null);
    }

    @Override
    public void adopt(ChannelName name, long token) {
        Adoption.adopt(name, token, initial -> open(name, initial));
    }

    private SinkChannel open(ChannelName name, @Nullable String initialToken) {
        String attempt = "cannot connect to Snowflake: " + account;
        SnowflakeStreamingIngestClient connected =
                client.get(config.connectWithin(), attempt, cause -> Failures.ofConnecting(attempt, cause));
        Runnable clientDied = () -> dead = connected;
        try {
            SnowflakeStreamingIngestChannel opened = connected.openChannel(request(name, initialToken));
            return new ClassicChannel(name, opened, config.maxBufferedBytes(), clientDied);
        } catch (SFException | SecurityException e) {
            SinkException failure =
                    Failures.ofConnecting("cannot open a channel: channel=" + name + " table=" + table(), e);
            if (failure.remedy() == Remedy.RECREATE) {
                clientDied.run();
            }
            throw failure;
        }
    }

    private OpenChannelRequest request(ChannelName name, @Nullable String initialToken) {
        OpenChannelRequest.OpenChannelRequestBuilder request = OpenChannelRequest.builder(name.toString())
                .setDBName(account.database())
                .setSchemaName(SCHEMA)
                .setTableName(TABLE)
                .setOnErrorOption(OnErrorOption.ABORT)
                .setDefaultTimezone(ZoneOffset.UTC);
        return (initialToken == null ? request : request.setOffsetToken(initialToken)).build();
    }

    private SnowflakeStreamingIngestClient make() {
        return SnowflakeStreamingIngestClientFactory.builder("firn")
                .setProperties(properties())
                .setParameterOverrides(parameters())
                .build();
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.put("user", account.user());
        account.role().ifPresent(role -> properties.put("role", role));
        properties.put("scheme", account.protocol());
        properties.put("host", account.host());
        properties.put("port", Integer.toString(account.port()));
        properties.put("authorization_type", "JWT");
        properties.put("private_key", account.privateKey().reveal());
        return properties;
    }

    /** A wrong type is a {@link ClassCastException} in the library. */
    private Map<String, Object> parameters() {
        return Map.of(
                "max_client_lag", config.maxClientLag().toMillis(),
                "max_channel_size_in_bytes", config.maxBufferedBytes() / 2L,
                "streaming_ingest_client_sdk_insert_throttle_interval_in_millis",
                        Math.max(1, config.appendWithin().toMillis() / WAITS_OF_AN_APPEND));
    }

    private String table() {
        return account.database() + '.' + SCHEMA + '.' + TABLE;
    }

    @Override
    public void reconnect() {
        client.ready().filter(ready -> ready == dead || ready.isClosed()).ifPresent(ready -> client.discard());
    }

    /** A client writes and registers what it holds before it closes, which may take minutes if the server fails. */
    private static void closeAside(SnowflakeStreamingIngestClient client) {
        Thread closer = new Thread(
                () -> {
                    try {
                        client.close();
                    } catch (Exception e) {
                        // It is of no use to anybody any more, whatever it says.
                        return;
                    }
                },
                "firn-classic-close");
        closer.setDaemon(true);
        closer.start();
    }

    /** Waits for nothing: what is not committed is sent again by the next one. */
    @Override
    public void close() {
        client.discard();
    }
}
