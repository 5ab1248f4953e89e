package dev.firn.upload;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Rows could not be appended or committed. The uploader acts on {@link #remedy}; nobody parses the text, which never
 * shows content.
 */
public final class SinkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What an uploader does about it. */
    public enum Remedy {
        /**
         * Nothing was taken, for want of room perhaps: after a while hand the same rows over again on the same channel. If
         * that fails too often although nothing is under way, the channel is opened again all the same.
         */
        RETRY,
        /** Open the channel again, after a while, and read on from its committed token. */
        REOPEN,
        /** The connection is dead, and with it all its channels: {@link Sink#reconnect}, then open the channel again. */
        RECREATE,
        /** The content of at least one of the rows is refused: find it and set it aside. */
        DEAD_LETTER,
        /** Nothing that an uploader can do: an operator must. */
        STOP
    }

    private final Remedy remedy;

    public SinkException(Remedy remedy, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.remedy = requireNonNull(remedy, "remedy");
    }

    public Remedy remedy() {
        return remedy;
    }
}
