package dev.firn.upload;

/**
 * A warehouse that rows go to: {@code LANDING.RAW_EVENTS} and what is derived from it.
 *
 * <p><b>Threads.</b> One thread opens channels; each channel then belongs to one thread.
 */
public interface Sink extends AutoCloseable {
    /** The kind of warehouse, {@code duckdb}; a data directory is bound to it by its first upload. */
    String name();

    /**
     * Opens a channel, or opens it again: rows that an earlier holder of it appended and that are not committed are gone
     * afterwards, and its token says which are.
     *
     * @throws SinkException if the warehouse cannot be reached or refuses
     */
    SinkChannel openChannel(ChannelName name);

    /**
     * Replaces a dead connection to the warehouse; channels that were opened over it are lost. Does nothing while the
     * connection is fine.
     */
    default void reconnect() {}

    @Override
    void close();
}
