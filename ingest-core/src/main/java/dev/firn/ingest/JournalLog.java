package dev.firn.ingest;

import dev.firn.event.Event;
import dev.firn.event.PipelineEvents;
import dev.firn.journal.CommittedPosition;
import dev.firn.journal.Journal;
import dev.firn.journal.JournalTrimmer;
import dev.firn.journal.ProducerId;
import dev.firn.journal.TrimReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The log that a client writes in production: a journal. */
final class JournalLog implements RecordLog {
    private final Journal journal;
    private final FileStore fileStore;

    private JournalLog(Journal journal) throws IOException {
        this.journal = journal;
        this.fileStore = Files.getFileStore(journal.directory());
    }

    private static JournalLog open(Path directory) {
        Journal journal = Journal.open(directory);
        try {
            return new JournalLog(journal);
        } catch (IOException e) {
            journal.close();
            throw new UncheckedIOException("file system not known: directory=" + directory, e);
        }
    }

    static RecordLog open(IngestConfig config) {
        JournalLog log = open(config.directory());
        if (config.warmUp()) {
            WarmUp.once(config, JournalLog::open);
        }
        return log;
    }

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
    public long add(long receivedAtMicros, byte[] lane, int laneLength, byte[] canonical, int length) {
        return journal.add(receivedAtMicros, lane, laneLength, canonical, length);
    }

    @Override
    public boolean isFull() {
        return journal.isFull();
    }

    @Override
    public long sync() {
        return journal.sync();
    }

    /** What fails although the disk is not full stays a failure. */
    @Override
    public boolean publish() {
        try {
            journal.publish();
            return true;
        } catch (UncheckedIOException e) {
            if (usableBytes() < IngestConfig.LEAST_MIN_FREE_BYTES) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        journal.close();
    }

    @Override
    public List<Event> damage() {
        String producer = producerId().toString();
        return journal.unreportedDamage().stream()
                .map(missing -> PipelineEvents.journalDamaged(
                        producer,
                        missing.first(),
                        missing.last(),
                        missing.damage().name(),
                        missing.file(),
                        missing.foundAt()))
                .toList();
    }

    @Override
    public void damageReported() {
        journal.damageReported();
    }

    @Override
    public long committedSequence() {
        return CommittedPosition.read(journal.directory())
                .map(CommittedPosition::sequence)
                .orElse(0L);
    }

    @Override
    public long usableBytes() {
        try {
            return fileStore.getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException("free space not known: directory=" + journal.directory(), e);
        }
    }

    @Override
    public Optional<Event> trim(Duration retention, Instant now) {
        TrimReport report = JournalTrimmer.trim(journal.directory(), retention, now);
        if (report.deleted().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(PipelineEvents.journalTrimmed(
                producerId().toString(),
                report.firstSequence(),
                report.lastSequence(),
                report.deleted().size(),
                report.bytes(),
                now));
    }
}
