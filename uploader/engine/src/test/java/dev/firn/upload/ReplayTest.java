package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.event.DeadLetter;
import dev.firn.upload.InMemorySink.Fault;
import dev.firn.upload.SinkException.Remedy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A replay into a sink that commits later, or fails: what is wanted is there once, and nothing else was sent. */
class ReplayTest {
    private static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";
    private static final int RECORDS = 30;
    private static final List<Long> MISSING = List.of(4L, 5L, 9L, 10L, 11L, 27L);
    private static final UploaderConfig CONFIG = UploaderConfig.builder()
            .maxBatchRows(2)
            .maxBatchDelay(Duration.ZERO)
            .maxInFlightBatches(2)
            .maxAttempts(4)
            .idlePollInterval(Duration.ofSeconds(10))
            .stallTimeout(Duration.ofSeconds(60))
            .build();

    private final InMemorySink.Warehouse warehouse = new InMemorySink.Warehouse();
    private final InMemorySink sink = new InMemorySink(warehouse);
    private final FakeSource journal = new FakeSource(PRODUCER, RECORDS);
    private long nowNs;

    private JournalUploader replay(boolean all) {
        SequenceSet selected = new SequenceSet(1);
        selected.addAll(new SequenceSet.Range(1, RECORDS));
        SequenceSet missing = new SequenceSet(1);
        MISSING.forEach(missing::add);
        return new Replay(journal, selected, missing, RECORDS)
                .uploader(sink, all, "r-1", 9_000_000, CONFIG, () -> nowNs, UploadListener.NONE);
    }

    private void drain(JournalUploader uploader) {
        for (int i = 0; i < 1_000_000 && !uploader.isDrained(); i++) {
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
    void theMissingRowsGoAsAReplayOnAChannelOfTheirOwn() {
        warehouse.setToken(PRODUCER, RECORDS);

        drain(replay(false));

        assertThat(stored()).isEqualTo(MISSING);
        assertThat(warehouse.rows())
                .allMatch(row -> row.producerId().equals(PRODUCER)
                        && row.sourceLane().equals(Replay.LANE)
                        && row.receivedAtMicros() == 9_000_000);
        assertThat(warehouse.tokens)
                .containsEntry(ChannelName.producer(PRODUCER), (long) RECORDS)
                .containsEntry(ChannelName.replay("r-1", PRODUCER), 27L);
    }

    @Test
    void aReplayOfEverythingSendsEachRecord() {
        drain(replay(true));

        assertThat(stored()).hasSize(RECORDS).isSorted();
    }

    @Test
    void nothingIsDoneBeforeItIsCommitted() {
        sink.holdCommits();
        JournalUploader uploader = replay(false);
        for (int i = 0; i < 100; i++) {
            uploader.doWork();
        }
        assertThat(sink.pendingBatches()).isEqualTo(2);
        assertThat(uploader.isDrained()).isFalse();
        assertThat(uploader.pending()).isEqualTo(6);

        sink.commit();
        uploader.doWork();

        assertThat(uploader.pending()).isEqualTo(2);
        assertThat(stored()).containsExactly(4L, 5L, 9L, 10L);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void eachRowIsThereOnceWhateverFails(Fault fault) {
        int[] batches = {0};
        // What comes behind a lost batch on the same channel is lost, too.
        sink.failOn(rows -> {
            boolean isSecond = batches[0]++ == 1;
            boolean isLost = fault == Fault.SILENT_LOSS && batches[0] > 1 && sink.openings() == 1;
            return isSecond || isLost ? fault : Fault.NONE;
        });

        drain(replay(false));

        assertThat(stored()).isEqualTo(MISSING);
    }

    @Test
    void aRowThatIsRefusedAfterItWasTakenLeavesADeadLetterInItsPlace() {
        sink.refuseLater(row -> row.sequence() == 9);
        JournalUploader uploader = replay(false);

        drain(uploader);

        assertThat(stored()).containsExactlyInAnyOrderElementsOf(MISSING);
        assertThat(uploader.metrics().deadLetters()).isEqualTo(1);
        assertThat(warehouse.rows())
                .filteredOn(row -> row.action().equals(DeadLetter.ACTION))
                .singleElement()
                .matches(row -> row.sequence() == 9 && row.sourceLane().equals(Replay.LANE));
    }

    @Test
    void whatIsCommittedWhenItFailsForGoodIsKnown() {
        int[] batches = {0};
        sink.failOn(rows -> batches[0]++ == 0 ? Fault.NONE : Fault.BEFORE_COMMIT);
        JournalUploader uploader = replay(false);

        assertThatThrownBy(() -> drain(uploader))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.REOPEN));

        assertThat(uploader.pending()).isEqualTo(4);
        assertThat(stored()).containsExactly(4L, 5L);
    }

    @Test
    void aRecordThatTheJournalLostMeanwhileEndsItWhenWhatIsBeforeIsCommitted() {
        JournalUploader uploader = replay(false);
        journal.lose(10, 10);

        assertThatThrownBy(() -> drain(uploader)).hasMessageContaining("sequence=10");

        assertThat(stored()).containsExactly(4L, 5L, 9L);
        assertThat(uploader.pending()).isEqualTo(3);
    }

    @Test
    void aJournalThatEndsEarlyEndsItToo() {
        SequenceSet beyond = new SequenceSet(1);
        beyond.add(RECORDS);
        beyond.add(RECORDS + 1L);
        JournalUploader uploader = new Replay(journal, beyond, beyond, RECORDS + 1L)
                .uploader(sink, false, "r-1", 9_000_000, CONFIG, () -> nowNs, UploadListener.NONE);

        assertThatThrownBy(() -> drain(uploader)).hasMessageContaining("sequence=" + (RECORDS + 1));

        assertThat(stored()).containsExactly((long) RECORDS);
    }
}
