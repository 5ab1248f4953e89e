package dev.firn.upload;

import static java.util.Objects.requireNonNull;

/**
 * One ordered, resumable connection.
 *
 * @param kind       whether it carries a producer's stream or a replay of a part of it
 * @param id         the producer's id, or the replay's
 * @param producerId whose rows it carries
 * @param stripe     which part of the stream it carries, 0 to {@code stripes - 1}: the sequences that leave it
 *                   as remainder
 * @param stripes    into how many the stream is divided, 1 if it is not
 */
public record ChannelName(Kind kind, String id, String producerId, int stripe, int stripes) {
    /** What a channel carries. */
    public enum Kind {
        PRODUCER,
        REPLAY
    }

    public ChannelName {
        requireNonNull(kind, "kind");
        if (id.isBlank()) {
            throw new IllegalArgumentException("channel id must not be blank");
        }
        if (producerId.isBlank()) {
            throw new IllegalArgumentException("producer id must not be blank: channel=" + id);
        }
        if (stripe < 0 || stripe >= stripes) {
            throw new IllegalArgumentException(
                    "stripe must be in 0..stripes-1: stripe=" + stripe + " stripes=" + stripes);
        }
    }

    public static ChannelName producer(String producerId) {
        return new ChannelName(Kind.PRODUCER, producerId, producerId, 0, 1);
    }

    /**
     * @param replayId   another one for each replay
     * @param producerId whose rows are sent again
     */
    public static ChannelName replay(String replayId, String producerId) {
        return new ChannelName(Kind.REPLAY, replayId, producerId, 0, 1);
    }

    /** One of several channels that carry this one's stream together. */
    ChannelName stripe(int number, int of) {
        return new ChannelName(kind, id, producerId, number, of);
    }

    /** The name in the warehouse: the producer's id, or {@code replay-<id>}; that of a stripe ends with {@code -2-of-4}. */
    @Override
    public String toString() {
        String whole = kind == Kind.PRODUCER ? id : "replay-" + id;
        return stripes == 1 ? whole : whole + "-" + stripe + "-of-" + stripes;
    }
}
