package dev.firn.ingest;

/** Hears how far the warehouse has come with a client's events. */
@FunctionalInterface
public interface DeliveryListener {
    /**
     * Every event up to this sequence is in the warehouse. Called on a thread of the client's own, with rising sequences, about a tenth of a
     * second after the uploader noted it; not for each sequence. What it throws is logged and ends nothing. It may emit, but waits for
     * nothing: on this thread {@code emit}, {@code flush} and the like answer at once.
     */
    void committed(long sequence);
}
