package dev.firn.journal;

import dev.firn.journal.DamagedJournalException.Damage;
import java.nio.file.Path;
import java.security.DigestException;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;

/** Reads records in order and believes none of them: header, hash and sequence are checked before anyone sees it. One thread. */
final class RecordReader implements AutoCloseable {
    private final Path directory;
    private final QueueCursor cursor;
    private final KnownMissing missing;
    private final RecordLayout layout = new RecordLayout();

    private long nextSequence;
    private boolean positioned;

    RecordReader(SingleChronicleQueue queue, Path directory, Path queueDirectory, KnownMissing missing) {
        this.directory = directory;
        this.missing = missing;
        this.cursor = new QueueCursor(queue, directory, queueDirectory, missing);
    }

    /** Holds the record that {@link #next} found. */
    byte[] buffer() {
        return cursor.buffer();
    }

    int cycle() {
        return cursor.cycle();
    }

    /** The sequence that must come next; 0 while that is the journal's first, whatever it is. */
    long nextSequence() {
        return nextSequence;
    }

    /** What the reader passes over. */
    MissingRanges missing() {
        return missing.ranges();
    }

    /** Where the document of the record in the buffer begins in its file. */
    long document() {
        return cursor.document();
    }

    /** See {@link QueueCursor#sequenceAt}; the reader must be moved afterwards. */
    long sequenceAt(int cycle, long number) {
        positioned = false;
        return cursor.sequenceAt(cycle, number);
    }

    /**
     * The next {@link #next} gives this sequence, 0 for the journal's first; instead of one that is known to be lost, the next that is not.
     * False if neither it nor the one before it is there; it is then looked for again by each {@link #next}.
     */
    boolean seek(long sequence) {
        positioned = false;
        positioned = seekKnowing(sequence) || missing.refresh() && seekKnowing(sequence);
        return positioned;
    }

    private boolean seekKnowing(long sequence) {
        if (sequence == 0) {
            nextSequence = 0;
            return cursor.toFirst();
        }
        nextSequence = missing.ranges().nextPresent(sequence);
        if (cursor.to(nextSequence)) {
            return true;
        }
        long before = missing.ranges().previousPresent(nextSequence);
        return before > 0 && cursor.to(before) && cursor.next();
    }

    /** The oldest record's sequence, 0 if there is none. */
    long firstSequence() {
        return cursor.firstSequence();
    }

    /** Puts the next record into the buffer, verified; false if there is none yet. */
    boolean next() {
        if (!positioned && !seek(nextSequence) || !cursor.next()) {
            return false;
        }
        verify();
        nextSequence = RecordLayout.sequence(buffer()) + 1;
        cursor.lastGoodSequence(nextSequence - 1);
        return true;
    }

    private void verify() {
        String problem = layout.headerProblem(buffer(), cursor.length());
        if (problem != null) {
            throw damaged(Damage.MALFORMED_RECORD, problem);
        }
        long found = RecordLayout.sequence(buffer());
        if (nextSequence != 0 && found != nextSequence && !isBehindAKnownGap(found)) {
            throw damaged(
                    found > nextSequence ? Damage.GAP : Damage.REPEATED,
                    "sequence: expected=" + nextSequence + " found=" + found);
        }
        try {
            problem = layout.hashProblem(buffer());
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 does not fit its buffer", e);
        }
        if (problem != null) {
            throw damaged(Damage.WRONG_HASH, "sequence=" + found + " " + problem);
        }
    }

    private boolean isBehindAKnownGap(long found) {
        return found > nextSequence && missing.cover(nextSequence, found - 1);
    }

    /** Gives the last record again at the next {@link #next}. */
    void unread() {
        nextSequence--;
        positioned = false;
    }

    /**
     * Reads the last record, and then comes to it from the one before: the way to the very last leads over the file's header, so that alone
     * a hole in front of it would go unnoticed.
     */
    void verifyEnd(long last) {
        boolean found = seek(last) && next();
        if (found && !cursor.isFirstInFile()) {
            found = seek(missing.ranges().previousPresent(last)) && next() && next();
        }
        if (!found) {
            throw new DamagedJournalException(
                    Damage.UNREACHABLE, directory, 0, "newest record is there but cannot be reached: sequence=" + last);
        }
    }

    private DamagedJournalException damaged(Damage damage, String what) {
        return new DamagedJournalException(
                damage, directory, Math.max(0, nextSequence - 1), cursor.position() + " " + what);
    }

    @Override
    public void close() {
        cursor.close();
    }
}
