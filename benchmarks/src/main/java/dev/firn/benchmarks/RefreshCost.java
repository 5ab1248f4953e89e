package dev.firn.benchmarks;

import dev.firn.event.Event;
import dev.firn.sink.duckdb.DuckDbSink;
import dev.firn.sink.duckdb.DuckDbWarehouse;
import dev.firn.upload.ChannelName;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.DoubleStream;

/** What one batch costs in a warehouse that grows: rows into RAW_EVENTS and, in the same transaction, events into EVENTS. */
final class RefreshCost implements AutoCloseable {
    static final int BATCH_ROWS = 10_000;
    static final int BATCHES = 9;

    private static final int MOST_EVENTS = 2_000_000;

    private final TemporaryDirectory directory = new TemporaryDirectory();
    private final DuckDbWarehouse warehouse = DuckDbWarehouse.open(directory.resolve("warehouse.duckdb"));
    private final String producerId = UUID.randomUUID().toString();
    private final SinkChannel channel = new DuckDbSink(warehouse).openChannel(ChannelName.producer(producerId));
    private final Iterator<Event> events = Events.iterator(MOST_EVENTS);
    private long sequence;

    /** Fills EVENTS up to a number of rows, then measures batches; milliseconds. */
    Spread at(int rows) throws SQLException {
        try (Connection connection = warehouse.connect()) {
            for (long missing = rows - size(connection); missing > 0; missing = rows - size(connection)) {
                append((int) Math.min(missing, BATCH_ROWS));
            }
        }
        return Spread.of(DoubleStream.generate(() -> append(BATCH_ROWS)).limit(BATCHES));
    }

    private static long size(Connection connection) throws SQLException {
        return PipelineRun.count(connection, "ACTIVITY.EVENTS");
    }

    private double append(int count) {
        List<SinkRow> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            rows.add(row(events.next()));
        }
        long startNs = System.nanoTime();
        channel.append(rows, sequence);
        return (System.nanoTime() - startNs) / 1e6;
    }

    private SinkRow row(Event event) {
        return SinkRow.of(event, "APPLICATION", System.currentTimeMillis() * 1_000, producerId, ++sequence);
    }

    @Override
    public void close() {
        try (directory;
                warehouse) {
            channel.close();
        }
    }
}
