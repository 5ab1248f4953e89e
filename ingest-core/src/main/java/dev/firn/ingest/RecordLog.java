package dev.firn.ingest;

import dev.firn.journal.Journal;
import dev.firn.journal.ProducerId;
import java.nio.file.Path;

/** What the client needs of a journal; the tests have one that fails and stalls. The methods promise what {@link Journal}'s do. */
interface RecordLog extends AutoCloseable {
    ProducerId producerId();

    long lastSequence();

    long durableSequence();

    long append(long receivedAtMicros, byte[] lane, int laneLength, byte[] canonical, int length);

    long sync();

    @Override
    void close();

    /** Opens the log of a directory. */
    @FunctionalInterface
    interface Opener {
        RecordLog open(Path directory);
    }

    static RecordLog open(Path directory) {
        Journal journal = Journal.open(directory);
        return new RecordLog() {
            @Override
            public ProducerId producerId() {
                return journal.producerId();
            }

            @Override
            public long lastSequence() {
                return journal.lastSequence();
            }

            @Override
            public long durableSequence() {
                return journal.durableSequence();
            }

            @Override
            public long append(long receivedAtMicros, byte[] lane, int laneLength, byte[] canonical, int length) {
                return journal.append(receivedAtMicros, lane, laneLength, canonical, length);
            }

            @Override
            public long sync() {
                return journal.sync();
            }

            @Override
            public void close() {
                journal.close();
            }
        };
    }
}
