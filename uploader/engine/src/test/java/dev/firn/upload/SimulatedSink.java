package dev.firn.upload;

import dev.firn.event.DeadLetter;
import dev.firn.upload.SinkException.Remedy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A warehouse in memory that behaves as Snowflake does: it commits later than it accepts, forgets what is not committed when a channel is
 * opened again, takes rows of a channel that is no longer valid without a word, loses batches while the channel looks well, drops rows
 * that it refuses after it took them, and fails before or after it did what it was asked. Which of it happens is drawn from one random
 * source, at rates that are drawn first, so that schedules differ in kind.
 */
final class SimulatedSink implements Sink {
    /** What may go wrong in a call. */
    enum Fault {
        OPENING_FAILS,
        ASKING_FAILS,
        NO_ROOM,
        FAILS_BEFORE_TAKING,
        REPLY_IS_LOST,
        CLIENT_DIES,
        BATCH_IS_LOST
    }

    private static final int RATES = 1_000;

    private record Pending(List<SinkRow> rows, long token) {}

    /** What the warehouse has of one channel, whoever holds it. */
    private static final class Stream {
        final Deque<Pending> pending = new ArrayDeque<>();
        long token;
        long lastRow;
        int owner;
        /** After a batch was lost nothing behind it is committed: its number would not follow. */
        boolean hasLostBatch;
    }

    private final SplittableRandom random;
    private final int[] rates = new int[Fault.values().length];
    private final Map<ChannelName, Stream> streams = new LinkedHashMap<>();
    private final boolean[] isRefusedAtOnce = new boolean[SimulatedJournal.MOST_RECORDS + 1];
    private final boolean[] isRefusedLater = new boolean[SimulatedJournal.MOST_RECORDS + 1];
    private final SinkRow[] stored = new SinkRow[SimulatedJournal.MOST_RECORDS + 1];
    private int client;
    private boolean isClientDead;
    private String broken = "";

    SimulatedSink(SplittableRandom random) {
        this.random = random;
        int most = random.nextInt(1, 150);
        for (int i = 0; i < rates.length; i++) {
            rates[i] = random.nextBoolean() ? random.nextInt(most) : 0;
        }
        int refusals = random.nextInt(3) == 0 ? random.nextInt(1, 100) : 0;
        for (int sequence = 1; refusals > 0 && sequence < stored.length; sequence++) {
            isRefusedAtOnce[sequence] = random.nextInt(RATES) < refusals;
            isRefusedLater[sequence] = random.nextInt(RATES) < refusals;
        }
    }

    private boolean happens(Fault fault) {
        int rate = rates[fault.ordinal()];
        return rate > 0 && random.nextInt(RATES) < rate;
    }

    /** From now on nothing goes wrong but what has gone wrong already, and what is refused. */
    void calm() {
        Arrays.fill(rates, 0);
    }

    /** The first promise that was broken, empty if all were kept. */
    String broken() {
        return broken;
    }

    private void breaks(String what) {
        if (broken.isEmpty()) {
            broken = what;
        }
    }

    /** The row of a sequence, or its dead letter; null if there is neither. */
    SinkRow stored(int sequence) {
        return stored[sequence];
    }

    boolean isStored(int sequence) {
        return stored[sequence] != null;
    }

    boolean isRefused(int sequence) {
        return isRefusedAtOnce[sequence] || isRefusedLater[sequence];
    }

    /** Commits some of what is pending, or all. */
    void commit(boolean all) {
        for (Stream stream : streams.values()) {
            commit(stream, all);
        }
    }

    private void commit(Stream stream, boolean all) {
        while (!stream.pending.isEmpty() && (all || random.nextBoolean())) {
            Pending first = stream.pending.remove();
            for (SinkRow row : first.rows()) {
                store(stream, row);
            }
            if (first.token() < stream.token) {
                breaks("a token went back: from=" + stream.token + " to=" + first.token());
            }
            stream.token = first.token();
        }
    }

    private void store(Stream stream, SinkRow row) {
        int sequence = (int) row.sequence();
        boolean isLetter = row.action().equals(DeadLetter.ACTION);
        if (!isLetter && isRefusedLater[sequence]) {
            stream.lastRow = Math.max(stream.lastRow, sequence);
            return;
        }
        if (stored[sequence] != null) {
            breaks("stored twice: sequence=" + sequence);
        }
        stored[sequence] = row;
        boolean isBehind = sequence > stream.lastRow;
        if (!isLetter && !isBehind) {
            breaks("out of order: sequence=" + sequence + " behind=" + stream.lastRow);
        }
        stream.lastRow = Math.max(stream.lastRow, sequence);
    }

    /** Another one opens all channels and goes away. */
    void steal() {
        for (Stream stream : streams.values()) {
            take(stream);
        }
    }

    void killClient() {
        isClientDead = true;
    }

    /** What is on its way when a channel is opened arrives just before that, or never. */
    private void take(Stream stream) {
        if (!stream.hasLostBatch) {
            commit(stream, false);
        }
        stream.pending.clear();
        stream.hasLostBatch = false;
        stream.owner++;
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public void reconnect() {
        if (isClientDead) {
            if (happens(Fault.OPENING_FAILS)) {
                throw failure(Remedy.RECREATE);
            }
            isClientDead = false;
            client++;
        }
    }

    private void checkClient() {
        if (happens(Fault.CLIENT_DIES)) {
            isClientDead = true;
        }
        if (isClientDead) {
            throw failure(Remedy.RECREATE);
        }
    }

    private static SinkException failure(Remedy remedy) {
        return new SinkException(remedy, "told to fail", null);
    }

    @Override
    public SinkChannel openChannel(ChannelName name) {
        checkClient();
        if (happens(Fault.OPENING_FAILS)) {
            throw failure(random.nextBoolean() ? Remedy.REOPEN : Remedy.RETRY);
        }
        Stream stream = streams.computeIfAbsent(name, unused -> new Stream());
        take(stream);
        return new Channel(stream);
    }

    @Override
    public void close() {}

    private final class Channel implements SinkChannel {
        private final Stream stream;
        private final int owner;
        private final int ownClient = client;
        private long given;
        private boolean isKnownStale;

        Channel(Stream stream) {
            this.stream = stream;
            this.owner = stream.owner;
            this.given = stream.token;
        }

        private boolean isStale() {
            return owner != stream.owner;
        }

        private void check() {
            checkClient();
            if (ownClient != client) {
                throw failure(Remedy.RECREATE);
            }
            if (isKnownStale) {
                throw failure(Remedy.REOPEN);
            }
        }

        @Override
        public long committedToken() {
            check();
            if (happens(Fault.ASKING_FAILS)) {
                throw failure(random.nextBoolean() ? Remedy.REOPEN : Remedy.RETRY);
            }
            isKnownStale = isStale() && random.nextBoolean();
            return isStale() ? Math.min(stream.token, given) : stream.token;
        }

        @Override
        public void append(List<SinkRow> rows, long offsetToken) {
            check();
            if (offsetToken < given) {
                breaks("a smaller token was given: token=" + offsetToken + " before=" + given);
            }
            for (SinkRow row : rows) {
                if (isRefusedAtOnce[(int) row.sequence()] && !row.action().equals(DeadLetter.ACTION)) {
                    throw failure(Remedy.DEAD_LETTER);
                }
            }
            if (happens(Fault.NO_ROOM)) {
                throw failure(Remedy.RETRY);
            }
            if (happens(Fault.FAILS_BEFORE_TAKING)) {
                throw failure(Remedy.REOPEN);
            }
            given = offsetToken;
            if (isStale()) {
                isKnownStale = random.nextBoolean();
                return;
            }
            stream.hasLostBatch |= happens(Fault.BATCH_IS_LOST);
            if (!stream.hasLostBatch) {
                stream.pending.add(new Pending(rows, offsetToken));
            }
            if (happens(Fault.REPLY_IS_LOST)) {
                throw failure(Remedy.REOPEN);
            }
        }

        @Override
        public List<Long> refused(long afterSequence, long upToSequence) {
            check();
            if (happens(Fault.ASKING_FAILS)) {
                throw failure(random.nextBoolean() ? Remedy.REOPEN : Remedy.RETRY);
            }
            List<Long> absent = new ArrayList<>();
            for (long sequence = afterSequence + 1; sequence <= upToSequence; sequence++) {
                if (stored[(int) sequence] == null) {
                    absent.add(sequence);
                }
            }
            return absent;
        }

        @Override
        public void close() {}
    }
}
