package dev.firn.upload;

import dev.firn.event.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** A sink that keeps its rows in memory, and fails when it is told to. */
public final class InMemorySink implements Sink {
    /** What outlives a sink: its rows and tokens. */
    public static final class Warehouse {
        final List<SinkRow> rows = new ArrayList<>();
        final Map<ChannelName, Long> tokens = new HashMap<>();
        /** Of rows that were dropped after they had been taken. */
        final Set<Long> refused = new TreeSet<>();

        public List<SinkRow> rows() {
            return rows;
        }

        /** What EVENTS would be. */
        Map<String, SinkContract.StoredEvent> events() {
            Map<String, SinkContract.StoredEvent> events = new HashMap<>();
            for (SinkRow row : rows) {
                events.merge(
                        row.eventId(),
                        new SinkContract.StoredEvent(
                                row.eventId(),
                                new String(row.payload(), StandardCharsets.UTF_8),
                                row.receivedAtMicros(),
                                1),
                        (a, b) -> new SinkContract.StoredEvent(
                                a.eventId(),
                                a.payload(),
                                Math.min(a.firstReceivedAtMicros(), b.firstReceivedAtMicros()),
                                a.copies() + b.copies()));
            }
            return events;
        }

        public void setToken(String producerId, long token) {
            tokens.put(ChannelName.producer(producerId), token);
        }
    }

    /** Decides whether a call fails, and whether a batch is taken all the same. */
    public enum Fault {
        NONE,
        BEFORE_COMMIT,
        AFTER_COMMIT,
        /** Nothing is taken, and the channel stays good. */
        NO_ROOM,
        /** Nothing is taken until somebody reconnects. */
        DEAD_CONNECTION,
        /** Nothing is taken, and nobody is told. */
        SILENT_LOSS
    }

    private record Pending(ChannelName name, List<SinkRow> rows, long token) {}

    private final Warehouse warehouse;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private Function<List<SinkRow>, Fault> faults = rows -> Fault.NONE;
    private Predicate<SinkRow> refusedLater = row -> false;
    private boolean isHeld;
    private boolean isDead;
    private int openings;
    private int reconnects;
    private int abandoned;
    private int asked;

    public InMemorySink(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    public void failOn(Function<List<SinkRow>, Fault> faults) {
        this.faults = faults;
    }

    /** Rows that are dropped after they were taken; their dead letters are not asked about. */
    public void refuseLater(Predicate<SinkRow> rows) {
        this.refusedLater = row -> !row.action().equals(DeadLetter.ACTION) && rows.test(row);
    }

    /** From now on what is appended waits for {@link #commit}. */
    public void holdCommits() {
        isHeld = true;
    }

    /** Commits what waits. */
    public void commit() {
        while (!pending.isEmpty()) {
            commit(pending.remove());
        }
    }

    private void commit(Pending batch) {
        for (SinkRow row : batch.rows()) {
            if (refusedLater.test(row)) {
                warehouse.refused.add(row.sequence());
            } else {
                warehouse.refused.remove(row.sequence());
                warehouse.rows.add(row);
            }
        }
        warehouse.tokens.put(batch.name(), batch.token());
    }

    int pendingBatches() {
        return pending.size();
    }

    int openings() {
        return openings;
    }

    int reconnects() {
        return reconnects;
    }

    int abandoned() {
        return abandoned;
    }

    /** How often a token was asked for. */
    int asked() {
        return asked;
    }

    void killConnection() {
        isDead = true;
    }

    private void checkConnection() {
        if (isDead) {
            throw new SinkException(SinkException.Remedy.RECREATE, "the connection is dead", null);
        }
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public SinkChannel openChannel(ChannelName name) {
        checkConnection();
        openings++;
        pending.removeIf(batch -> batch.name().equals(name));
        return new Channel(name);
    }

    @Override
    public void reconnect() {
        if (isDead) {
            isDead = false;
            reconnects++;
        }
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
            checkConnection();
            asked++;
            return Optional.ofNullable(warehouse.tokens.get(name)).orElse(NOTHING);
        }

        @Override
        public void append(List<SinkRow> rows, long offsetToken) {
            checkConnection();
            for (SinkRow row : rows) {
                if (new String(row.payload(), StandardCharsets.UTF_8).equals("{!")) {
                    throw new SinkException(SinkException.Remedy.DEAD_LETTER, "not JSON: " + row, null);
                }
            }
            Fault fault = faults.apply(rows);
            if (fault == Fault.NONE || fault == Fault.AFTER_COMMIT) {
                take(new Pending(name, List.copyOf(rows), offsetToken));
            }
            isDead |= fault == Fault.DEAD_CONNECTION;
            checkConnection();
            switch (fault) {
                case NO_ROOM -> throw new SinkException(SinkException.Remedy.RETRY, "no room", null);
                case BEFORE_COMMIT, AFTER_COMMIT ->
                    throw new SinkException(SinkException.Remedy.REOPEN, "told to fail: fault=" + fault, null);
                default -> {
                    // Looks well.
                }
            }
        }

        private void take(Pending batch) {
            if (isHeld) {
                pending.add(batch);
            } else {
                commit(batch);
            }
        }

        @Override
        public List<Long> refused(long afterSequence, long upToSequence) {
            return warehouse.refused.stream()
                    .filter(sequence -> sequence > afterSequence && sequence <= upToSequence)
                    .toList();
        }

        @Override
        public void abandon() {
            abandoned++;
        }

        @Override
        public void close() {}
    }
}
