package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JournalUploaderTest {
    private static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";

    private final InMemorySink.Warehouse warehouse = new InMemorySink.Warehouse();
    private final InMemorySink sink = new InMemorySink(warehouse);
    private final MemoryPosition position = new MemoryPosition();
    private final UploadMetrics metrics = new UploadMetrics();
    private long nowNs;

    private static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    private static UploaderConfig batchesOf(int rows, Duration delay) {
        return UploaderConfig.builder()
                .maxBatchRows(rows)
                .maxBatchBytes(1_000_000)
                .maxBatchDelay(delay)
                .firstRetryDelay(Duration.ofMillis(10))
                .maxRetryDelay(Duration.ofMillis(40))
                .maxAttempts(5)
                .build();
    }

    private JournalUploader uploader(RecordSource source, UploaderConfig config, UploadListener listener) {
        return new JournalUploader(source, sink, config, () -> nowNs, position, listener, metrics);
    }

    private JournalUploader uploader(RecordSource source, UploaderConfig config) {
        return uploader(source, config, UploadListener.NONE);
    }

    private void drain(JournalUploader uploader) {
        for (int i = 0; i < 10_000 && !uploader.isDrained(); i++) {
            if (uploader.doWork() == 0) {
                nowNs += 1_000_000;
            }
        }
        assertThat(uploader.isDrained()).isTrue();
    }

    private List<Long> stored() {
        return warehouse.rows().stream().map(SinkRow::sequence).toList();
    }

    @Test
    void aHalfFullBatchIsSentWhenItsDelayHasPassed() {
        JournalUploader uploader = uploader(new FakeSource(PRODUCER, 3), batchesOf(2, Duration.ofMillis(100)));
        uploader.doWork();
        uploader.doWork();
        uploader.doWork();
        assertThat(stored()).containsExactly(1L, 2L);
        nowNs += 100_000_000;

        uploader.doWork();

        assertThat(stored()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void itResumesBehindTheTokenOfTheWarehouse() {
        drain(uploader(new FakeSource(PRODUCER, 5), batchesOf(2, Duration.ZERO)));
        FakeSource longer = new FakeSource(PRODUCER, 8);

        drain(uploader(longer, batchesOf(2, Duration.ZERO)));

        assertThat(stored()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    }

    @Test
    void eachCommittedSequenceIsWrittenDown() {
        drain(uploader(new FakeSource(PRODUCER, 5), batchesOf(2, Duration.ZERO)));

        assertThat(position.written()).containsExactly(0L, 2L, 4L, 5L);
    }

    @Test
    void theTokenOfAWarehouseThatWasSetBackIsWrittenDown() {
        FakeSource source = new FakeSource(PRODUCER, 5);
        JournalUploader uploader = uploader(source, batchesOf(5, Duration.ZERO));
        drain(uploader);
        warehouse.setToken(PRODUCER, 2);
        position.written().clear();

        uploader(source, batchesOf(5, Duration.ZERO)).doWork();

        assertThat(position.written()).containsExactly(2L);
    }

    @Test
    void onlyWhatIsOnDiskIsSent() {
        FakeSource source = new FakeSource(PRODUCER, 7);
        sink.failOn(rows -> {
            assertThat(rows.get(rows.size() - 1).sequence()).isLessThanOrEqualTo(source.forcedTo);
            return InMemorySink.Fault.NONE;
        });

        drain(uploader(source, batchesOf(2, Duration.ZERO)));

        assertThat(stored()).hasSize(7);
    }

    @Test
    void aTokenBeyondTheJournalIsRefused() {
        warehouse.setToken(PRODUCER, 9);

        assertThatThrownBy(() -> uploader(new FakeSource(PRODUCER, 3), UploaderConfig.DEFAULT)
                        .doWork())
                .isInstanceOf(UnexplainedTokenException.class)
                .hasMessageContaining("never wrote")
                .hasMessageEndingWith("producer=" + PRODUCER + " token=9 journal=1..3");
        assertThat(position.written()).as("a token that is not of this journal").isEmpty();
    }

    @Test
    void aTokenBeforeTheFirstFileIsRefused() {
        warehouse.setToken(PRODUCER, 3);
        FakeSource trimmed = new FakeSource(PRODUCER, 9);
        trimmed.trimBefore(5);

        assertThatThrownBy(() -> uploader(trimmed, UploaderConfig.DEFAULT).doWork())
                .isInstanceOf(UnexplainedTokenException.class)
                .hasMessageContaining("no longer has");
        assertThat(position.written())
                .as("so that nothing more is deleted as committed")
                .containsExactly(3L);
    }

    @Test
    void aTokenRightBeforeTheFirstFileIsExplained() {
        warehouse.setToken(PRODUCER, 4);
        FakeSource trimmed = new FakeSource(PRODUCER, 9);
        trimmed.trimBefore(5);

        drain(uploader(trimmed, batchesOf(10, Duration.ZERO)));

        assertThat(stored()).containsExactly(5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void aRefusedRecordBecomesADeadLetterInItsPlaceAndNothingWaits() {
        FakeSource source = new FakeSource(PRODUCER, 4);
        source.add(Rows.unreadable(PRODUCER, 5));
        source.add(6);
        List<Long> setAside = new ArrayList<>();
        UploadListener listener = new UploadListener() {
            @Override
            public void deadLettered(String producerId, long sequence) {
                setAside.add(sequence);
            }
        };

        drain(uploader(source, batchesOf(11, Duration.ZERO), listener));

        assertThat(stored()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
        assertThat(warehouse.rows().get(4).action()).isEqualTo("quality.dead_lettered");
        assertThat(setAside).containsExactly(5L);
    }

    @Test
    void itGivesUpAfterTooManyAttemptsWithoutProgress() {
        sink.failOn(rows -> InMemorySink.Fault.BEFORE_COMMIT);
        JournalUploader uploader = uploader(new FakeSource(PRODUCER, 1), batchesOf(1, Duration.ZERO));

        assertThatThrownBy(() -> drain(uploader)).isInstanceOf(SinkException.class);
        assertThat(stored()).isEmpty();
    }

    @Test
    void theWaitDoublesUpToItsLimit() {
        sink.failOn(rows -> InMemorySink.Fault.BEFORE_COMMIT);
        JournalUploader uploader = uploader(new FakeSource(PRODUCER, 1), batchesOf(1, Duration.ZERO));
        List<Long> waitsMs = new ArrayList<>();
        for (int attempt = 1; attempt < 5; attempt++) {
            uploader.doWork();
            uploader.doWork();
            waitsMs.add((uploader.retryAtNs() - nowNs) / 1_000_000);
            assertThat(uploader.doWork()).isZero();
            nowNs = uploader.retryAtNs();
        }

        List<Long> whole = List.of(10L, 20L, 40L, 40L);
        for (int i = 0; i < whole.size(); i++) {
            long ms = whole.get(i);
            assertThat(waitsMs.get(i)).isBetween(ms * 8 / 10, ms);
        }
    }

    @Test
    void whatIsWholeBeforeADamagedRecordIsCommittedBeforeTheDamageIsReported() {
        FakeSource source = new FakeSource(PRODUCER, 7);
        source.damage(6);
        JournalUploader uploader = uploader(source, batchesOf(4, Duration.ofMinutes(1)));

        assertThatThrownBy(() -> drain(uploader)).hasMessage("damaged: sequence=6");

        assertThat(stored()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(position.written()).containsExactly(0L, 4L, 5L);
    }

    @Test
    void itGoesOnOnceTheDamageIsRepaired() {
        FakeSource source = new FakeSource(PRODUCER, 7);
        source.damage(6);
        JournalUploader uploader = uploader(source, batchesOf(4, Duration.ZERO));
        assertThatThrownBy(() -> drain(uploader)).hasMessage("damaged: sequence=6");
        assertThatThrownBy(uploader::doWork).hasMessage("damaged: sequence=6");
        source.damage(0);
        source.lose(6, 6);

        drain(uploader);

        assertThat(stored()).containsExactly(1L, 2L, 3L, 4L, 5L, 7L);
    }

    @Test
    void whatTheJournalLostAndKnowsOfIsPassedOver() {
        FakeSource source = new FakeSource(PRODUCER, 9);
        source.lose(1, 1);
        source.lose(4, 6);
        JournalUploader uploader = uploader(source, batchesOf(2, Duration.ZERO));

        drain(uploader);

        assertThat(stored()).containsExactly(2L, 3L, 7L, 8L, 9L);
        assertThat(position.written()).containsExactly(0L, 3L, 8L, 9L);
    }

    @Test
    void whatIsLostIsNotPending() {
        FakeSource source = new FakeSource(PRODUCER, 9);
        source.lose(4, 6);
        source.lose(9, 9);
        JournalUploader uploader = uploader(source, batchesOf(2, Duration.ZERO));

        assertThat(uploader.pending()).isEqualTo(5);
        drain(uploader);
        assertThat(uploader.pending()).isZero();
    }

    @Test
    void aTokenWithinOrBehindALossIsExplained() {
        FakeSource source = new FakeSource(PRODUCER, 12);
        source.lose(1, 3);
        source.lose(9, 12);
        warehouse.setToken(PRODUCER, 2);
        drain(uploader(source, batchesOf(2, Duration.ZERO)));
        assertThat(stored()).containsExactly(4L, 5L, 6L, 7L, 8L);
        warehouse.setToken(PRODUCER, 11);

        drain(uploader(source, batchesOf(2, Duration.ZERO)));

        assertThat(stored()).hasSize(5);
    }

    @Test
    void aTokenThatALossDoesNotReachIsRefused() {
        FakeSource source = new FakeSource(PRODUCER, 8);
        source.lose(7, 8);
        warehouse.setToken(PRODUCER, 9);

        assertThatThrownBy(() -> uploader(source, UploaderConfig.DEFAULT).doWork())
                .isInstanceOf(UnexplainedTokenException.class)
                .hasMessageContaining("never wrote");
    }

    @Test
    void aTrimmedSequenceThatIsNotCommittedIsNoKnownLoss() {
        FakeSource source = new FakeSource(PRODUCER, 9);
        source.lose(4, 5);
        source.trimBefore(4);
        warehouse.setToken(PRODUCER, 2);

        assertThatThrownBy(() -> uploader(source, UploaderConfig.DEFAULT).doWork())
                .isInstanceOf(UnexplainedTokenException.class)
                .hasMessageContaining("no longer has");
    }

    @Test
    void rowsThatWereCommittedThoughTheSinkFailedAreReportedOnce() {
        List<Long> reported = new ArrayList<>();
        UploadListener listener = new UploadListener() {
            @Override
            public void committed(String producerId, long token, List<SinkRow> rows) {
                rows.forEach(row -> reported.add(row.sequence()));
            }
        };
        boolean[] failed = {false};
        sink.failOn(rows -> {
            boolean first = !failed[0];
            failed[0] = true;
            return first ? InMemorySink.Fault.AFTER_COMMIT : InMemorySink.Fault.NONE;
        });

        drain(uploader(new FakeSource(PRODUCER, 3), batchesOf(2, Duration.ZERO), listener));

        assertThat(reported).containsExactly(1L, 2L, 3L);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyRowArrivesOnceWhereverTheSinkFailsAndTheUploaderIsKilled(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FakeSource source = new FakeSource(PRODUCER, 100);
        long firstLost = random.nextLong(1, 101);
        long lastLost = random.nextLong(firstLost, 101);
        source.lose(firstLost, lastLost);
        UploaderConfig config = UploaderConfig.builder()
                .maxBatchRows(random.nextInt(1, 30))
                .maxBatchDelay(Duration.ZERO)
                .firstRetryDelay(Duration.ofMillis(1))
                .maxRetryDelay(Duration.ofMillis(1))
                .maxAttempts(UploaderConfig.FOR_EVER)
                .build();
        sink.failOn(rows -> InMemorySink.Fault.values()[random.nextInt(3)]);
        JournalUploader uploader = uploader(source, config);
        for (int i = 0; i < 100_000 && !uploader.isDrained(); i++) {
            if (uploader.doWork() == 0) {
                nowNs += 1_000_000;
            }
            if (random.nextInt(20) == 0) {
                uploader = uploader(source, config);
            }
        }

        assertThat(stored())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 100)
                        .filter(sequence -> sequence < firstLost || sequence > lastLost)
                        .boxed()
                        .toList());
    }
}
