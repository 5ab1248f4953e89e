package dev.firn.sink.duckdb;

import static java.util.Objects.requireNonNull;

import dev.firn.upload.ChannelName;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkChannel;
import java.nio.file.Path;
import java.sql.SQLException;

/** Rows into the embedded warehouse. Committed when {@code append} returns. */
public final class DuckDbSink implements Sink {
    public static final String NAME = "duckdb";

    private final DuckDbWarehouse warehouse;
    private final boolean isOwner;

    /** @param warehouse stays the caller's to close, after this sink */
    public DuckDbSink(DuckDbWarehouse warehouse) {
        this(requireNonNull(warehouse, "warehouse"), false);
    }

    private DuckDbSink(DuckDbWarehouse warehouse, boolean isOwner) {
        this.warehouse = warehouse;
        this.isOwner = isOwner;
    }

    /** Opens a warehouse of its own, as {@link DuckDbWarehouse#open} does, and closes it in the end. */
    public static DuckDbSink open(Path file) {
        return new DuckDbSink(DuckDbWarehouse.open(file), true);
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
        // Channels own their connections.
        if (isOwner) {
            warehouse.close();
        }
    }
}
