package dev.firn.benchmarks.latency;

import dev.firn.ingest.IngestConfig;
import dev.firn.journal.Journal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Encodes, hashes and appends to the journal, a Chronicle Queue, on the caller's thread under a lock; the same group sync as Firn's. */
final class JournalTarget implements Target {
    private final Path directory;
    private final Journal journal;
    private final GroupSync sync;
    private final ChatMessage[] messages;
    private final LineEncoder encoder = new LineEncoder();
    private final byte[] lane = IngestConfig.DEFAULT_SOURCE_LANE.getBytes(StandardCharsets.US_ASCII);
    private final byte[] canonical = new byte[Journal.MAX_CANONICAL_BYTES];

    JournalTarget(Path directory, ChatMessage[] messages) {
        this.directory = directory;
        this.messages = messages;
        this.journal = Journal.open(directory);
        this.sync = new GroupSync(journal);
    }

    @Override
    public synchronized void accept(int index) {
        int length = encoder.canonical(messages[index]);
        System.arraycopy(encoder.buffer(), LineEncoder.CANONICAL_OFFSET, canonical, 0, length);
        journal.append(System.currentTimeMillis() * 1_000, lane, lane.length, canonical, length);
    }

    @Override
    public void awaitWritten(long taken) {
        // An append that has returned is in the mapped file.
    }

    @Override
    public void close() {
        try (journal;
                sync) {
            // Closing is all.
        }
    }

    @Override
    public long countStored() {
        return Stored.records(directory);
    }
}
