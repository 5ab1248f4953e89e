package dev.firn.upload;

import static java.util.Objects.requireNonNull;

/**
 * One ordered, resumable connection.
 *
 * @param kind whether it carries a producer's stream or a replay of a part of it
 * @param id   the producer's id, or the replay's
 */
public record ChannelName(Kind kind, String id) {
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
    }

    public static ChannelName producer(String producerId) {
        return new ChannelName(Kind.PRODUCER, producerId);
    }

    public static ChannelName replay(String replayId) {
        return new ChannelName(Kind.REPLAY, replayId);
    }

    /** The name in the warehouse: the producer's id, or {@code replay-<id>}. */
    @Override
    public String toString() {
        return kind == Kind.PRODUCER ? id : "replay-" + id;
    }
}
