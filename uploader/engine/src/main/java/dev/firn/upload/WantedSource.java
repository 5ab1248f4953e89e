package dev.firn.upload;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Some of a journal's records, which were there when they were chosen; the other ones are passed over as if they
 * were lost.
 */
final class WantedSource implements RecordSource {
    private final RecordSource journal;
    private final SequenceSet wanted;
    private final UnaryOperator<SinkRow> made;
    private final MissingSequences unwanted;
    private final long first;
    private final long last;

    private long next = 1;
    /** The sequence at which the journal goes on. */
    private long journalAt;

    private int emptyPolls;

    /**
     * @param journal is read by nobody else meanwhile, and stays the caller's to close
     * @param made    the rows as they are to be sent
     */
    WantedSource(RecordSource journal, SequenceSet wanted, UnaryOperator<SinkRow> made) {
        this.journal = journal;
        this.wanted = wanted;
        this.made = made;
        List<SequenceSet.Range> between = new ArrayList<>();
        long from = 1;
        for (SequenceSet.Range range : wanted.ranges()) {
            if (range.from() > from) {
                between.add(new SequenceSet.Range(from, range.from() - 1));
            }
            from = range.to() + 1;
        }
        this.unwanted = new MissingSequences(between);
        this.first = from == 1 ? 1 : wanted.next(1);
        this.last = from - 1;
    }

    @Override
    public String producerId() {
        return journal.producerId();
    }

    @Override
    public long firstSequence() {
        return first;
    }

    @Override
    public long lastSequence() {
        return last;
    }

    @Override
    public MissingSequences missing() {
        return unwanted;
    }

    @Override
    public void seek(long sequence) {
        next = sequence;
        journalAt = 0;
        emptyPolls = 0;
    }

    /** @throws IllegalStateException if a wanted record is not there any more */
    @Override
    public int poll(List<SinkRow> rows, int limit) {
        long expected = wanted.next(next);
        if (expected > last) {
            return 0;
        }
        if (expected != journalAt) {
            journal.seek(expected);
            journalAt = expected;
        }
        List<SinkRow> read = new ArrayList<>();
        journal.poll(read, limit);
        // A poll may find nothing once although there is more, while a writer begins a file.
        emptyPolls = read.isEmpty() ? emptyPolls + 1 : 0;
        int taken = 0;
        for (SinkRow row : read) {
            if (row.sequence() > expected) {
                if (taken == 0) {
                    throw gone(expected);
                }
                // The next poll says so.
                return taken;
            }
            if (row.sequence() == expected) {
                rows.add(made.apply(row));
                taken++;
                expected = wanted.next(expected + 1);
            }
            journalAt = row.sequence() + 1;
            next = journalAt;
        }
        if (emptyPolls == MOST_EMPTY_POLLS) {
            throw gone(expected);
        }
        return taken;
    }

    private IllegalStateException gone(long sequence) {
        return new IllegalStateException(
                "the journal does not have a record any more: producer=" + producerId() + " sequence=" + sequence);
    }

    /** What was committed once was on disk before. */
    @Override
    public void force() {}

    @Override
    public void close() {}
}
