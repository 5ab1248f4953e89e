package dev.firn.upload;

import static java.util.Objects.requireNonNull;

import dev.firn.upload.SinkException.Remedy;
import java.util.List;

/**
 * Moves a producer's stream from one sink to another one that writes into the same tables, so that each event is
 * there once.
 *
 * <p>The sink that is left is asked: to open its channel takes it from whoever still holds it, and what was under
 * way and is not committed by then never will be, as in any recovery. The other one begins behind the token that
 * it answers. If this is interrupted, it is done again; until the data directory is {@linkplain SinkBinding#rebind
 * bound} to the other sink, nothing is sent there.
 *
 * <p>No uploader may run on the journal meanwhile: it would take its channel back and go on.
 */
public final class Handover {
    private final Sink from;
    private final Sink to;

    /** The caller sees to it that both write into the same tables; and closes them. */
    public Handover(Sink from, Sink to) {
        this.from = requireNonNull(from, "from");
        this.to = requireNonNull(to, "to");
    }

    /**
     * Moves one stream.
     *
     * @return the sequence behind which the other sink begins
     * @throws SinkException if one of the sinks fails; with {@link Remedy#STOP} if the other sink has a greater
     *                       token for this producer, or if there are rows that the warehouse refused and whose
     *                       dead letters are still to be sent
     */
    public long move(RecordSource source) {
        ChannelName name = ChannelName.producer(source.producerId());
        long token;
        try (SinkChannel channel = from.openChannel(name)) {
            token = channel.committedToken();
            MissingSequences lost = source.missing();
            List<Long> refused = channel.refused(source.firstSequence() - 1, token).stream()
                    .filter(sequence -> lost.count(sequence, sequence) == 0)
                    .toList();
            if (!refused.isEmpty()) {
                throw new SinkException(
                        Remedy.STOP,
                        "the warehouse refused rows whose dead letters are still to be sent, run the upload until it is done: producer="
                                + name + " rows=" + refused.size() + " first=" + refused.get(0),
                        null);
            }
        }
        if (token != SinkChannel.NOTHING) {
            to.adopt(name, token);
        }
        return token;
    }
}
