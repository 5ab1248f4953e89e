package dev.firn.embedded;

import dev.firn.upload.ChannelName;
import dev.firn.upload.InMemorySink;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkException.Remedy;
import dev.firn.upload.SinkRow;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A warehouse in memory that is down when it is told to be. What it holds may be read once the uploader has ended. */
final class FakeWarehouse implements SinkOpener {
    /** What becomes of a call. */
    enum State {
        UP,
        /** Cannot be opened. */
        DOWN,
        /** Can be opened, and takes nothing. */
        REFUSING,
        /** Throws what no sink should: something that quotes a row. */
        BROKEN,
        /** Does not answer. */
        HANGING
    }

    final InMemorySink.Warehouse content = new InMemorySink.Warehouse();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final CountDownLatch hanging = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);
    volatile State state = State.UP;

    List<Long> sequences() {
        return content.rows().stream().map(SinkRow::sequence).toList();
    }

    @Override
    public Sink open() {
        opened.incrementAndGet();
        if (state == State.DOWN) {
            throw new SinkException(Remedy.STOP, "warehouse is down", null);
        }
        InMemorySink memory = new InMemorySink(content);
        return new Sink() {
            @Override
            public String name() {
                return memory.name();
            }

            @Override
            public SinkChannel openChannel(ChannelName name) {
                return channel(memory.openChannel(name));
            }

            @Override
            public void close() {
                closed.incrementAndGet();
                memory.close();
            }
        };
    }

    private SinkChannel channel(SinkChannel memory) {
        return new SinkChannel() {
            @Override
            public long committedToken() {
                return memory.committedToken();
            }

            @Override
            public void append(List<SinkRow> rows, long offsetToken) {
                switch (state) {
                    case UP -> memory.append(rows, offsetToken);
                    case HANGING -> hang();
                    case BROKEN -> Integer.parseInt(new String(rows.get(0).payload(), StandardCharsets.UTF_8));
                    default -> throw new SinkException(Remedy.REOPEN, "warehouse refuses", null);
                }
            }

            @Override
            public void close() {
                memory.close();
            }
        };
    }

    private void hang() {
        hanging.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SinkException(Remedy.REOPEN, "connection was reset", null);
    }
}
