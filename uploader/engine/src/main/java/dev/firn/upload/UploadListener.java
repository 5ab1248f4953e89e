package dev.firn.upload;

import java.util.List;

/** Is told what an uploader did, on its thread. */
public interface UploadListener {
    /** Hears nothing. */
    UploadListener NONE = new UploadListener() {};

    /**
     * Rows are committed, {@code rows} up to and including the sequence {@code token}. Each row at most once; not those that an
     * earlier uploader sent, nor all of those that a {@link StripedSink} turns out to have when it is opened again.
     */
    default void committed(String producerId, long token, List<SinkRow> rows) {}

    /** A record was refused by the warehouse and set aside as a dead letter. */
    default void deadLettered(String producerId, long sequence) {}

    /** The sink failed; the uploader goes on after a while, as the failure's remedy says. */
    default void retrying(String producerId, int attempt, SinkException failure) {}

    /**
     * Nothing has been committed for too long. Once, until {@link #alarmCleared}; the uploader keeps trying meanwhile.
     *
     * @param reason what happened last, without content
     */
    default void alarm(String producerId, String reason) {}

    /** The upload goes on again. */
    default void alarmCleared(String producerId) {}
}
