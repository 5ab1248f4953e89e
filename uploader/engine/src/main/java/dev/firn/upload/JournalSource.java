package dev.firn.upload;

import dev.firn.event.CanonicalReader;
import dev.firn.journal.JournalReader;
import dev.firn.journal.JournalRecord;
import java.nio.file.Path;
import java.util.List;

/** Rows out of a journal's files, as they are written by this process or another one. */
public final class JournalSource implements RecordSource {
    private final JournalReader reader;
    private final String producerId;
    private final CanonicalReader fields = new CanonicalReader();

    private JournalSource(JournalReader reader) {
        this.reader = reader;
        this.producerId = reader.producerId().toString();
    }

    /** @param journalDirectory one producer's journal */
    public static JournalSource open(Path journalDirectory) {
        return new JournalSource(JournalReader.open(journalDirectory));
    }

    @Override
    public String producerId() {
        return producerId;
    }

    @Override
    public long firstSequence() {
        return Math.max(1, reader.firstSequence());
    }

    @Override
    public long lastSequence() {
        return reader.lastSequence();
    }

    @Override
    public MissingSequences missing() {
        return new MissingSequences(reader.missing().stream()
                .map(lost -> new SequenceSet.Range(lost.first(), lost.last()))
                .toList());
    }

    @Override
    public void seek(long sequence) {
        reader.seek(sequence);
    }

    @Override
    public int poll(List<SinkRow> rows, int limit) {
        return reader.poll(journaled -> rows.add(row(journaled)), limit);
    }

    private SinkRow row(JournalRecord journaled) {
        fields.read(journaled.buffer(), journaled.canonicalOffset(), journaled.canonicalLength());
        return new SinkRow(
                journaled.eventId(),
                fields.occurredAtMicros(),
                fields.tenantId(),
                fields.action(),
                fields.actorId(),
                fields.objectType(),
                fields.objectId(),
                journaled.canonical(),
                journaled.lane(),
                journaled.receivedAtMicros(),
                producerId,
                journaled.sequence());
    }

    @Override
    public void force() {
        reader.force();
    }

    @Override
    public void close() {
        reader.close();
    }
}
