package dev.firn.benchmarks.sink;

import dev.firn.sink.classic.ClassicConfig;
import dev.firn.sink.classic.ClassicSink;
import dev.firn.snowflake.SnowflakeAccount;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkRow;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.snowflake.ingest.streaming.OpenChannelRequest;
import net.snowflake.ingest.streaming.SnowflakeStreamingIngestChannel;
import net.snowflake.ingest.streaming.SnowflakeStreamingIngestClient;
import net.snowflake.ingest.streaming.SnowflakeStreamingIngestClientFactory;
import org.jspecify.annotations.Nullable;

/** Snowpipe Streaming with classic architecture. */
final class ClassicLibrary implements SinkLibrary {
    @Override
    public String name() {
        return ClassicSink.NAME;
    }

    /** It has no pace. */
    @Override
    public Sink openSink(SnowflakeAccount account) {
        return new ClassicSink(account, ClassicConfig.DEFAULT);
    }

    @Override
    public BareLoop openBare(SnowflakeAccount account) {
        Properties properties = new Properties();
        properties.put("user", account.user());
        properties.put("scheme", account.protocol());
        properties.put("host", account.host());
        properties.put("port", Integer.toString(account.port()));
        properties.put("authorization_type", "JWT");
        properties.put("private_key", account.privateKey().reveal());
        return new Bare(
                account.database(),
                SnowflakeStreamingIngestClientFactory.builder("bare")
                        .setProperties(properties)
                        .setParameterOverrides(Map.of(
                                "max_client_lag",
                                ClassicConfig.DEFAULT.maxClientLag().toMillis(),
                                "max_channel_size_in_bytes",
                                ClassicConfig.DEFAULT.maxBufferedBytes() / 2L))
                        .build());
    }

    /** The library waits by itself if it has no room. */
    private static final class Bare implements BareLoop {
        private static final long PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);

        private final String database;
        private final SnowflakeStreamingIngestClient client;
        private @Nullable SnowflakeStreamingIngestChannel channel;

        Bare(String database, SnowflakeStreamingIngestClient client) {
            this.database = database;
            this.client = client;
        }

        @Override
        public void openChannel(String name) {
            channel = client.openChannel(OpenChannelRequest.builder(name)
                    .setDBName(database)
                    .setSchemaName("LANDING")
                    .setTableName("RAW_EVENTS")
                    .setOnErrorOption(OpenChannelRequest.OnErrorOption.ABORT)
                    .setDefaultTimezone(ZoneOffset.UTC)
                    .build());
        }

        @Override
        public long send(List<SinkRow> rows, int batchRows) {
            SnowflakeStreamingIngestChannel to = channel;
            if (to == null) {
                throw new IllegalStateException("no channel is open");
            }
            for (int from = 0; from < rows.size(); from += batchRows) {
                List<SinkRow> batch = rows.subList(from, Math.min(rows.size(), from + batchRows));
                List<Map<String, Object>> fields = new ArrayList<>(batch.size());
                for (SinkRow row : batch) {
                    LocalDateTime occurredAt = BareRow.time(row.occurredAtMicros());
                    fields.add(BareRow.fields(
                            row, occurredAt.toLocalDate(), occurredAt, BareRow.time(row.receivedAtMicros())));
                }
                to.insertRows(
                        fields,
                        Long.toString(batch.get(0).sequence()),
                        Long.toString(batch.get(batch.size() - 1).sequence()));
            }
            String last = Long.toString(rows.get(rows.size() - 1).sequence());
            while (!last.equals(to.getLatestCommittedOffsetToken())) {
                LockSupport.parkNanos(PARK_NS);
            }
            return 0;
        }

        @Override
        public void close() {
            // The process ends with it, and everything is committed.
        }
    }
}
