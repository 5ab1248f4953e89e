package dev.firn.upload;

import static java.util.Objects.requireNonNull;

import dev.firn.journal.CommittedPosition;
import dev.firn.journal.ProducerId;
import java.nio.file.Path;

/** Where the last committed sequence is kept beside the journal, for the next uploader and for whoever waits or deletes files. */
public interface KeptPosition {
    /** What is kept, 0 if nothing is. */
    long read();

    /** Keeps a sequence. The first one of an uploader may be less than what is kept: the warehouse was set back then. */
    void write(long sequence);

    /**
     * The file {@code committed} of a journal.
     *
     * @param sinkName a position in another sink is none
     * @param producer whose records are committed
     */
    static KeptPosition ofJournal(Path journalDirectory, String sinkName, ProducerId producer) {
        requireNonNull(journalDirectory, "journalDirectory");
        requireNonNull(sinkName, "sinkName");
        requireNonNull(producer, "producer");
        return new KeptPosition() {
            @Override
            public long read() {
                return CommittedPosition.read(journalDirectory)
                        .filter(position -> position.sink().equals(sinkName))
                        .map(CommittedPosition::sequence)
                        .orElse(0L);
            }

            @Override
            public void write(long sequence) {
                new CommittedPosition(sequence, sinkName).write(journalDirectory, producer);
            }
        };
    }
}
