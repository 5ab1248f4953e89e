package dev.firn.upload;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A sink that keeps its rows in memory, and fails when it is told to. */
public final class InMemorySink implements Sink {
    /** What outlives a sink: its rows and tokens. */
    public static final class Warehouse {
        final List<SinkRow> rows = new ArrayList<>();
        final Map<ChannelName, Long> tokens = new HashMap<>();

        public List<SinkRow> rows() {
            return rows;
        }

        public void setToken(String producerId, long token) {
            tokens.put(ChannelName.producer(producerId), token);
        }
    }

    /** Decides whether a call fails, and whether a batch is taken all the same. */
    public enum Fault {
        NONE,
        BEFORE_COMMIT,
        AFTER_COMMIT
    }

    private final Warehouse warehouse;
    private Function<List<SinkRow>, Fault> faults = rows -> Fault.NONE;

    public InMemorySink(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    public void failOn(Function<List<SinkRow>, Fault> faults) {
        this.faults = faults;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public SinkChannel openChannel(ChannelName name) {
        return new Channel(name);
    }

    @Override
    public void adopt(ChannelName name, long token) {
        long adopted = warehouse.tokens.merge(name, token, Math::max);
        if (adopted > token) {
            throw new SinkException(SinkException.Remedy.STOP, "is further: token=" + adopted, null);
        }
    }

    @Override
    public void close() {
        faults = rows -> Fault.NONE;
    }

    private final class Channel implements SinkChannel {
        private final ChannelName name;

        Channel(ChannelName name) {
            this.name = name;
        }

        @Override
        public long committedToken() {
            return Optional.ofNullable(warehouse.tokens.get(name)).orElse(NOTHING);
        }

        @Override
        public void append(List<SinkRow> rows, long offsetToken) {
            for (SinkRow row : rows) {
                if (new String(row.payload(), StandardCharsets.UTF_8).equals("{!")) {
                    throw new SinkException(SinkException.Remedy.DEAD_LETTER, "not JSON: " + row, null);
                }
            }
            Fault fault = faults.apply(rows);
            if (fault != Fault.BEFORE_COMMIT) {
                warehouse.rows.addAll(rows);
                warehouse.tokens.put(name, offsetToken);
            }
            if (fault != Fault.NONE) {
                throw new SinkException(SinkException.Remedy.REOPEN, "told to fail: fault=" + fault, null);
            }
        }

        @Override
        public void close() {}
    }
}
