package dev.firn.upload;

import dev.firn.event.DeadLetter;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One schedule of a journal that is written, an uploader that is killed and started again, and a warehouse that fails, on a clock of its
 * own and all drawn from one seed: the same seed is the same schedule. Then everything is left in peace, and what was promised must hold.
 *
 * <p>Every record that is in the journal in the end is in the warehouse exactly once, as its row or as its dead letter, the rows of each
 * channel in order; tokens never go back; what is kept, acknowledged or deleted as committed is in the warehouse at that moment; what one
 * uploader sends over one channel, it acknowledges once.
 */
final class Simulation {
    private static final int MOST_STEPS_TO_END = 2_000;
    private static final UploaderConfig[] CONFIGS = new UploaderConfig[32];

    static {
        for (int i = 0; i < CONFIGS.length; i++) {
            CONFIGS[i] = UploaderConfig.builder()
                    .maxBatchRows(1 + i % 8)
                    .maxBatchDelay(Duration.ofMillis(i % 2))
                    .maxInFlightBatches(1 + i % 3)
                    .firstRetryDelay(Duration.ofMillis(1))
                    .maxRetryDelay(Duration.ofMillis(8))
                    .maxAttempts(UploaderConfig.FOR_EVER)
                    .idlePollInterval(Duration.ofMillis(10))
                    .stallTimeout(Duration.ofMillis(50))
                    .build();
        }
    }

    private final SplittableRandom random;
    private final SimulatedJournal journal;
    private final SimulatedSink warehouse;
    private final Sink sink;
    private final UploaderConfig config;
    private final int records;
    private long nowNs;
    private long kept;
    private int checkedTo;
    private int uploaders;
    private int acknowledged;
    private String broken = "";

    private Simulation(long seed) {
        this.random = new SplittableRandom(seed);
        this.records = random.nextInt(10, SimulatedJournal.MOST_RECORDS + 1);
        this.journal = new SimulatedJournal(lost(), random);
        this.warehouse = new SimulatedSink(random);
        int stripes = random.nextInt(-1, 4);
        this.sink = stripes < 1 ? warehouse : new StripedSink(warehouse, stripes);
        this.config = CONFIGS[random.nextInt(CONFIGS.length)];
    }

    private MissingSequences lost() {
        if (random.nextInt(3) > 0) {
            return MissingSequences.NONE;
        }
        int first = random.nextInt(1, records);
        return new MissingSequences(
                List.of(new SequenceSet.Range(first, Math.min(records - 1, first + random.nextInt(6)))));
    }

    /** Which promise the schedule of a seed breaks, empty if none. */
    static String run(long seed) {
        try {
            return new Simulation(seed).run();
        } catch (RuntimeException e) {
            return "thrown: " + e;
        }
    }

    /** The first seed of a range whose schedule breaks a promise, 0 if there is none. */
    static long firstBroken(long fromSeed, long schedules) {
        for (long seed = fromSeed; seed < fromSeed + schedules; seed++) {
            if (!run(seed).isEmpty()) {
                return seed;
            }
        }
        return 0;
    }

    private final class Kept implements KeptPosition {
        @Override
        public long read() {
            return kept;
        }

        @Override
        public void write(long sequence) {
            kept = sequence;
            if (sequence > journal.last() && !journal.isLost(sequence)) {
                breaks("kept a position that the journal never had: sequence=" + sequence);
                return;
            }
            for (; checkedTo < sequence; checkedTo++) {
                if (!journal.isLost(checkedTo + 1) && !warehouse.isStored(checkedTo + 1)) {
                    breaks("kept as committed and not in the warehouse: sequence=" + (checkedTo + 1));
                }
            }
        }
    }

    private final class Acknowledged implements UploadListener {
        private long last;

        @Override
        public void committed(String producerId, long token, List<SinkRow> rows) {
            for (SinkRow row : rows) {
                if (!warehouse.isStored((int) row.sequence())) {
                    breaks("acknowledged and not in the warehouse: sequence=" + row.sequence());
                }
                if (row.sequence() <= last) {
                    breaks("acknowledged twice: sequence=" + row.sequence());
                }
                last = row.sequence();
                acknowledged++;
            }
        }
    }

    private void breaks(String what) {
        if (broken.isEmpty()) {
            broken = what;
        }
    }

    private String broken() {
        return broken.isEmpty() ? warehouse.broken() : broken;
    }

    private JournalUploader start() {
        uploaders++;
        return new JournalUploader(
                journal.open(), sink, config, () -> nowNs, new Kept(), new Acknowledged(), new UploadMetrics());
    }

    private String run() {
        JournalUploader uploader = start();
        int steps = random.nextInt(20, 200);
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(32)) {
                case 0, 1, 2, 3 -> journal.write(random.nextInt(1, 8));
                case 4, 5, 6, 7, 8, 9 -> warehouse.commit(false);
                case 10 -> uploader = killed();
                case 11 -> uploader = withoutPower(uploader);
                case 12 -> steal();
                case 13 -> die();
                case 14 -> trim();
                case 15 -> nowNs += random.nextLong(60_000_000);
                default -> work(uploader);
            }
        }
        return broken().isEmpty() ? end(uploader) : broken();
    }

    private JournalUploader killed() {
        if (random.nextInt(8) == 0) {
            // A file that cannot be believed is as none.
            kept = 0;
        }
        return start();
    }

    private JournalUploader withoutPower(JournalUploader uploader) {
        if (!journal.canLosePower() || random.nextInt(3) > 0) {
            return uploader;
        }
        journal.losePower();
        return start();
    }

    private void steal() {
        if (random.nextInt(4) == 0) {
            warehouse.steal();
        }
    }

    private void die() {
        if (random.nextInt(4) == 0) {
            warehouse.killClient();
        }
    }

    private void trim() {
        journal.trimUpTo(kept);
    }

    private void work(JournalUploader uploader) {
        if (uploader.doWork() == 0) {
            nowNs += random.nextLong(2_000_000);
        }
    }

    private String end(JournalUploader uploader) {
        warehouse.calm();
        journal.write(Math.max(0, records - journal.last()));
        for (int step = 0; !uploader.isDrained(); step++) {
            if (step == MOST_STEPS_TO_END || !broken().isEmpty()) {
                return broken().isEmpty() ? "not all is uploaded in the end" : broken();
            }
            warehouse.commit(true);
            if (uploader.doWork() == 0) {
                nowNs += 1_000_000;
            }
        }
        if (uploaders == 1 && sink == warehouse && acknowledged != journal.present()) {
            return "not all is acknowledged: present=" + journal.present() + " acknowledged=" + acknowledged;
        }
        for (int sequence = 1; sequence <= journal.last(); sequence++) {
            String wrong = journal.isLost(sequence) ? "" : wrong(sequence);
            if (!wrong.isEmpty()) {
                return wrong + ": sequence=" + sequence;
            }
        }
        return broken();
    }

    private String wrong(int sequence) {
        SinkRow stored = warehouse.stored(sequence);
        if (stored == null) {
            return "lost";
        }
        SinkRow own = journal.row(sequence);
        if (!stored.action().equals(DeadLetter.ACTION)) {
            return stored == own ? "" : "of an event that a power cut took back";
        }
        boolean isOwnLetter = own.eventId().equals(stored.objectId());
        return isOwnLetter && warehouse.isRefused(sequence) ? "" : "set aside without need";
    }
}
