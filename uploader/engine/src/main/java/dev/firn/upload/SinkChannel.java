package dev.firn.upload;

import java.util.List;

/** One ordered connection to a {@link Sink}. Not thread-safe. */
public interface SinkChannel extends AutoCloseable {
    /** What {@link #committedToken} answers before anything was committed. */
    long NOTHING = 0;

    /**
     * Is told, before the token is asked for, which sequences the journal lost and no batch will ever have. Only a channel that
     * works out its token from more than one place needs it.
     */
    default void passOver(MissingSequences lost) {}

    /**
     * The offset token of the last batch that is committed, {@link #NOTHING} if there is none. Rows and token are
     * committed together; a token never goes back while a channel is open. Asked again and again while rows are under way: a
     * channel that must ask over a network answers what it learnt last if it asked just now.
     *
     * @throws SinkException if the warehouse cannot be asked
     */
    long committedToken();

    /**
     * Hands rows over, in order. They are committed when {@link #committedToken} has reached the token, which may be
     * later; all of them or none. After a failure with {@link SinkException.Remedy#RETRY} or
     * {@link SinkException.Remedy#DEAD_LETTER} none of the rows was taken, or the channel passes over those that were when
     * they come again.
     *
     * @param rows        at least one
     * @param offsetToken at least that of any batch before; equal only if the rows are dead letters of rows that were
     *                    {@linkplain #refused refused}, for which the token does not move
     * @throws SinkException with the remedy
     */
    void append(List<SinkRow> rows, long offsetToken);

    /**
     * Which sequences the token has passed although the warehouse has no row of them: a warehouse that checks rows after it took
     * them drops those that it refuses. What is appended under such a sequence afterwards and committed ends that. Asked when
     * the channel was opened, for what an earlier uploader left, and then each time the token has moved, so the answer that there is
     * none should cost little.
     *
     * @param afterSequence the range begins behind it
     * @param upToSequence  and ends with it, at most {@link #committedToken}
     * @return in ascending order, the first ones if there are very many; also sequences that never were appended
     * @throws SinkException if the warehouse cannot be asked
     */
    default List<Long> refused(long afterSequence, long upToSequence) {
        return List.of();
    }

    /** Drops a channel that is in doubt: waits for nothing, and what it still holds need not arrive. */
    default void abandon() {
        close();
    }

    /** What was handed over and is not committed may arrive or not; waiting for it is the caller's. */
    @Override
    void close();
}
