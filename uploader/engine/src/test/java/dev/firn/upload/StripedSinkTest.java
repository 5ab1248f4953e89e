package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StripedSinkTest extends SinkContract {
    private final InMemorySink.Warehouse warehouse = new InMemorySink.Warehouse();
    private InMemorySink memory = new InMemorySink(warehouse);

    @Override
    protected Sink openSink() {
        memory = new InMemorySink(warehouse);
        return new StripedSink(memory, 4);
    }

    @Override
    protected List<SinkRow> rawRows() {
        return warehouse.rows();
    }

    @Override
    protected Map<String, StoredEvent> events() {
        return warehouse.events();
    }

    private SinkChannel channel() {
        return sink.openChannel(ChannelName.producer(PRODUCER));
    }

    private static SinkRow row(long sequence) {
        return Rows.row(PRODUCER, sequence);
    }

    private void setToken(int stripe, long token) {
        warehouse.tokens.put(ChannelName.producer(PRODUCER).stripe(stripe, 4), token);
    }

    private List<Long> sequences() {
        return warehouse.rows().stream().map(SinkRow::sequence).toList();
    }

    @Test
    void theNumberOfStripesIsPartOfTheName() {
        assertThat(sink.name()).isEqualTo("memory/4");
        assertThat(ChannelName.producer("p").stripe(1, 4)).hasToString("p-1-of-4");
    }

    @Test
    void aRowGoesToTheChannelThatItsSequenceLeavesAsRemainder() {
        try (SinkChannel channel = channel()) {
            channel.append(List.of(row(1), row(2), row(5)), 5);
        }

        assertThat(warehouse.tokens)
                .containsOnly(
                        Map.entry(ChannelName.producer(PRODUCER).stripe(1, 4), 5L),
                        Map.entry(ChannelName.producer(PRODUCER).stripe(2, 4), 2L));
    }

    @Test
    void theTokenEndsBeforeTheFirstRowThatAStripeMayLack() {
        setToken(0, 8);
        setToken(1, 9);
        setToken(2, 2);
        setToken(3, 7);

        try (SinkChannel channel = channel()) {
            assertThat(channel.committedToken()).isEqualTo(5);
        }
    }

    @Test
    void whatTheJournalLostIsLackingNowhere() {
        setToken(0, 8);
        setToken(1, 9);
        setToken(2, 2);
        setToken(3, 7);

        try (SinkChannel channel = channel()) {
            channel.passOver(new MissingSequences(List.of(new SequenceSet.Range(5, 6))));

            assertThat(channel.committedToken()).isEqualTo(9);
        }
    }

    @Test
    void rowsThatAStripeHasAreNotAppendedAgain() {
        setToken(0, 4);
        setToken(1, 1);
        setToken(3, 3);
        try (SinkChannel channel = channel()) {
            assertThat(channel.committedToken()).isEqualTo(1);

            channel.append(List.of(row(2), row(3), row(4), row(5)), 5);

            assertThat(channel.committedToken()).isEqualTo(5);
        }
        assertThat(sequences()).containsExactly(5L, 2L);
    }

    @Test
    void whatAStripeTookBeforeAnotherOneHadNoRoomIsNotDoubled() {
        boolean[] hasRoom = {true};
        memory.failOn(rows -> {
            hasRoom[0] = !hasRoom[0];
            return hasRoom[0] ? InMemorySink.Fault.NO_ROOM : InMemorySink.Fault.NONE;
        });
        List<SinkRow> batch = List.of(row(1), row(2));
        try (SinkChannel channel = channel()) {
            assertThatThrownBy(() -> channel.append(batch, 2)).isInstanceOf(SinkException.class);
            assertThat(channel.committedToken()).isZero();

            channel.append(batch, 2);

            assertThat(channel.committedToken()).isEqualTo(2);
        }
        assertThat(sequences()).containsExactly(1L, 2L);
    }

    @Test
    void theTokenWaitsForTheSlowestStripeAndNeverGoesBack() {
        try (SinkChannel channel = channel()) {
            channel.append(List.of(row(1), row(2), row(3), row(4)), 4);
            memory.holdCommits();
            channel.append(List.of(row(5), row(7)), 7);
            assertThat(channel.committedToken()).isEqualTo(4);
            memory.commit();
            assertThat(channel.committedToken()).isEqualTo(7);

            channel.append(List.of(row(10)), 10);

            assertThat(channel.committedToken()).as("6 belongs to no row").isEqualTo(7);
        }
    }

    @Test
    void rowsThatAreRefusedLaterAreFoundOnTheirStripesAndTheirLettersFollow() {
        memory.refuseLater(row -> row.sequence() == 2 || row.sequence() == 3);
        try (SinkChannel channel = channel()) {
            channel.append(List.of(row(1), row(2), row(3), row(4), row(6)), 6);
            assertThat(channel.refused(0, 6)).containsExactly(2L, 3L);

            memory.refuseLater(row -> false);
            channel.append(List.of(row(2)), 6);

            assertThat(channel.refused(0, 6)).containsExactly(3L);
            assertThat(channel.committedToken()).isEqualTo(6);
        }
    }

    @Test
    void aTokenThatWasNeverSentIsShown() {
        try (SinkChannel channel = channel()) {
            channel.append(List.of(row(1)), 1);
            setToken(3, 99);

            assertThat(channel.committedToken()).isEqualTo(99);
        }
    }

    @Test
    void thereIsAtLeastOneStripe() {
        assertThatThrownBy(() -> new StripedSink(memory, 0)).hasMessageContaining("stripes must be in 1..256");
    }
}
