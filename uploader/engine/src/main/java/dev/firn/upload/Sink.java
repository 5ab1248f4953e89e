package dev.firn.upload;

/**
 * A warehouse that rows go to: {@code LANDING.RAW_EVENTS} and what is derived from it.
 *
 * <p><b>Threads.</b> One thread opens channels; each channel then belongs to one thread.
 */
public interface Sink extends AutoCloseable {
    /** The kind of warehouse, {@code duckdb}, and what else its tokens depend on; a directory is bound to it by its first upload. */
    String name();

    /**
     * Opens a channel, or opens it again: rows that an earlier holder of it appended and that are not committed are gone
     * afterwards, and its token says which are.
     *
     * @throws SinkException if the warehouse cannot be reached or refuses
     */
    SinkChannel openChannel(ChannelName name);

    /**
     * Replaces a dead connection to the warehouse; channels that were opened before are lost. Does nothing while the connection
     * is fine, so that each of several uploaders may ask for it.
     *
     * @throws SinkException if the warehouse cannot be reached or refuses
     */
    default void reconnect() {}

    /**
     * Lets a channel begin behind a token, as if it had committed everything up to it: for rows that another sink
     * brought into the same tables. Does nothing if the channel has this token already.
     *
     * @throws SinkException with {@link SinkException.Remedy#STOP} if the channel has a greater one, or the sink
     *                       cannot do this; and if the warehouse cannot be reached or refuses
     */
    default void adopt(ChannelName name, long token) {
        throw new SinkException(
                SinkException.Remedy.STOP, "the sink takes nothing over from another one: sink=" + name(), null);
    }

    @Override
    void close();
}
