package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import dev.firn.journal.DamagedJournalException.Damage;
import java.time.Instant;

/**
 * Sequences whose records are lost. They are never given to other events.
 *
 * @param first   the first of them
 * @param last    the last of them, included
 * @param damage  what became of them
 * @param file    the file they were in, {@link #UNKNOWN_FILE} if that is gone
 * @param foundAt when that was found
 */
public record MissingRange(long first, long last, Damage damage, String file, Instant foundAt) {
    public static final String UNKNOWN_FILE = "unknown";

    public MissingRange {
        requireNonNull(damage, "damage");
        requireNonNull(file, "file");
        requireNonNull(foundAt, "foundAt");
        if (first < 1 || last < first) {
            throw new IllegalArgumentException("range must not be empty: first=" + first + " last=" + last);
        }
        if (file.isEmpty() || file.chars().anyMatch(c -> c <= ' ')) {
            throw new IllegalArgumentException("file must be a name without spaces: file=" + file);
        }
    }

    /** How many sequences. */
    public long count() {
        return last - first + 1;
    }

    MissingRange of(long newFirst, long newLast) {
        return new MissingRange(newFirst, newLast, damage, file, foundAt);
    }

    boolean contains(long sequence) {
        return first <= sequence && sequence <= last;
    }
}
