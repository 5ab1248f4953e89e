package dev.firn.sink.duckdb;

import static java.util.Objects.requireNonNull;

import dev.firn.upload.ChannelName;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkChannel;
import java.sql.SQLException;

/** Rows into the embedded warehouse. Committed when {@code append} returns. */
public final class DuckDbSink implements Sink {
    public static final String NAME = "duckdb";

    private final DuckDbWarehouse warehouse;

    /** @param warehouse stays the caller's to close, after this sink */
    public DuckDbSink(DuckDbWarehouse warehouse) {
        this.warehouse = requireNonNull(warehouse, "warehouse");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SinkChannel openChannel(ChannelName name) {
        if (name.stripes() > 1) {
            // A producer's token is the greatest sequence of all its rows.
            throw new IllegalArgumentException(
                    "an embedded warehouse has one channel for each stream: channel=" + name);
        }
        try {
            return new DuckDbChannel(name, warehouse);
        } catch (SQLException e) {
            throw DuckDbChannel.failure("cannot open a channel: channel=" + name, e);
        }
    }

    @Override
    public void close() {
        // Channels own their connections, and the warehouse is the caller's.
    }
}
