package dev.firn.journal;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the queue, and a reader that uses it, finds all that {@link FileScan} found in the plain bytes: by reading on, and by seeking. */
final class QueueCheck {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private QueueCheck() {}

    /** The files that it does not find its way through. They must be good as plain bytes. */
    static List<Survey.Contents> unreadable(Path directory, Survey survey) {
        List<Survey.Contents> bad = new ArrayList<>();
        if (survey.last() == 0) {
            return bad;
        }
        Path queueDirectory = directory.resolve(Journal.QUEUE_DIRECTORY);
        try (JournalSource source =
                JournalSource.open(directory, queueDirectory, KnownMissing.fixed(survey.missing()))) {
            for (Survey.Contents file : survey.files()) {
                if (!canSeek(source.records(), file)) {
                    bad.add(file);
                }
            }
            if (bad.isEmpty()) {
                addWhereReadingStops(source.records(), survey, bad);
            }
            Survey.Contents newest = survey.files().get(survey.files().size() - 1);
            if (bad.isEmpty() && !findsTheEnd(source.end(), survey.last())) {
                bad.add(newest);
            }
        }
        return bad;
    }

    private static boolean canSeek(RecordReader records, Survey.Contents file) {
        List<Long> samples = file.scan().samples();
        try {
            for (int i = 0; i < samples.size(); i++) {
                long number = i == samples.size() - 1 ? file.records() - 1 : (long) i * FileScan.SAMPLE_RECORDS;
                long found = records.sequenceAt(file.file().cycle(), number);
                if (found != samples.get(i)) {
                    LOG.warn(
                            "journal file's index is wrong: file={} record={} expected={} found={}",
                            file.file().path(),
                            number,
                            samples.get(i),
                            found);
                    return false;
                }
            }
            return true;
        } catch (DamagedJournalException e) {
            LOG.warn("journal file's index cannot be used: file={}", file.file().path(), e);
            return false;
        }
    }

    private static void addWhereReadingStops(RecordReader records, Survey survey, List<Survey.Contents> bad) {
        try {
            records.seek(0);
            while (records.nextSequence() <= survey.last() && records.next()) {
                // Each is verified.
            }
        } catch (DamagedJournalException e) {
            LOG.warn("journal cannot be read in order", e);
        }
        long stopped = Math.max(1, records.nextSequence());
        if (stopped > survey.last()) {
            return;
        }
        // The record itself, or the way out of the file before.
        for (int i = 0; i < survey.files().size(); i++) {
            Survey.Contents file = survey.files().get(i);
            if (file.last() >= stopped) {
                if (i > 0 && file.first() >= stopped) {
                    bad.add(survey.files().get(i - 1));
                }
                bad.add(file);
                return;
            }
        }
    }

    private static boolean findsTheEnd(JournalEnd end, long last) {
        try {
            end.refresh();
        } catch (UncheckedIOException e) {
            throw e;
        } catch (Exception | InternalError | AssertionError e) {
            LOG.warn("journal's end cannot be found", e);
            return false;
        }
        if (end.problem() != null || end.sequence() < last) {
            LOG.warn("journal's end is wrong: problem={} expected={} found={}", end.problem(), last, end.sequence());
            return false;
        }
        return true;
    }
}
