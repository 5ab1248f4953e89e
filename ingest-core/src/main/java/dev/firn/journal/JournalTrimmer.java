package dev.firn.journal;

import static java.util.Objects.requireNonNull;

import dev.firn.journal.TrimReport.Deleted;
import dev.firn.journal.TrimReport.Kept;
import dev.firn.journal.TrimReport.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes old files of a journal: those in which every record is committed and came in at least the retention time ago. Oldest first, up to the
 * first that must stay; never the newest, and nothing of a journal in which something is damaged, nor of one whose committed position cannot
 * be believed.
 *
 * <p>Age counts from the time of receipt that stands in the records, not from the file's: touching a file makes nothing in it younger, and
 * copying it nothing older.
 *
 * <p><b>Threads.</b> One trimming of a journal at a time, in any process; its writer and readers go on meanwhile. A reader that was about to
 * read what is deleted meets a gap. Two trimmings at once delete nothing wrongly, but one may take the other's work for damage.
 *
 * <p><b>Durability.</b> A file is gone for good before the next one is deleted: after a power cut too, what is left has no hole.
 *
 * <p><b>Cost.</b> Reads and verifies what it deletes and at most one file more, some hundred thousand records a second.
 */
public final class JournalTrimmer {
    /** Longest retention time. */
    public static final Duration MAX_RETENTION = Duration.ofDays(36_500);

    private static final Logger LOG = LoggerFactory.getLogger(JournalTrimmer.class);
    private static final String SUSPECT = "suspect";
    private static final int POLL_LIMIT = 1_000;
    private static final long UNKNOWN = -1;

    private final Path directory;
    private final JournalReader reader;
    private final RecordLayout layout = new RecordLayout();
    private final Optional<CommittedPosition> position;
    private final long youngestMicros;
    private long committed = UNKNOWN;

    private JournalTrimmer(Path directory, JournalReader reader, Instant youngest) {
        this.directory = directory;
        this.reader = reader;
        this.position = CommittedPosition.read(directory);
        this.youngestMicros = ChronoUnit.MICROS.between(Instant.EPOCH, youngest);
    }

    /**
     * Deletes what may be deleted.
     *
     * @param retention how long a record stays after its receipt at least, 0 to {@link #MAX_RETENTION}
     * @param now       from a clock that runs ahead it deletes too early, from one that jumped back nothing
     * @throws IllegalArgumentException if the directory holds no journal
     * @throws DamagedJournalException  if a file beside the records cannot be read; damage of the records is in the report
     * @throws UncheckedIOException     if a file cannot be read or deleted; what was deleted before is in the log
     */
    public static TrimReport trim(Path directory, Duration retention, Instant now) {
        return run(directory, retention, now, false);
    }

    /** Tells what {@link #trim} would do, and does nothing. */
    public static TrimReport dryRun(Path directory, Duration retention, Instant now) {
        return run(directory, retention, now, true);
    }

    private static TrimReport run(Path directory, Duration retention, Instant now, boolean dryRun) {
        requireNonNull(directory, "directory");
        requireNonNull(retention, "retention");
        requireNonNull(now, "now");
        if (retention.isNegative() || retention.compareTo(MAX_RETENTION) > 0) {
            throw new IllegalArgumentException("retention must be 0 to 36500 days: retention=" + retention);
        }
        try (JournalReader reader = JournalReader.open(directory)) {
            return new JournalTrimmer(directory, reader, now.minus(retention)).run(dryRun);
        } catch (IOException e) {
            throw new UncheckedIOException("journal not trimmed: directory=" + directory, e);
        }
    }

    private TrimReport run(boolean dryRun) throws IOException {
        List<CycleFile> files = CycleFile.list(directory.resolve(Journal.QUEUE_DIRECTORY));
        int newest = newestWithRecords(files);
        List<Deleted> deleted = new ArrayList<>();
        List<Kept> kept = new ArrayList<>();
        @Nullable Reason reason = null;
        for (int i = 0; i < files.size(); i++) {
            CycleFile file = files.get(i);
            Contents contents = new Contents();
            if (i >= newest) {
                reason = Reason.NEWEST;
            } else if (reason == null) {
                reason = reasonToKeep(file, contents);
            }
            if (reason != null) {
                kept.add(new Kept(nameOf(file), reason));
                continue;
            }
            Deleted found = new Deleted(nameOf(file), contents.first, contents.last, contents.bytes);
            if (!dryRun) {
                delete(file, found);
            }
            deleted.add(found);
        }
        return new TrimReport(reader.producerId(), deleted, kept);
    }

    /** A writer may have made a file and no record in it yet: the one from which the next sequence follows is then another. */
    private static int newestWithRecords(List<CycleFile> files) throws IOException {
        for (int i = files.size() - 1; i >= 0; i--) {
            try (DocumentFile documents = DocumentFile.open(files.get(i).path())) {
                if (documents.firstRecord() != DocumentFile.NONE) {
                    return i;
                }
            }
        }
        return 0;
    }

    /** Null if there is none. */
    private @Nullable Reason reasonToKeep(CycleFile file, Contents contents) throws IOException {
        if (Files.exists(directory.resolve(SUSPECT)) || !locate(file, contents)) {
            return Reason.DAMAGED;
        }
        try {
            return contents.last > committed() ? Reason.NOT_COMMITTED : read(contents);
        } catch (DamagedJournalException e) {
            LOG.warn("journal not trimmed, it is damaged: directory={} file={}", directory, nameOf(file), e);
            return Reason.DAMAGED;
        }
    }

    /** A position behind all that was ever written is of no use here: it is of another journal, or of one that was set back. */
    private long committed() {
        if (committed == UNKNOWN) {
            long claimed = position.map(CommittedPosition::sequence).orElse(0L);
            long last = claimed == 0 ? 0 : reader.lastKnownSequence();
            if (claimed > last) {
                LOG.warn(
                        "journal not trimmed, its committed position is behind its end: directory={} committed={} last={}",
                        directory,
                        claimed,
                        last);
            }
            committed = claimed > last ? 0 : claimed;
        }
        return committed;
    }

    /** The first and last sequence by the file's own bytes: what a reader finds must be the same. */
    private boolean locate(CycleFile file, Contents contents) throws IOException {
        try (DocumentFile documents = DocumentFile.open(file.path())) {
            long first = documents.firstRecord();
            if (first == DocumentFile.NONE) {
                return false;
            }
            contents.first = sequence(documents, first);
            contents.last = sequence(documents, documents.lastRecordFrom(first));
            return contents.first > 0 && contents.last >= contents.first;
        }
    }

    /** Zero if the record's header is not right. */
    private long sequence(DocumentFile documents, long document) throws IOException {
        int length = documents.length(document);
        byte[] head = new byte[RecordLayout.HEADER_BYTES + RecordLayout.MAX_LANE_BYTES];
        boolean whole = documents.read(document, head, Math.min(length, head.length));
        return whole && layout.headerProblem(head, length) == null ? RecordLayout.sequence(head) : 0;
    }

    /** Reads the file's records and the one behind them, so that nothing is missing in between. Ends early where one is too young. */
    private @Nullable Reason read(Contents contents) {
        reader.seek(contents.first);
        boolean idle = false;
        while (!contents.passed) {
            int count = reader.poll(contents::add, POLL_LIMIT);
            if (contents.newestMicros > youngestMicros) {
                return Reason.TOO_YOUNG;
            }
            if (count == 0 && idle) {
                return Reason.DAMAGED;
            }
            idle = count == 0;
        }
        return contents.lastFound == contents.last ? null : Reason.DAMAGED;
    }

    private static void delete(CycleFile file, Deleted found) throws IOException {
        Files.deleteIfExists(file.path());
        PrivateFiles.syncDirectory(file.path().toAbsolutePath().getParent());
        LOG.info(
                "journal file deleted, it is committed and old: file={} firstSequence={} lastSequence={}",
                file.path(),
                found.firstSequence(),
                found.lastSequence());
    }

    private static String nameOf(CycleFile file) {
        return file.path().getFileName().toString();
    }

    /** Of one file. */
    private static final class Contents {
        private long first;
        private long last;
        private long lastFound;
        private long newestMicros = Long.MIN_VALUE;
        private long bytes;
        private boolean passed;

        void add(JournalRecord record) {
            if (record.sequence() > last) {
                passed = true;
                return;
            }
            lastFound = record.sequence();
            // Where the clock jumped back the last one is not the youngest.
            newestMicros = Math.max(newestMicros, record.receivedAtMicros());
            bytes += record.canonicalOffset() + record.canonicalLength();
        }
    }
}
