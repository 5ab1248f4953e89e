package dev.firn.ingest;

/** What a client does with an event for which there is no room: the ring is full, or the disk nearly is. */
public enum BackPressure {
    /**
     * Waits for room in the ring, up to the emit timeout, then answers {@link EventClient#RING_FULL}. Does not wait for the disk:
     * {@link EventClient#DISK_LOW} comes at once, as room there may be a person's work.
     */
    WAIT,

    /** Answers {@link EventClient#RING_FULL} or {@link EventClient#DISK_LOW} at once. */
    REFUSE,

    /**
     * Waits for ring and disk without a limit: an application that may not go on without its events stops with them. Only an interrupt of
     * the thread, or the end of the client, ends the wait, and the answer says so.
     */
    WAIT_FOR_EVER,

    /**
     * Answers {@link EventClient#DROPPED} at once and counts. As soon as there is room, one {@code pipeline.events_dropped} event, at most one
     * a second, says how many were dropped and between which times, so that the loss is on record where the events would have been.
     */
    DROP_AND_COUNT
}
