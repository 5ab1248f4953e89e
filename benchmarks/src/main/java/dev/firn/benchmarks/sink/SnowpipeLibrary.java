package dev.firn.benchmarks.sink;

import com.snowflake.ingest.streaming.SFException;
import com.snowflake.ingest.streaming.SnowflakeStreamingIngestChannel;
import com.snowflake.ingest.streaming.SnowflakeStreamingIngestClient;
import com.snowflake.ingest.streaming.SnowflakeStreamingIngestClientFactory;
import dev.firn.sink.snowpipe.SnowpipeConfig;
import dev.firn.sink.snowpipe.SnowpipeSink;
import dev.firn.sink.snowpipe.StoredSequences;
import dev.firn.snowflake.SnowflakeAccount;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkRow;
import dev.firn.upload.UploaderConfig;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Snowpipe Streaming with high-performance architecture. */
final class SnowpipeLibrary implements SinkLibrary {
    private static final SnowpipeConfig UNTHROTTLED = new SnowpipeConfig(
            SnowpipeConfig.DEFAULT.connectWithin(), Integer.MAX_VALUE, SnowpipeConfig.DEFAULT.maxBufferedBytes());

    @Override
    public String name() {
        return SnowpipeSink.NAME;
    }

    @Override
    public Sink openSink(SnowflakeAccount account) {
        return new SnowpipeSink(account, UNTHROTTLED, StoredSequences.byQuery(account));
    }

    @Override
    public BareLoop openBare(SnowflakeAccount account) {
        Properties properties = new Properties();
        properties.put("account", account.account());
        properties.put("user", account.user());
        properties.put("url", account.url());
        properties.put("scheme", account.protocol());
        properties.put("host", account.host());
        properties.put("port", Integer.toString(account.port()));
        properties.put("authorization_type", "JWT");
        properties.put("private_key", account.privateKey().reveal());
        properties.put("max_append_bytes_to_buffer", Integer.toString(UNTHROTTLED.maxBufferedBytes()));
        return new Bare(SnowflakeStreamingIngestClientFactory.builder(
                        "bare", account.database(), "LANDING", "RAW_EVENTS-STREAMING")
                .setProperties(properties)
                .build());
    }

    private static final class Bare implements BareLoop {
        private static final Set<String> NO_ROOM =
                Set.of("ReceiverSaturated", "MemoryThresholdExceeded", "MemoryThresholdExceededInContainer");
        private static final long PARK_NS = TimeUnit.MILLISECONDS.toNanos(1);
        /** As Firn's first one. Rows are made JSON before they are refused: to try more often costs more than it gains. */
        private static final long PARK_WITHOUT_ROOM_NS =
                UploaderConfig.DEFAULT.firstRetryDelay().toNanos();

        private final SnowflakeStreamingIngestClient client;
        private @Nullable SnowflakeStreamingIngestChannel channel;

        Bare(SnowflakeStreamingIngestClient client) {
            this.client = client;
        }

        @Override
        public void openChannel(String name) {
            channel = client.openChannel(name, null).getChannel();
        }

        @Override
        public long send(List<SinkRow> rows, int batchRows) {
            SnowflakeStreamingIngestChannel to = channel;
            if (to == null) {
                throw new IllegalStateException("no channel is open");
            }
            long noRoom = 0;
            for (int from = 0; from < rows.size(); from += batchRows) {
                List<SinkRow> batch = rows.subList(from, Math.min(rows.size(), from + batchRows));
                List<Map<String, Object>> fields = new ArrayList<>(batch.size());
                for (SinkRow row : batch) {
                    LocalDateTime occurredAt = BareRow.time(row.occurredAtMicros());
                    fields.add(BareRow.fields(
                            row,
                            occurredAt.toLocalDate().toString(),
                            occurredAt.toString(),
                            BareRow.time(row.receivedAtMicros()).toString()));
                }
                String first = Long.toString(batch.get(0).sequence());
                String last = Long.toString(batch.get(batch.size() - 1).sequence());
                while (!append(to, fields, first, last)) {
                    noRoom++;
                    LockSupport.parkNanos(PARK_WITHOUT_ROOM_NS);
                }
            }
            String last = Long.toString(rows.get(rows.size() - 1).sequence());
            while (!last.equals(to.getLatestCommittedOffsetToken())) {
                LockSupport.parkNanos(PARK_NS);
            }
            return noRoom;
        }

        private static boolean append(
                SnowflakeStreamingIngestChannel to, List<Map<String, Object>> fields, String first, String last) {
            try {
                to.appendRows(fields, first, last);
                return true;
            } catch (SFException e) {
                if (NO_ROOM.contains(e.getErrorCodeName())) {
                    return false;
                }
                throw e;
            }
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
