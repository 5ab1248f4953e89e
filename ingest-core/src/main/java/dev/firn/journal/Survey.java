package dev.firn.journal;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all files of a journal hold, as {@link FileScan} found it, and which sequences are missing.
 *
 * @param files   oldest first
 * @param missing all sequences that are lost, of those that were known before without what has come back
 * @param found   those that were not known
 * @param last    the last record's sequence, 0 if there is none
 * @param floor   the highest sequence that was ever given, as far as anything tells; {@code last} or more
 */
record Survey(List<Contents> files, MissingRanges missing, List<MissingRange> found, long last, long floor) {
    Survey {
        files = List.copyOf(files);
        found = List.copyOf(found);
    }

    /**
     * A file.
     *
     * @param from    for each run the sequence from which on it is taken
     * @param records how many records are taken
     * @param first   the first one's sequence, 0 if there is none
     * @param last    the last one's
     * @param problem why it must be replaced, or null
     */
    record Contents(
            FileScan.Result scan,
            List<Long> from,
            long records,
            long first,
            long last,
            @Nullable String problem) {
        static Contents of(FileScan.Result scan, long[] from) {
            long records = 0;
            long first = 0;
            long last = 0;
            String problem = scan.problem();
            for (int i = 0; i < from.length; i++) {
                FileScan.Run run = scan.runs().get(i);
                if (from[i] != run.first() && problem == null) {
                    problem = "records where they do not belong: first=" + run.first() + " last=" + run.last();
                }
                if (from[i] != Selection.NOTHING) {
                    records += run.last() - from[i] + 1;
                    first = first == 0 ? from[i] : first;
                    last = run.last();
                }
            }
            return new Contents(scan, Arrays.stream(from).boxed().toList(), records, first, last, problem);
        }

        CycleFile file() {
            return scan.file();
        }

        String name() {
            return scan.file().name();
        }

        /** Whether a record that is found again in this file is one of those that are taken. */
        boolean takes(int run, long sequence) {
            return run < from.size() && from.get(run) != Selection.NOTHING && sequence >= from.get(run);
        }
    }

    /** Reads all files. */
    static Survey of(List<CycleFile> files, Bounds bounds, MissingRanges known, Instant now) throws IOException {
        return of(files, List.of(), bounds, known, now);
    }

    /** Reads all files but those that were read before and have not changed since. */
    static Survey of(List<CycleFile> files, List<Contents> unchanged, Bounds bounds, MissingRanges known, Instant now)
            throws IOException {
        Map<CycleFile, FileScan.Result> readBefore = new HashMap<>();
        unchanged.forEach(contents -> readBefore.put(contents.file(), contents.scan()));
        List<FileScan.Result> scans = new ArrayList<>();
        for (CycleFile file : files) {
            FileScan.@Nullable Result before = readBefore.get(file);
            boolean newest = scans.size() == files.size() - 1;
            scans.add(before == null ? FileScan.scan(file, newest, bounds.floor(), FileScan.Target.NONE) : before);
        }
        List<long[]> taken = Selection.of(scans);
        List<Contents> contents = new ArrayList<>();
        for (int i = 0; i < scans.size(); i++) {
            contents.add(Contents.of(scans.get(i), taken.get(i)));
        }
        return new Summary(bounds, known, now).of(contents);
    }

    /** Goes through all records that are taken, in order. */
    private static final class Summary {
        private final Bounds bounds;
        private final Instant now;
        private final List<MissingRange> absent = new ArrayList<>();
        private MissingRanges missing;
        private long last;
        private long highest;

        Summary(Bounds bounds, MissingRanges known, Instant now) {
            this.bounds = bounds;
            this.missing = known;
            this.highest = Math.max(bounds.floor(), known.last());
            this.now = now;
        }

        Survey of(List<Contents> files) {
            Contents before = null;
            for (Contents file : files) {
                highest = Math.max(highest, file.scan().highestSequence());
                addRuns(file, before, bounds.headFloor(files.get(0).file()));
                // Of several damaged ones the first is named.
                before = before != null && file.records() == 0 && before.scan().tailDamage() != null ? before : file;
            }
            long floor = Math.max(last, highest);
            long lowest = last == 0 ? bounds.headFloorWithoutFiles() : last;
            if (floor > lowest) {
                absent.add(range(lowest + 1, floor, end(before)));
            }
            List<MissingRange> found = missing.unknownOf(absent);
            return new Survey(files, missing.with(found), found, last, floor);
        }

        private void addRuns(Contents file, @Nullable Contents before, long headFloor) {
            List<FileScan.Run> runs = file.scan().runs();
            boolean leftOut = false;
            for (int i = 0; i < runs.size(); i++) {
                FileScan.Run run = runs.get(i);
                long from = file.from().get(i);
                if (from == Selection.NOTHING) {
                    leftOut = true;
                    continue;
                }
                long expected = last == 0 ? headFloor + 1 : last + 1;
                if (from > expected) {
                    Place place = leftOut
                            ? new Place(Damage.REPEATED, file.name())
                            : i == 0 ? between(before, file) : new Place(run.before(), file.name());
                    absent.add(range(expected, from - 1, place));
                }
                leftOut = false;
                last = run.last();
                missing = missing.without(from, last);
            }
        }

        private MissingRange range(long first, long to, Place place) {
            return new MissingRange(first, to, place.damage(), place.file(), now);
        }

        /** What became of records in front of a file's first one: they were in the file before, in this one, or in one that is gone. */
        private static Place between(@Nullable Contents before, Contents file) {
            boolean endedWell = before == null || before.scan().tailDamage() == null;
            return endedWell && file.scan().headDamage() != Damage.GAP
                    ? new Place(file.scan().headDamage(), file.name())
                    : end(before);
        }

        private static Place end(@Nullable Contents file) {
            return file != null && file.scan().tailDamage() != null
                    ? new Place(file.scan().tailDamage(), file.name())
                    : new Place(Damage.GAP, MissingRange.UNKNOWN_FILE);
        }
    }

    private record Place(Damage damage, String file) {}

    /**
     * What is known of the journal but for its records.
     *
     * @param state     what the last writer left, with defaults if nothing can be believed
     * @param committed what the warehouse has
     */
    record Bounds(JournalState state, long committed) {
        long floor() {
            return Math.max(state.durable(), committed);
        }

        /**
         * Sequences up to here may rightly be absent in front of the first record: their files were trimmed. That happens only to what is
         * committed, and not to a file that was there and still is.
         */
        long headFloor(CycleFile oldest) {
            return state.oldestCycle() == oldest.cycle() && state.oldestSequence() > 0
                    ? state.oldestSequence() - 1
                    : committed;
        }

        /** The newest file is never trimmed. */
        long headFloorWithoutFiles() {
            return Math.max(0, state.oldestSequence() - 1);
        }
    }

    long records() {
        return files.stream().mapToLong(Contents::records).sum();
    }
}
