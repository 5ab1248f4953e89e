package dev.firn.benchmarks.latency;

import java.io.IOException;
import java.sql.SQLException;

/** Takes events of one producer's thread and brings them into files. */
interface Target extends AutoCloseable {
    /** How often threads that sync sleep between two syncs. */
    long SYNC_INTERVAL_MS = 10;

    /** Takes the event with this index among those that were prepared; what it does is what is measured. */
    void accept(int index) throws Exception;

    /**
     * Returns once everything taken is in the file: handed over to the operating system, so that it survives the process.
     *
     * @param taken how many events were taken
     */
    void awaitWritten(long taken) throws Exception;

    @Override
    void close() throws IOException, SQLException;

    /** After {@link #close}: reads the file back and counts the events in it that are whole. */
    long countStored() throws Exception;
}
