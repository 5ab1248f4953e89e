package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.event.DeadLetter;
import dev.firn.upload.InMemorySink.Fault;
import dev.firn.upload.SinkException.Remedy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an uploader does about a sink that fails, stalls, belongs to another one or changes its mind. */
class UploadRecoveryTest {
    private static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";
    private static final UploaderConfig CONFIG = UploaderConfig.builder()
            .maxBatchRows(2)
            .maxBatchDelay(Duration.ZERO)
            .maxInFlightBatches(3)
            .firstRetryDelay(Duration.ofMillis(10))
            .maxRetryDelay(Duration.ofMillis(40))
            .maxAttempts(8)
            .alarmAttempts(3)
            .idlePollInterval(Duration.ofSeconds(10))
            .stallTimeout(Duration.ofSeconds(60))
            .build();

    private final InMemorySink.Warehouse warehouse = new InMemorySink.Warehouse();
    private final InMemorySink sink = new InMemorySink(warehouse);
    private final MemoryPosition position = new MemoryPosition();
    private final UploadMetrics metrics = new UploadMetrics();
    private final Told told = new Told();
    private long nowNs;

    /** What the listener heard. */
    private static final class Told implements UploadListener {
        private final List<Long> committed = new ArrayList<>();
        private final List<String> alarms = new ArrayList<>();

        @Override
        public void committed(String producerId, long token, List<SinkRow> rows) {
            rows.forEach(row -> committed.add(row.sequence()));
        }

        @Override
        public void alarm(String producerId, String reason) {
            alarms.add(reason);
        }

        @Override
        public void alarmCleared(String producerId) {
            alarms.add("cleared");
        }
    }

    private JournalUploader uploader(RecordSource source, UploaderConfig config) {
        return new JournalUploader(source, sink, config, () -> nowNs, position, told, metrics);
    }

    private JournalUploader uploader(int records) {
        return uploader(new FakeSource(PRODUCER, records), CONFIG);
    }

    /** Until there is nothing to do at this time. */
    private static void work(JournalUploader uploader) {
        while (uploader.doWork() > 0) {
            // Works on.
        }
    }

    private void drain(JournalUploader uploader) {
        for (int i = 0; i < 100_000 && !uploader.isDrained(); i++) {
            if (uploader.doWork() == 0) {
                nowNs += 1_000_000;
            }
        }
        assertThat(uploader.isDrained()).isTrue();
    }

    private void pass(Duration time) {
        nowNs += time.toNanos();
    }

    private void failFirst(int times, Fault fault) {
        int[] left = {times};
        sink.failOn(rows -> left[0]-- > 0 ? fault : Fault.NONE);
    }

    private List<Long> stored() {
        return warehouse.rows().stream().map(SinkRow::sequence).toList();
    }

    private List<Long> letters() {
        return warehouse.rows().stream()
                .filter(row -> row.action().equals(DeadLetter.ACTION))
                .map(SinkRow::sequence)
                .toList();
    }

    @Test
    void aBatchThatFindsNoRoomComesAgainOnTheSameChannel() {
        failFirst(2, Fault.NO_ROOM);

        drain(uploader(3));

        assertThat(stored()).containsExactly(1L, 2L, 3L);
        assertThat(sink.openings()).isEqualTo(1);
        assertThat(metrics.failures(Remedy.RETRY)).isEqualTo(2);
    }

    @Test
    void ifThereIsNoRoomTooOftenTheChannelIsOpenedAgain() {
        failFirst(3, Fault.NO_ROOM);

        drain(uploader(3));

        assertThat(stored()).containsExactly(1L, 2L, 3L);
        assertThat(sink.openings()).isEqualTo(2);
    }

    @Test
    void noRoomWhileCommitsAreAwaitedIsNoAlarmAndWhatIsCommittedIsSeenMeanwhile() {
        sink.holdCommits();
        int[] batches = {0};
        sink.failOn(rows -> batches[0]++ == 0 ? Fault.NONE : Fault.NO_ROOM);
        JournalUploader uploader = uploader(4);
        for (int i = 0; i < 100; i++) {
            work(uploader);
            pass(Duration.ofMillis(50));
        }
        assertThat(batches[0]).isGreaterThan(20);
        assertThat(told.alarms).isEmpty();
        assertThat(sink.openings()).isEqualTo(1);

        sink.commit();
        uploader.doWork();
        uploader.doWork();

        assertThat(uploader.committed()).isEqualTo(2);
    }

    @Test
    void aDeadConnectionIsReplacedBeforeTheChannelIsOpened() {
        failFirst(1, Fault.DEAD_CONNECTION);

        drain(uploader(3));

        assertThat(stored()).containsExactly(1L, 2L, 3L);
        assertThat(sink.reconnects()).isEqualTo(1);
        assertThat(metrics.reconnects()).isEqualTo(1);
        assertThat(metrics.openings()).isEqualTo(2);
    }

    @Test
    void failuresWithoutProgressRaiseOneAlarmAndProgressEndsIt() {
        failFirst(5, Fault.BEFORE_COMMIT);

        drain(uploader(1));

        assertThat(told.alarms).containsExactly("told to fail: fault=BEFORE_COMMIT", "cleared");
        assertThat(metrics.alarm()).isEmpty();
    }

    @Test
    void itGoesOnForEverIfItIsTold() {
        failFirst(1_000, Fault.BEFORE_COMMIT);

        drain(uploader(
                new FakeSource(PRODUCER, 1),
                CONFIG.toBuilder().maxAttempts(UploaderConfig.FOR_EVER).build()));

        assertThat(stored()).containsExactly(1L);
    }

    @Test
    void whatIsLostWithoutAWordIsSentAgainAfterTheTimeForAStall() {
        int[] batch = {0};
        sink.failOn(rows -> ++batch[0] == 2 ? Fault.SILENT_LOSS : Fault.NONE);
        JournalUploader uploader = uploader(4);
        work(uploader);
        assertThat(uploader.committed()).isEqualTo(2);
        pass(CONFIG.stallTimeout().minusNanos(1));
        work(uploader);
        assertThat(sink.openings()).isEqualTo(1);
        pass(Duration.ofNanos(1));

        drain(uploader);

        assertThat(stored()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(sink.abandoned()).isEqualTo(1);
        assertThat(metrics.stalls()).isEqualTo(1);
        assertThat(told.alarms)
                .containsExactly(
                        "nothing was committed for too long: producer=" + PRODUCER
                                + " ms=60000 committed=2 token=2 sent=4 inFlightRows=2 inFlightBytes="
                                + 2 * Rows.row(PRODUCER, 1).payload().length + " deadLetters=0",
                        "cleared");
    }

    @Test
    void anIdleChannelIsAskedNowAndThen() {
        JournalUploader uploader = uploader(2);
        drain(uploader);
        work(uploader);
        int asked = sink.asked();
        pass(CONFIG.idlePollInterval().minusNanos(1));
        work(uploader);
        assertThat(sink.asked()).isEqualTo(asked);
        sink.killConnection();
        pass(Duration.ofNanos(1));
        work(uploader);
        pass(Duration.ofMillis(20));

        work(uploader);

        assertThat(sink.reconnects()).isEqualTo(1);
        assertThat(uploader.isDrained()).isTrue();
        assertThat(uploader.retryAtNs()).as("a failure that is over").isZero();
    }

    @Test
    void anotherUploaderOfTheSameJournalIsNoticedAndNamed() {
        JournalUploader uploader = uploader(2);
        drain(uploader);
        warehouse.setToken(PRODUCER, 5);
        pass(CONFIG.idlePollInterval());

        assertThatThrownBy(() -> work(uploader))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessage("another process uploads the same journal: stop one of them, then start the upload again:"
                        + " producer=" + PRODUCER + " token=5 sent=2");
    }

    @Test
    void anotherUploaderIsNoticedWhenTheChannelIsOpenedAgainToo() {
        FakeSource source = new FakeSource(PRODUCER, 2);
        JournalUploader uploader = uploader(source, CONFIG);
        drain(uploader);
        source.add(4);
        warehouse.setToken(PRODUCER, 5);
        sink.killConnection();
        pass(CONFIG.idlePollInterval());
        work(uploader);
        pass(Duration.ofMillis(20));

        assertThatThrownBy(() -> work(uploader))
                .hasMessageContaining("another process")
                .hasMessageEndingWith("token=5 sent=4");
    }

    @Test
    void noMoreBatchesAreUnderWayThanAllowed() {
        sink.holdCommits();
        JournalUploader uploader = uploader(20);

        work(uploader);

        assertThat(sink.pendingBatches()).isEqualTo(3);
        assertThat(metrics.inFlightRows()).isEqualTo(6);
        sink.commit();
        work(uploader);
        assertThat(stored()).hasSize(6);
        assertThat(sink.pendingBatches()).isEqualTo(3);
    }

    @Test
    void noMoreBytesAreUnderWayThanAllowedButOneBatch() {
        sink.holdCommits();
        FakeSource source = new FakeSource(PRODUCER, 0);
        for (int i = 1; i <= 4; i++) {
            source.add(Rows.row(Rows.event("x".repeat(600_000) + i), PRODUCER, i));
        }
        JournalUploader uploader = uploader(
                source,
                CONFIG.toBuilder().maxBatchRows(1).maxInFlightBytes(1_000_000).build());

        work(uploader);

        assertThat(sink.pendingBatches()).isEqualTo(1);
        assertThat(metrics.inFlightBytes()).isBetween(600_000L, 1_000_000L);
    }

    @Test
    void aRowThatIsRefusedLaterGetsItsDeadLetterAndNothingFromItOnIsAcknowledgedBefore() {
        sink.holdCommits();
        sink.refuseLater(row -> row.sequence() == 3);
        JournalUploader uploader = uploader(6);
        work(uploader);
        sink.commit();
        work(uploader);
        assertThat(position.written()).containsExactly(0L, 2L);
        assertThat(told.committed).containsExactly(1L, 2L);
        assertThat(uploader.pending()).isEqualTo(4);
        assertThat(uploader.isDrained()).isFalse();

        sink.commit();
        pass(CONFIG.idlePollInterval());
        work(uploader);

        assertThat(stored()).containsExactly(1L, 2L, 4L, 5L, 6L, 3L);
        assertThat(letters()).containsExactly(3L);
        assertThat(position.written()).containsExactly(0L, 2L, 6L);
        assertThat(told.committed).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(uploader.isDrained()).isTrue();
        assertThat(metrics.deadLetters()).isEqualTo(1);
    }

    @Test
    void aDeadLetterThatACrashPreventedIsMadeByTheNextUploader() {
        sink.holdCommits();
        sink.refuseLater(row -> row.sequence() == 2);
        JournalUploader killed = uploader(4);
        work(killed);
        sink.commit();
        work(killed);
        assertThat(sink.pendingBatches()).as("the dead letter").isEqualTo(1);

        JournalUploader next = uploader(4);
        work(next);
        sink.commit();
        pass(CONFIG.idlePollInterval());
        work(next);

        assertThat(letters()).containsExactly(2L);
        assertThat(position.read()).isEqualTo(4);
    }

    @Test
    void aDeadLetterThatIsLostIsSentAgainAfterTheTimeForAStall() {
        sink.refuseLater(row -> row.sequence() == 2);
        int[] batch = {0};
        sink.failOn(rows -> ++batch[0] == 2 ? Fault.SILENT_LOSS : Fault.NONE);

        drain(uploader(2));

        assertThat(letters()).containsExactly(2L);
        assertThat(metrics.stalls()).isEqualTo(1);
    }

    @Test
    void readingGoesOnWhereItWasAfterADeadLetter() {
        sink.refuseLater(row -> row.sequence() == 1);
        FakeSource source = new FakeSource(PRODUCER, 2);
        JournalUploader uploader = uploader(source, CONFIG);
        work(uploader);
        source.add(2);

        drain(uploader);

        assertThat(stored()).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
    }

    @Test
    void whatTheJournalLostIsNotTakenForRefused() {
        FakeSource source = new FakeSource(PRODUCER, 3);
        source.lose(2, 2);
        warehouse.refused.add(2L);

        drain(uploader(source, CONFIG));

        assertThat(stored()).containsExactly(1L, 3L);
    }

    @Test
    void anAcceptedTokenBeyondTheJournalIsBelievedAndTheUploadGoesOnBehindIt() {
        warehouse.setToken(PRODUCER, 9);
        FakeSource source = new FakeSource(PRODUCER, 3);
        JournalUploader uploader =
                uploader(source, CONFIG.toBuilder().acceptToken(true).build());
        drain(uploader);
        assertThat(uploader.committed()).isEqualTo(9);
        source.add(8);

        drain(uploader);

        assertThat(stored()).containsExactly(10L, 11L);
    }

    @Test
    void anAcceptedHoleIsPassedOver() {
        warehouse.setToken(PRODUCER, 3);
        FakeSource source = new FakeSource(PRODUCER, 9);
        source.trimBefore(7);

        JournalUploader uploader =
                uploader(source, CONFIG.toBuilder().acceptToken(true).build());
        drain(uploader);

        assertThat(stored()).containsExactly(7L, 8L, 9L);
    }

    @Test
    void aRefusedTokenNamesTheWayToAcceptIt() {
        warehouse.setToken(PRODUCER, 9);

        assertThatThrownBy(() -> uploader(3).doWork())
                .isInstanceOf(UnexplainedTokenException.class)
                .hasMessageContaining("firn upload --accept-token");
    }

    @Test
    void drainingSendsWhatWasReadAndReadsNothingMore() {
        FakeSource source = new FakeSource(PRODUCER, 3);
        JournalUploader uploader = uploader(
                source,
                CONFIG.toBuilder()
                        .maxBatchRows(10)
                        .maxBatchDelay(Duration.ofMinutes(1))
                        .build());
        work(uploader);
        assertThat(uploader.isFlushed()).isFalse();
        source.add(2);

        uploader.drain();
        work(uploader);

        assertThat(uploader.isFlushed()).isTrue();
        assertThat(uploader.committed()).isEqualTo(3);
        assertThat(uploader.pending()).isEqualTo(2);
    }

    @Test
    void whatWasDoneIsCounted() {
        failFirst(1, Fault.AFTER_COMMIT);
        pass(Duration.ofSeconds(1));

        drain(uploader(5));

        assertThat(metrics.appendedRows()).isEqualTo(3);
        assertThat(metrics.committedRows()).isEqualTo(5);
        assertThat(metrics.failures(Remedy.REOPEN)).isEqualTo(1);
        assertThat(metrics.inFlightRows()).isZero();
        assertThat(metrics.inFlightBytes()).isZero();
        assertThat(metrics.progressNs()).isEqualTo(nowNs);
    }
}
