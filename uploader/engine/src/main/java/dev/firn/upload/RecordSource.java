package dev.firn.upload;

import java.util.List;

/** Where an uploader reads rows from: one producer's journal. Not thread-safe. */
public interface RecordSource extends AutoCloseable {
    String producerId();

    /** The first sequence that is still there; 1 if nothing was trimmed yet. */
    long firstSequence();

    /** The last sequence that can be read now, 0 if there is none. */
    long lastSequence();

    /** The next row to be read is the one with this sequence. */
    void seek(long sequence);

    /**
     * Adds the next rows to a list, verified, in order and without a gap.
     *
     * @return how many, 0 if there is none at the moment
     */
    int poll(List<SinkRow> rows, int limit);

    /** Returns when everything that was polled is on disk, so that no power cut can give its sequences to other events. */
    void force();

    @Override
    void close();
}
