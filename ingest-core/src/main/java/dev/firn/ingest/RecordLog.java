package dev.firn.ingest;

import dev.firn.event.Event;
import dev.firn.journal.ProducerId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the client needs of a journal; the tests have one that fails and stalls. */
interface RecordLog extends AutoCloseable {
    ProducerId producerId();

    long lastSequence();

    long durableSequence();

    /** As {@link dev.firn.journal.Journal#add}. */
    long add(long receivedAtMicros, byte[] lane, int laneLength, byte[] canonical, int length);

    /** As {@link dev.firn.journal.Journal#isFull}. */
    boolean isFull();

    /** As {@link dev.firn.journal.Journal#publish}, but false for a full disk. */
    boolean publish();

    /** As {@link dev.firn.journal.Journal#sync}. */
    long sync();

    @Override
    void close();

    /** What the journal found missing and has not yet told of, as events; at once after opening. */
    List<Event> damage();

    /** The events of {@link #damage} are durable. */
    void damageReported();

    /** What an uploader has noted as committed, 0 for nothing. Reads a small file. */
    long committedSequence();

    /** What the file system has left for this process; negative if it does not know. */
    long usableBytes();

    /** Deletes what is committed and old enough; an event that tells of it, if there was anything. */
    Optional<Event> trim(Duration retention, Instant now);

    /** Opens the log of a directory. */
    @FunctionalInterface
    interface Opener {
        RecordLog open(Path directory);
    }
}
