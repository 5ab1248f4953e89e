package dev.firn.emulator;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The channels of both kinds of streaming. A batch is acknowledged first and committed later, in order; until then an opening
 * by somebody else, or a restart, discards it.
 *
 * <p><b>Threads.</b> Any. One lock: a commit is short.
 */
final class Channels implements AutoCloseable {
    private static final long CLOSE_WITHIN_S = 30;

    private final Warehouse warehouse;
    private final Map<String, Channel> open = new HashMap<>();
    private final ScheduledExecutorService committer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "emulator-commit");
        thread.setDaemon(true);
        return thread;
    });
    private Duration commitDelay = Duration.ZERO;
    private boolean isStalled;
    private long discardedRows;

    Channels(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    /** Opens a channel or takes it over. */
    synchronized Channel open(
            String kind, Table table, String name, @Nullable String offsetToken, boolean keepUncommitted) {
        String key = key(kind, table, name);
        Channel channel = open.get(key);
        if (channel == null) {
            ChannelState stored = warehouse.channelStates(table).get(key);
            // A number that no client of the emulator's earlier life can show.
            channel = new Channel(
                    key,
                    table,
                    stored == null ? ChannelState.made(null, System.currentTimeMillis()) : stored,
                    System.currentTimeMillis());
            open.put(key, channel);
        } else {
            if (keepUncommitted && channel.hasUncommitted()) {
                throw new Refusal(409, "ERR_CHANNEL_HAS_UNCOMMITTED_DATA", "the channel has uncommitted data");
            }
            discardedRows += channel.takeOver();
        }
        if (offsetToken != null) {
            ChannelState made = ChannelState.made(offsetToken, System.currentTimeMillis());
            commit(channel, List.of(), made);
            channel.restart(made);
        }
        return channel;
    }

    synchronized Optional<Channel> find(String kind, Table table, String name) {
        return Optional.ofNullable(open.get(key(kind, table, name)));
    }

    synchronized void drop(String kind, Table table, String name) {
        String key = key(kind, table, name);
        open.remove(key);
        Map<String, ChannelState> states = new LinkedHashMap<>(warehouse.channelStates(table));
        if (states.remove(key) != null) {
            warehouse.commit(table, List.of(), states);
        }
    }

    /** Somebody else opens every channel of this name: its owner is to notice. */
    synchronized void steal(String name) {
        named(name).forEach(channel -> discardedRows += channel.takeOver());
    }

    synchronized void mark(String name, String statusCode) {
        named(name).forEach(channel -> channel.mark(statusCode));
    }

    private Stream<Channel> named(String name) {
        return open.values().stream().filter(channel -> channel.key().endsWith('/' + name));
    }

    /** Acknowledges a batch; it is committed after the delay that is set. */
    synchronized void acknowledge(Channel channel, Batch batch) {
        channel.acknowledge(batch);
        if (commitDelay.isZero()) {
            commitAll(channel);
        } else {
            committer.schedule(() -> commitFirst(channel), commitDelay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void commitAll(Channel channel) {
        while (!isStalled && channel.hasUncommitted()) {
            commitFirst(channel);
        }
    }

    private synchronized void commitFirst(Channel channel) {
        Batch batch = channel.firstUncommitted();
        if (batch == null || isStalled) {
            return;
        }
        ChannelState after = channel.committed().after(batch, System.currentTimeMillis());
        commit(channel, batch.rows(), after);
        channel.committed(after);
    }

    private void commit(Channel channel, List<@Nullable String[]> rows, ChannelState after) {
        Map<String, ChannelState> states = new LinkedHashMap<>(warehouse.channelStates(channel.table()));
        states.put(channel.key(), after);
        warehouse.commit(channel.table(), rows, states);
    }

    /** What a client was told and lost again, because the channel was opened by another before it was committed. */
    synchronized long discardedRows() {
        return discardedRows;
    }

    synchronized void setCommitDelay(Duration delay) {
        commitDelay = delay;
    }

    /** Nothing is committed until {@link #resume}. */
    synchronized void stall() {
        isStalled = true;
    }

    synchronized void resume() {
        isStalled = false;
        open.values().forEach(this::commitAll);
    }

    private static String key(String kind, Table table, String name) {
        return kind + '/' + table + '/' + name;
    }

    /** What is not committed is lost, as in a crash. */
    @Override
    public void close() {
        committer.shutdownNow();
        try {
            // A commit under way is short, and what it writes to is closed next.
            committer.awaitTermination(CLOSE_WITHIN_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
