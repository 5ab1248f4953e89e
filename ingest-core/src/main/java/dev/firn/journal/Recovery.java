package dev.firn.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a journal fit to be opened. After an orderly end it looks at the ends of the files only; after another end also at every record since
 * the last durable one; and where anything is wrong, at everything, and repairs it.
 *
 * <p>For the only writer, while it has no queue open; {@link #check} for anybody.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    /** Damage that only the queue sees can be behind damage that only the queue sees. */
    private static final int MAX_ROUNDS = 3;
    /** What the queue says where there are no files. */
    private static final int NO_LAST_CYCLE = Integer.MIN_VALUE;

    private final Path directory;
    private final Path queueDirectory;
    private final Surroundings surroundings;
    private final Repair repair;

    /**
     * How a journal was found or left.
     *
     * @param lastSequence the last one that is given
     * @param minimumCycle the earliest file that may take records
     * @param missing      what is lost
     * @param report       what was done, if everything was looked at
     */
    record Outcome(long lastSequence, int minimumCycle, MissingRanges missing, Optional<RepairReport> report) {}

    Recovery(Path directory, Surroundings surroundings) {
        this.directory = directory;
        this.queueDirectory = directory.resolve(Journal.QUEUE_DIRECTORY);
        this.surroundings = surroundings;
        this.repair = new Repair(directory, surroundings);
    }

    /** @param everything look at every record, whatever state the journal seems to be in */
    Outcome run(boolean everything) throws IOException {
        List<CycleFile> files = CycleFile.listWithoutUnfinished(queueDirectory);
        Optional<JournalState> known = JournalState.read(directory);
        Survey.Bounds bounds = bounds(known);
        boolean wasCut =
                known.isPresent() && !known.get().closed() && !known.get().isOfThisBoot();
        String reason =
                everything ? "it was asked for" : Suspicion.read(directory).orElse(null);
        if (reason == null) {
            if (wasCut || !isTableRight(files)) {
                // Holds nothing that cannot be found again.
                repair.renewTable();
            }
            QuickCheck quick = new QuickCheck(directory, bounds, known.isPresent(), wasCut);
            reason = quick.problem(files);
            if (reason == null) {
                int cycle = Math.max(bounds.state().minimumCycle(), quick.nextCycle());
                return new Outcome(quick.lastSequence(), cycle, quick.missing(), Optional.empty());
            }
        }
        LOG.warn("journal is verified: directory={} reason={}", directory, reason);
        Suspicion.note(directory, reason);
        Outcome outcome = repair(files, bounds, wasCut);
        surroundings.reached("repaired");
        Suspicion.clear(directory);
        return outcome;
    }

    private boolean isTableRight(List<CycleFile> files) throws IOException {
        if (files.isEmpty() && !Files.exists(queueDirectory.resolve(Queues.TABLE))) {
            return true;
        }
        if (!Queues.isTableSound(queueDirectory)) {
            return false;
        }
        try (SingleChronicleQueue queue = Queues.openForWriting(queueDirectory, new MonotoneTime(0))) {
            Queues.forgetKilledWriter(queue);
            return queue.lastCycle()
                    == (files.isEmpty()
                            ? NO_LAST_CYCLE
                            : files.get(files.size() - 1).cycle());
        } catch (Exception | InternalError | AssertionError e) {
            LOG.warn("journal's table of files cannot be used: directory={}", directory, e);
            return false;
        }
    }

    private Survey.Bounds bounds(Optional<JournalState> known) {
        return new Survey.Bounds(
                known.orElse(new JournalState(false, 0, JournalState.NO_CYCLE, 0, 0, "")),
                CommittedPosition.read(directory)
                        .map(CommittedPosition::sequence)
                        .orElse(0L));
    }

    private Outcome repair(List<CycleFile> files, Survey.Bounds bounds, boolean wasCut) throws IOException {
        List<String> setAside = new ArrayList<>();
        MissingRanges before = missingKnownBefore(setAside);
        repair.removeScratch();
        Survey first = Survey.of(files, bounds, before, surroundings.now());
        List<Survey.Contents> bad = damaged(first);
        if (!bad.isEmpty()) {
            repair.requireRoom(
                    bad.stream().mapToLong(file -> file.scan().endOffset()).sum());
        }
        if (!first.missing().equals(before)) {
            first.missing().write(directory);
            surroundings.reached("missing sequences noted");
        }
        for (MissingRange range : first.found()) {
            LOG.warn("journal records lost: directory={} {}", directory, range);
        }
        long salvaged = 0;
        Survey survey = first;
        for (int round = 0; round == 0 || !bad.isEmpty(); round++) {
            if (round == MAX_ROUNDS) {
                throw new IOException("journal files cannot be read after they were made anew: " + names(bad));
            }
            if (!bad.isEmpty()) {
                replace(survey, bad, bounds.floor());
                salvaged += bad.stream().mapToLong(Survey.Contents::records).sum();
                setAside.addAll(names(bad));
                List<Survey.Contents> unchanged = new ArrayList<>(survey.files());
                unchanged.removeAll(bad);
                survey = Survey.of(
                        CycleFile.list(queueDirectory), unchanged, bounds, survey.missing(), surroundings.now());
            }
            repair.renewTable();
            bad = damaged(survey);
            if (bad.isEmpty()) {
                bad = QueueCheck.unreadable(directory, survey);
            }
        }
        RepairReport report = new RepairReport(files.size(), survey.records(), salvaged, first.found(), setAside);
        LOG.warn("journal was verified: directory={} {}", directory, report);
        int cycle = Math.max(bounds.state().minimumCycle(), nextCycle(survey, wasCut));
        return new Outcome(survey.floor(), cycle, survey.missing(), Optional.of(report));
    }

    /** The list of missing sequences is found again from the records, though not who was told of them. */
    private MissingRanges missingKnownBefore(List<String> setAside) throws IOException {
        try {
            return MissingRanges.read(directory);
        } catch (DamagedJournalException e) {
            LOG.warn("list of missing sequences is made anew: directory={}", directory, e);
            Path file = directory.resolve(MissingRanges.FILE_NAME);
            repair.setAside(file);
            Files.delete(file);
            PrivateFiles.syncDirectory(directory);
            setAside.add(MissingRanges.FILE_NAME);
            return MissingRanges.NONE;
        }
    }

    private void replace(Survey survey, List<Survey.Contents> bad, long floor) throws IOException {
        Survey.Contents newest = survey.files().get(survey.files().size() - 1);
        for (Survey.Contents file : bad) {
            repair.replace(file, file == newest, floor);
        }
    }

    /** What the machine was writing to when it went down takes no further records, however good it looks. */
    private static int nextCycle(Survey survey, boolean wasCut) {
        if (survey.files().isEmpty()) {
            return 0;
        }
        Survey.Contents newest = survey.files().get(survey.files().size() - 1);
        return newest.file().cycle() + (wasCut || newest.scan().ended() ? 1 : 0);
    }

    private static List<Survey.Contents> damaged(Survey survey) {
        return survey.files().stream().filter(file -> file.problem() != null).toList();
    }

    private static List<String> names(List<Survey.Contents> files) {
        return files.stream().map(Survey.Contents::name).toList();
    }

    /** What {@link #run} would find if it looked at everything. Changes nothing; a writer may be at work. */
    RepairReport check() throws IOException {
        Survey.Bounds bounds = bounds(JournalState.read(directory));
        List<String> setAside = new ArrayList<>();
        MissingRanges known = MissingRanges.NONE;
        try {
            known = MissingRanges.read(directory);
        } catch (DamagedJournalException e) {
            LOG.warn("list of missing sequences cannot be read: directory={}", directory, e);
            setAside.add(MissingRanges.FILE_NAME);
        }
        List<CycleFile> files = CycleFile.listBegun(queueDirectory);
        Survey survey = Survey.of(files, bounds, known, surroundings.now());
        List<Survey.Contents> bad = damaged(survey);
        if (bad.isEmpty()) {
            bad = QueueCheck.unreadable(directory, survey);
        }
        setAside.addAll(names(bad));
        long salvaged = bad.stream().mapToLong(Survey.Contents::records).sum();
        return new RepairReport(files.size(), survey.records(), salvaged, survey.found(), setAside);
    }
}
