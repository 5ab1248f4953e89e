package dev.firn.journal;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
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
record Survey(List<FileScan.Result> files, MissingRanges missing, List<MissingRange> found, long last, long floor) {
    Survey {
        files = List.copyOf(files);
        found = List.copyOf(found);
    }

    /** Reads all files. */
    static Survey of(List<CycleFile> files, Bounds bounds, MissingRanges known, Instant now) throws IOException {
        return of(files, List.of(), bounds, known, now);
    }

    /** Reads all files but those that were read before and have not changed since. */
    static Survey of(
            List<CycleFile> files, List<FileScan.Result> unchanged, Bounds bounds, MissingRanges known, Instant now)
            throws IOException {
        Map<CycleFile, FileScan.Result> readBefore = new HashMap<>();
        unchanged.forEach(result -> readBefore.put(result.file(), result));
        List<FileScan.Result> results = new ArrayList<>();
        List<MissingRange> absent = new ArrayList<>();
        MissingRanges missing = known;
        long last = 0;
        long highest = 0;
        FileScan.@Nullable Result before = null;
        for (int i = 0; i < files.size(); i++) {
            CycleFile file = files.get(i);
            FileScan.@Nullable Result result = readBefore.get(file);
            if (result == null) {
                result = FileScan.scan(file, last == 0 ? 0 : last + 1, i == files.size() - 1, (record, length) -> {});
            }
            results.add(result);
            highest = Math.max(highest, result.highestSequence());
            if (result.records() > 0) {
                long headFloor = bounds.headFloor(files.get(0));
                if (last == 0 && result.first() > headFloor + 1) {
                    absent.add(range(headFloor + 1, result.first() - 1, between(before, result), now));
                }
                for (FileScan.Gap gap : result.gaps()) {
                    Place place = gap.last() == result.first() - 1
                            ? between(before, result)
                            : new Place(gap.damage(), file.name());
                    absent.add(range(gap.first(), gap.last(), place, now));
                }
                missing = withoutPresent(missing, result);
                last = result.last();
            }
            // Of several damaged ones the first is named.
            before = before != null && result.records() == 0 && before.tailDamage() != null ? before : result;
        }
        long floor = Math.max(Math.max(last, highest), Math.max(bounds.floor(), known.last()));
        long lowest = last == 0 ? bounds.headFloorWithoutFiles() : last;
        if (floor > lowest) {
            absent.add(range(lowest + 1, floor, end(before), now));
        }
        List<MissingRange> found = missing.unknownOf(absent);
        return new Survey(results, missing.with(found), found, last, floor);
    }

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

    private record Place(Damage damage, String file) {}

    private static MissingRange range(long first, long last, Place place, Instant now) {
        return new MissingRange(first, last, place.damage(), place.file(), now);
    }

    /** What became of records in front of a file's first one: they may have been in the file before, or in one that is gone. */
    private static Place between(FileScan.@Nullable Result before, FileScan.Result file) {
        if (file.headDamage() != null && (before == null || before.tailDamage() == null)) {
            return new Place(file.headDamage(), file.file().name());
        }
        return end(before);
    }

    private static Place end(FileScan.@Nullable Result file) {
        if (file != null && file.tailDamage() != null) {
            return new Place(file.tailDamage(), file.file().name());
        }
        return new Place(Damage.GAP, MissingRange.UNKNOWN_FILE);
    }

    private static MissingRanges withoutPresent(MissingRanges missing, FileScan.Result result) {
        MissingRanges rest = missing;
        long from = result.first();
        for (FileScan.Gap gap : result.gaps()) {
            if (gap.first() > from) {
                rest = rest.without(from, gap.first() - 1);
            }
            from = Math.max(from, gap.last() + 1);
        }
        return rest.without(from, result.last());
    }

    long records() {
        return files.stream().mapToLong(FileScan.Result::records).sum();
    }
}
