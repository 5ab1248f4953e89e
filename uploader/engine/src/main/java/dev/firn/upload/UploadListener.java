package dev.firn.upload;

import java.util.List;

/** Is told what an uploader did, on its thread. */
public interface UploadListener {
    /** Hears nothing. */
    UploadListener NONE = new UploadListener() {};

    /** Rows are committed, {@code rows} up to and including the sequence {@code token}. */
    default void committed(String producerId, long token, List<SinkRow> rows) {}

    /** A record was refused by the warehouse and set aside as a dead letter. */
    default void deadLettered(String producerId, long sequence) {}

    /** The sink failed; the uploader reads on from the committed token after a while. */
    default void retrying(String producerId, int attempt, SinkException failure) {}
}
