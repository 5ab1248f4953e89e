package dev.firn.sink.snowpipe;

import static java.util.Objects.requireNonNull;

import com.snowflake.ingest.streaming.OpenChannelResult;
import com.snowflake.ingest.streaming.SFException;
import com.snowflake.ingest.streaming.SnowflakeStreamingIngestClient;
import com.snowflake.ingest.streaming.SnowflakeStreamingIngestClientFactory;
import dev.firn.snowflake.Adoption;
import dev.firn.snowflake.ClientSupply;
import dev.firn.snowflake.SnowflakeAccount;
import dev.firn.upload.ChannelName;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkException.Remedy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Rows into {@code LANDING.RAW_EVENTS} through its implicit pipe. Committed when the server's token says so, some seconds after
 * they were handed over; an acknowledged request alone says nothing.
 *
 * <p>The library is a client for one pipe, with a native part that buffers, compresses and sends on threads of its own. Making it
 * asks the server and may take for ever, so that happens on a thread of its own.
 */
public final class SnowpipeSink implements Sink {
    public static final String NAME = "snowpipe";

    private static final String SCHEMA = "LANDING";
    private static final String PIPE = "RAW_EVENTS-STREAMING";
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final SnowflakeAccount account;
    private final SnowpipeConfig config;
    private final StoredSequences stored;
    private final Map<ChannelName, SnowpipeChannel> channels = new HashMap<>();
    private final StatusPoller poller = new StatusPoller();
    private final ClientSupply<SnowflakeStreamingIngestClient> client =
            new ClientSupply<>("firn-snowpipe-connect", this::make, SnowpipeSink::close);
    /** A client that is of no use any more, as a channel of it said. */
    private @Nullable SnowflakeStreamingIngestClient dead;

    static {
        // The native part logs to standard output, which belongs to the results of commands; read once, when it loads.
        if (System.getenv("SS_LOG_LEVEL") == null && System.getProperty("SS_LOG_LEVEL") == null) {
            System.setProperty("SS_LOG_LEVEL", "error");
        }
        // What fails is thrown too, and its text may quote a row. Read once, when the loggers are made.
        String property = "org.slf4j.simpleLogger.log.com.snowflake";
        System.setProperty(property, System.getProperty(property, "off"));
    }

    /** Connects with the first opening of a channel. */
    public SnowpipeSink(SnowflakeAccount account, SnowpipeConfig config, StoredSequences stored) {
        this.account = requireNonNull(account, "account");
        this.config = requireNonNull(config, "config");
        this.stored = requireNonNull(stored, "stored");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SinkChannel openChannel(ChannelName name) {
        return open(name, null);
    }

    @Override
    public void adopt(ChannelName name, long token) {
        Adoption.adopt(name, token, initial -> open(name, initial));
    }

    private SnowpipeChannel open(ChannelName name, @Nullable String initialToken) {
        SnowpipeChannel before = channels.remove(name);
        if (before != null) {
            // The library refuses a second one of the same name.
            before.close();
        }
        SnowflakeStreamingIngestClient connected = connect();
        try {
            OpenChannelResult opened = connected.openChannel(name.toString(), initialToken);
            SnowpipeChannel channel = new SnowpipeChannel(
                    name,
                    opened,
                    stored,
                    new Pace(config.bytesPerSecond(), System::nanoTime, LockSupport::parkNanos),
                    () -> poller.ask(connected, channels.values()),
                    failure -> died(connected, failure));
            channels.put(name, channel);
            return channel;
        } catch (SFException e) {
            throw died(
                    connected,
                    Failures.ofConnecting("cannot open a channel: channel=" + name + " table=" + table(), e));
        }
    }

    private SnowflakeStreamingIngestClient connect() {
        String attempt = "cannot connect to Snowflake: " + account;
        return client.get(config.connectWithin(), attempt, cause -> failure(attempt, cause));
    }

    static SinkException failure(String attempt, Throwable cause) {
        if (cause instanceof SFException e) {
            return Failures.ofConnecting(attempt, e);
        }
        if (cause instanceof LinkageError) {
            return new SinkException(
                    Remedy.STOP,
                    attempt
                            + ": the native part of Snowflake's library does not load; it needs Linux with glibc 2.25 or newer, macOS or"
                            + " Windows, and a temporary folder that may hold programs: java.io.tmpdir="
                            + System.getProperty("java.io.tmpdir"),
                    cause);
        }
        return new SinkException(
                Remedy.REOPEN, attempt + ": " + cause.getClass().getSimpleName(), cause);
    }

    private SnowflakeStreamingIngestClient make() {
        return SnowflakeStreamingIngestClientFactory.builder("firn", account.database(), SCHEMA, PIPE)
                .setProperties(properties())
                .build();
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.put("account", account.account());
        properties.put("user", account.user());
        account.role().ifPresent(role -> properties.put("role", role));
        properties.put("scheme", account.protocol());
        properties.put("host", account.host());
        properties.put("port", Integer.toString(account.port()));
        properties.put("url", account.url());
        properties.put("authorization_type", "JWT");
        properties.put("private_key", account.privateKey().reveal());
        properties.put("max_append_bytes_to_buffer", Integer.toString(config.maxBufferedBytes()));
        return properties;
    }

    private String table() {
        return account.database() + '.' + SCHEMA + ".RAW_EVENTS";
    }

    private SinkException died(SnowflakeStreamingIngestClient of, SinkException failure) {
        if (failure.remedy() == Remedy.RECREATE) {
            dead = of;
        }
        return failure;
    }

    /** The next opening makes another client, unless another uploader of this sink has had the dead one replaced already. */
    @Override
    public void reconnect() {
        client.ready().filter(ready -> ready == dead).ifPresent(ready -> disconnect());
    }

    private void disconnect() {
        channels.clear();
        client.discard();
    }

    private static void close(SnowflakeStreamingIngestClient client) {
        client.close(false, CLOSE_WITHIN).exceptionally(failure -> null);
    }

    /** Waits for nothing: what is not committed is sent again by the next one. */
    @Override
    public void close() {
        poller.close();
        disconnect();
    }
}
