package dev.firn.sink.classic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.upload.ChannelName;
import dev.firn.upload.Rows;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkException.Remedy;
import dev.firn.upload.SinkRow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which whoever uses the sink recovers, and nothing else: go on behind the committed token after
 * every opening, do what the remedy of a failure says, and open the channel again if its token does not move.
 */
final class Delivery {
    private static final long STALLED_NS = TimeUnit.SECONDS.toNanos(4);
    private static final long DELIVERED_WITHIN_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int BATCH_ROWS = 10;

    private final Sink sink;
    private final String producer;
    private final List<Remedy> failures = new ArrayList<>();
    private @Nullable SinkChannel channel;
    private long next;
    private int stalls;

    Delivery(Sink sink, String producer) {
        this.sink = sink;
        this.producer = producer;
    }

    /** The remedies of what failed, in order. */
    List<Remedy> failures() {
        return failures;
    }

    /** How often the token did not move, and nothing had failed. */
    int stalls() {
        return stalls;
    }

    /** Hands over what is missing up to a sequence, and waits for none of it. */
    void handOver(long last) {
        SinkChannel open = channel;
        if (open == null) {
            open = sink.openChannel(ChannelName.producer(producer));
            channel = open;
            next = open.committedToken() + 1;
        }
        while (next <= last) {
            List<SinkRow> rows = new ArrayList<>();
            for (long sequence = next; sequence <= last && rows.size() < BATCH_ROWS; sequence++) {
                rows.add(Rows.row(producer, sequence));
            }
            long token = rows.get(rows.size() - 1).sequence();
            open.append(rows, token);
            next = token + 1;
        }
    }

    /** Returns when everything up to a sequence is committed. */
    void deliver(long last) throws InterruptedException {
        long startNs = System.nanoTime();
        long progressNs = startNs;
        long committed = SinkChannel.NOTHING;
        while (committed < last) {
            assertThat(System.nanoTime() - startNs).isLessThan(DELIVERED_WITHIN_NS);
            try {
                handOver(last);
                long token = channel == null ? committed : channel.committedToken();
                if (token > committed) {
                    committed = token;
                    progressNs = System.nanoTime();
                } else if (System.nanoTime() - progressNs > STALLED_NS) {
                    stalls++;
                    progressNs = System.nanoTime();
                    abandon();
                }
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (SinkException e) {
                failures.add(e.remedy());
                progressNs = System.nanoTime();
                recover(e);
            }
        }
    }

    private void recover(SinkException failure) {
        switch (failure.remedy()) {
            case RETRY -> {}
            case REOPEN -> abandon();
            case RECREATE -> {
                sink.reconnect();
                abandon();
            }
            case DEAD_LETTER, STOP -> throw failure;
        }
    }

    private void abandon() {
        if (channel != null) {
            channel.abandon();
            channel = null;
        }
    }
}
