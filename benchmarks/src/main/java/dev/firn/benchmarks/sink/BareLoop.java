package dev.firn.benchmarks.sink;

import dev.firn.upload.SinkRow;
import java.util.List;

/** What one would write around a library to send rows that are in memory. One channel at a time. */
interface BareLoop extends AutoCloseable {
    /** From now on rows go to a new channel. */
    void openChannel(String name) throws Exception;

    /**
     * Hands all rows over, batch by batch, and returns when the last one is committed.
     *
     * @return how often there was no room for a batch
     */
    long send(List<SinkRow> rows, int batchRows) throws Exception;

    @Override
    void close();
}
