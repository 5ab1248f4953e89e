package dev.firn.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a journal's ends and seams, and at each record since the durable point unless it was closed in order. What it finds is only that
 * something is wrong; what that is, {@link Survey} tells.
 *
 * <p>Costs some hundred microseconds for each file, and what there is behind the durable point.
 */
final class QuickCheck {
    private final Path directory;
    private final Path queueDirectory;
    private final Survey.Bounds bounds;
    private final boolean stateKnown;
    private final boolean wasCut;

    private MissingRanges missing = MissingRanges.NONE;
    private long lastRecord;
    private int nextCycle;

    QuickCheck(Path directory, Survey.Bounds bounds, boolean stateKnown, boolean wasCut) {
        this.directory = directory;
        this.queueDirectory = directory.resolve(Journal.QUEUE_DIRECTORY);
        this.bounds = bounds;
        this.stateKnown = stateKnown;
        this.wasCut = wasCut;
    }

    MissingRanges missing() {
        return missing;
    }

    /** The last sequence that was given. */
    long lastSequence() {
        return Math.max(lastRecord, missing.last());
    }

    /** The earliest file that may take records. */
    int nextCycle() {
        return nextCycle;
    }

    /** Why everything must be looked at, or null. */
    @Nullable
    String problem(List<CycleFile> files) throws IOException {
        try {
            missing = MissingRanges.read(directory);
            String problem = files.isEmpty() ? null : problemOf(files);
            return problem == null ? problemOfEnd(files) : problem;
        } catch (UncheckedIOException e) {
            throw e;
        } catch (RuntimeException | InternalError | AssertionError e) {
            return String.valueOf(e.getMessage());
        }
    }

    private @Nullable String problemOfEnd(List<CycleFile> files) {
        long floor = bounds.floor();
        if (floor > lastRecord && !missing.cover(lastRecord + 1, floor)) {
            return "records are missing at the end: last=" + lastRecord + " expected=" + floor;
        }
        boolean isNew = files.isEmpty() && floor == 0 && missing.last() == 0;
        if (!stateKnown && !isNew) {
            return "no durable point is known: file=" + JournalState.FILE_NAME;
        }
        return bounds.state().closed() && lastRecord > bounds.state().durable()
                ? "records were added since it was closed: last=" + lastRecord + " expected=" + floor
                : null;
    }

    private @Nullable String problemOf(List<CycleFile> files) throws IOException {
        List<Long> firsts = new ArrayList<>();
        for (CycleFile file : files) {
            long first = file.isWhole() ? file.firstSequence() : 0;
            if (first == 0) {
                return "file does not begin with a record: file=" + file.name();
            }
            firsts.add(first);
        }
        long headFloor = bounds.headFloor(files.get(0));
        if (firsts.get(0) > headFloor + 1 && !missing.cover(headFloor + 1, firsts.get(0) - 1)) {
            return "records are missing at the beginning: first=" + firsts.get(0) + " expected=" + (headFloor + 1);
        }
        CycleFile newest = files.get(files.size() - 1);
        try (JournalSource source = JournalSource.open(directory, queueDirectory, KnownMissing.fixed(missing))) {
            source.end().refresh();
            source.end().throwIfDamaged(0);
            lastRecord = source.end().sequence();
            String problem = problemOfSeams(source.records(), files, firsts);
            if (problem == null && stateKnown && !bounds.state().closed()) {
                problem = problemBehindDurable(source.records(), files, firsts);
            }
            if (problem == null) {
                source.records().verifyEnd(lastRecord);
                nextCycle = newest.cycle()
                        + (wasCut || isEnded(newest, source.records().document()) ? 1 : 0);
            }
            return problem;
        }
    }

    private static boolean isEnded(CycleFile file, long lastDocument) throws IOException {
        try (DocumentFile documents = DocumentFile.open(file.path())) {
            return documents.isEndedBehind(lastDocument);
        }
    }

    /** From each file's last record a reader must come to the next file's first. */
    private @Nullable String problemOfSeams(RecordReader records, List<CycleFile> files, List<Long> firsts) {
        for (int i = 1; i < files.size(); i++) {
            long before = missing.previousPresent(firsts.get(i));
            boolean joined = records.seek(before)
                    && records.next()
                    && records.cycle() == files.get(i - 1).cycle()
                    && records.next()
                    && records.cycle() == files.get(i).cycle();
            if (!joined) {
                return "no way from a file to the next: sequence=" + before + " file="
                        + files.get(i).name();
            }
        }
        return null;
    }

    private @Nullable String problemBehindDurable(RecordReader records, List<CycleFile> files, List<Long> firsts)
            throws IOException {
        long durable =
                missing.previousPresent(Math.min(lastRecord, bounds.state().durable()) + 1);
        long expected = firsts.get(0);
        long document = 0;
        int cycle = files.get(0).cycle();
        if (durable >= expected) {
            if (!records.seek(durable) || !records.next() || records.nextSequence() != durable + 1) {
                return "durable record cannot be reached: sequence=" + durable;
            }
            expected = durable;
            document = records.document();
            cycle = records.cycle();
        }
        long from = expected;
        for (int i = 0; i < files.size(); i++) {
            CycleFile file = files.get(i);
            if (file.cycle() >= cycle) {
                FileScan.Result result =
                        FileScan.scan(file, document, i == files.size() - 1, bounds.floor(), FileScan.Target.NONE);
                if (result.problem() != null) {
                    return "file=" + file.name() + " " + result.problem();
                }
                for (FileScan.Run run : result.runs()) {
                    if (run.first() < expected || !missing.cover(expected, run.first() - 1)) {
                        return "file=" + file.name() + " sequence: expected=" + expected + " found=" + run.first();
                    }
                    expected = run.last() + 1;
                }
                document = 0;
            }
        }
        return expected - 1 == lastRecord
                ? problemOfReading(records, from)
                : "newest record is another: expected=" + (expected - 1) + " found=" + lastRecord;
    }

    /** The queue itself must get to the end, and where the machine went down its index must be right too. */
    private @Nullable String problemOfReading(RecordReader records, long from) {
        records.seek(from);
        while (records.next()) {
            // Each is verified.
        }
        if (records.nextSequence() != lastRecord + 1) {
            return "no way to the newest record: reached=" + (records.nextSequence() - 1) + " newest=" + lastRecord;
        }
        for (long sequence = from; wasCut && sequence <= lastRecord; sequence += FileScan.SAMPLE_RECORDS) {
            if (!records.seek(sequence) || !records.next()) {
                return "record cannot be reached: sequence=" + sequence;
            }
        }
        return null;
    }
}
