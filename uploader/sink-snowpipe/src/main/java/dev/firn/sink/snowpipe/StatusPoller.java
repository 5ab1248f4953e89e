package dev.firn.sink.snowpipe;

import com.snowflake.ingest.streaming.SFException;
import com.snowflake.ingest.streaming.SnowflakeStreamingIngestClient;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Asks for the committed tokens of all channels at once, on a thread of its own: the library answers such a question once a second and
 * lets everyone wait for that, which an uploader of several channels cannot afford.
 *
 * <p><b>Threads.</b> Any may ask.
 */
final class StatusPoller implements AutoCloseable {
    private final AtomicBoolean isAsking = new AtomicBoolean();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread made = new Thread(work, "firn-snowpipe-status");
        made.setDaemon(true);
        return made;
    });

    /** Has each of the channels told its status, some time later. Does nothing while an earlier question is not answered. */
    void ask(SnowflakeStreamingIngestClient client, Collection<SnowpipeChannel> channels) {
        if (isAsking.compareAndSet(false, true)) {
            List<SnowpipeChannel> all = List.copyOf(channels);
            thread.execute(() -> {
                try {
                    refresh(client, all);
                } finally {
                    isAsking.set(false);
                }
            });
        }
    }

    private static void refresh(SnowflakeStreamingIngestClient client, List<SnowpipeChannel> channels) {
        try {
            client.getChannelStatus(channels.stream().map(SnowpipeChannel::name).toList());
        } catch (SFException e) {
            channels.forEach(channel -> channel.failed(e));
            return;
        }
        // The answers are at hand now, and only the channel itself says whether it is usable.
        channels.forEach(SnowpipeChannel::refresh);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
