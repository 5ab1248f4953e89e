package dev.firn.upload;

import java.util.List;

/** One ordered connection to a {@link Sink}. Not thread-safe. */
public interface SinkChannel extends AutoCloseable {
    /** What {@link #committedToken} answers before anything was committed. */
    long NOTHING = 0;

    /**
     * The offset token of the last batch that is committed, {@link #NOTHING} if there is none. Rows and token are
     * committed together; a token never goes back while a channel is open.
     *
     * @throws SinkException if the warehouse cannot be asked
     */
    long committedToken();

    /**
     * Hands rows over, in order. They are committed when {@link #committedToken} has reached the token, which may be
     * later; all of them or none.
     *
     * @param rows        at least one
     * @param offsetToken greater than that of any batch before
     * @throws SinkException with the remedy; with {@link SinkException.Remedy#DEAD_LETTER} none of the rows was taken
     */
    void append(List<SinkRow> rows, long offsetToken);

    /**
     * Sequences for which the warehouse moved the token and did not keep the row, as one does that checks rows after it has
     * acknowledged them. Asked after each advance of the token, so it costs nothing while there are none.
     *
     * @param afterSequence exclusive
     * @param upToSequence  inclusive, at most the committed token
     * @return in ascending order
     * @throws SinkException if the warehouse cannot be asked
     */
    default List<Long> refused(long afterSequence, long upToSequence) {
        return List.of();
    }

    /** Gives the channel up without waiting for anything. */
    default void abandon() {
        close();
    }

    @Override
    void close();
}
