package dev.firn.upload;

import static java.util.Objects.requireNonNull;

import dev.firn.upload.SequenceSet.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Spreads each stream over a fixed number of channels of another sink, for more than one channel can carry: a row goes to the
 * channel whose number its sequence leaves as remainder. Each keeps the order of its own rows.
 *
 * <p>The number is part of the name, since tokens of another number mean nothing: a data directory stays bound to it.
 */
public final class StripedSink implements Sink {
    private static final int MOST_STRIPES = 256;

    private final Sink sink;
    private final int stripes;

    /**
     * @param sink    is closed with this one
     * @param stripes channels for each stream, 1 to 256
     */
    public StripedSink(Sink sink, int stripes) {
        this.sink = requireNonNull(sink, "sink");
        if (stripes < 1 || stripes > MOST_STRIPES) {
            throw new IllegalArgumentException("stripes must be in 1.." + MOST_STRIPES + ": stripes=" + stripes);
        }
        this.stripes = stripes;
    }

    @Override
    public String name() {
        return sink.name() + "/" + stripes;
    }

    @Override
    public SinkChannel openChannel(ChannelName name) {
        List<SinkChannel> opened = new ArrayList<>();
        try {
            for (int stripe = 0; stripe < stripes; stripe++) {
                opened.add(sink.openChannel(name.stripe(stripe, stripes)));
            }
            return new Channel(opened);
        } catch (RuntimeException e) {
            for (SinkChannel channel : opened) {
                try {
                    channel.abandon();
                } catch (SinkException alsoFailed) {
                    e.addSuppressed(alsoFailed);
                }
            }
            throw e;
        }
    }

    @Override
    public void reconnect() {
        sink.reconnect();
    }

    @Override
    public void close() {
        sink.close();
    }

    /**
     * The token of a stripe is the last sequence that it was given, so at opening it says nothing of the other stripes' rows; the
     * token of all of them is the greatest sequence before the first one that some stripe may lack.
     */
    private static final class Channel implements SinkChannel {
        private final List<SinkChannel> stripes;
        /** The last sequence that each stripe has or was given. */
        private final long[] given;

        private MissingSequences lost = MissingSequences.NONE;
        /** Up to this one, each stripe was given what is its. */
        private long handedOver;
        /** What was said to be committed. */
        private long reported;

        Channel(List<SinkChannel> stripes) {
            this.stripes = stripes;
            this.given = new long[stripes.size()];
            for (int stripe = 0; stripe < given.length; stripe++) {
                given[stripe] = stripes.get(stripe).committedToken();
            }
            passOver(MissingSequences.NONE);
        }

        @Override
        public void passOver(MissingSequences missing) {
            lost = missing;
            handedOver = Long.MAX_VALUE;
            for (int stripe = 0; stripe < given.length; stripe++) {
                handedOver = Math.min(handedOver, nextOf(stripe, given[stripe]) - 1);
            }
            reported = handedOver;
        }

        /** The first sequence behind another one that the stripe may be given. */
        private long nextOf(int stripe, long behind) {
            int every = given.length;
            long next = behind - Math.floorMod(behind - stripe, every) + every;
            for (Range range : lost.ranges()) {
                if (range.from() <= next && next <= range.to()) {
                    next = range.to() - Math.floorMod(range.to() - stripe, every) + every;
                }
            }
            return next;
        }

        private int stripeOf(long sequence) {
            return (int) (sequence % given.length);
        }

        @Override
        public long committedToken() {
            long all = handedOver;
            for (int stripe = 0; stripe < given.length; stripe++) {
                long token = stripes.get(stripe).committedToken();
                if (token > given[stripe]) {
                    // Not this channel's: whoever asks knows what was never sent.
                    return Math.max(token, handedOver);
                }
                if (token < given[stripe]) {
                    all = Math.min(all, nextOf(stripe, token) - 1);
                }
            }
            // A stripe that had all of its rows may lack a new one, while the sequences between belong to no row.
            reported = Math.max(reported, all);
            return reported;
        }

        /** If a stripe fails, those before it keep what they took; it is passed over when the rows come again. */
        @Override
        public void append(List<SinkRow> rows, long offsetToken) {
            boolean areLettersOfRefusedRows = offsetToken == handedOver;
            for (int stripe = 0; stripe < given.length; stripe++) {
                List<SinkRow> part = new ArrayList<>();
                for (SinkRow row : rows) {
                    if (stripeOf(row.sequence()) == stripe
                            && (areLettersOfRefusedRows || row.sequence() > given[stripe])) {
                        part.add(row);
                    }
                }
                if (!part.isEmpty()) {
                    long last = part.get(part.size() - 1).sequence();
                    long token = Math.max(given[stripe], last);
                    stripes.get(stripe).append(part, token);
                    given[stripe] = token;
                }
            }
            handedOver = offsetToken;
        }

        @Override
        public List<Long> refused(long afterSequence, long upToSequence) {
            List<Long> all = new ArrayList<>();
            for (int stripe = 0; stripe < given.length; stripe++) {
                for (long sequence : stripes.get(stripe).refused(afterSequence, upToSequence)) {
                    if (stripeOf(sequence) == stripe) {
                        all.add(sequence);
                    }
                }
            }
            all.sort(null);
            return all;
        }

        @Override
        public void abandon() {
            closeAll(SinkChannel::abandon);
        }

        @Override
        public void close() {
            closeAll(SinkChannel::close);
        }

        private void closeAll(Consumer<SinkChannel> how) {
            @Nullable SinkException failure = null;
            for (SinkChannel channel : stripes) {
                try {
                    how.accept(channel);
                } catch (SinkException e) {
                    if (failure == null) {
                        failure = e;
                    } else {
                        failure.addSuppressed(e);
                    }
                }
            }
            if (failure != null) {
                throw failure;
            }
        }
    }
}
