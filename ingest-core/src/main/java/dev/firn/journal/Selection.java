package dev.firn.journal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which of the runs that were found are the journal's records: those that make the longest row of rising sequences. Where a part of a file
 * was written over with a part of another one, whole records lie where they do not belong; taken for what they seem they would hide the rest.
 */
final class Selection {
    /** A run that is left out. */
    static final long NOTHING = 0;

    private Selection() {}

    /** For each run of each file the sequence from which on it is taken, {@link #NOTHING} if it is not. */
    static List<long[]> of(List<FileScan.Result> files) {
        List<FileScan.Run> runs =
                files.stream().flatMap(file -> file.runs().stream()).toList();
        long[] from =
                isRising(runs) ? runs.stream().mapToLong(FileScan.Run::first).toArray() : longest(runs);
        List<long[]> parts = new ArrayList<>();
        int at = 0;
        for (FileScan.Result file : files) {
            parts.add(Arrays.copyOfRange(from, at, at + file.runs().size()));
            at += file.runs().size();
        }
        return parts;
    }

    private static boolean isRising(List<FileScan.Run> runs) {
        for (int i = 1; i < runs.size(); i++) {
            if (runs.get(i).first() <= runs.get(i - 1).last()) {
                return false;
            }
        }
        return true;
    }

    /** The number of runs is that of damages; its square is not large. */
    private static long[] longest(List<FileScan.Run> runs) {
        int count = runs.size();
        long[] length = new long[count];
        long[] from = new long[count];
        int[] previous = new int[count];
        int end = -1;
        for (int i = 0; i < count; i++) {
            FileScan.Run run = runs.get(i);
            length[i] = run.count();
            from[i] = run.first();
            previous[i] = -1;
            for (int j = 0; j < i; j++) {
                long start = Math.max(run.first(), runs.get(j).last() + 1);
                if (start <= run.last() && length[j] + run.last() - start + 1 > length[i]) {
                    length[i] = length[j] + run.last() - start + 1;
                    from[i] = start;
                    previous[i] = j;
                }
            }
            end = end < 0 || length[i] > length[end] ? i : end;
        }
        long[] taken = new long[count];
        for (int i = end; i >= 0; i = previous[i]) {
            taken[i] = from[i];
        }
        return taken;
    }
}
