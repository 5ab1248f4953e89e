package dev.firn.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A reader's copy of the list of lost sequences; read again where it does not explain what is seen. One thread. */
final class KnownMissing {
    private final @Nullable Path directory;
    private MissingRanges ranges;

    private KnownMissing(@Nullable Path directory, MissingRanges ranges) {
        this.directory = directory;
        this.ranges = ranges;
    }

    /** As the journal's list says. */
    static KnownMissing of(Path directory) {
        return new KnownMissing(directory, read(directory));
    }

    /** Whatever the journal's list says. */
    static KnownMissing fixed(MissingRanges ranges) {
        return new KnownMissing(null, ranges);
    }

    MissingRanges ranges() {
        return ranges;
    }

    /** True if the list has changed. */
    boolean refresh() {
        if (directory == null) {
            return false;
        }
        MissingRanges before = ranges;
        ranges = read(directory);
        return !ranges.equals(before);
    }

    /** Whether all sequences from first to last are lost. Reads the list again before it says no. */
    boolean cover(long first, long last) {
        return ranges.cover(first, last) || refresh() && ranges.cover(first, last);
    }

    private static MissingRanges read(Path directory) {
        try {
            return MissingRanges.read(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("list of missing sequences not read: directory=" + directory, e);
        }
    }
}
