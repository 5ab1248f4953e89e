package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";

    private final InMemorySink.Warehouse left = new InMemorySink.Warehouse();
    private final InMemorySink.Warehouse entered = new InMemorySink.Warehouse();
    private final Handover handover = new Handover(new InMemorySink(left), new InMemorySink(entered));
    private final FakeSource journal = new FakeSource(PRODUCER, 8);

    @Test
    void theOtherSinkBeginsBehindTheTokenOfTheOneThatIsLeft() {
        left.setToken(PRODUCER, 5);

        assertThat(handover.move(journal)).isEqualTo(5);

        assertThat(tokenOf(entered)).isEqualTo(5);
    }

    @Test
    void itMayBeDoneAgain() {
        left.setToken(PRODUCER, 5);
        handover.move(journal);

        assertThat(handover.move(journal)).isEqualTo(5);
    }

    @Test
    void aStreamOfWhichNothingIsCommittedBeginsAtTheBeginning() {
        assertThat(handover.move(journal)).isEqualTo(SinkChannel.NOTHING);

        assertThat(tokenOf(entered)).isEqualTo(SinkChannel.NOTHING);
    }

    @Test
    void aSinkThatWasLeftOnceIsEnteredAgain() {
        left.setToken(PRODUCER, 5);
        entered.setToken(PRODUCER, 3);

        handover.move(journal);

        assertThat(tokenOf(entered)).isEqualTo(5);
    }

    @Test
    void aSinkThatIsFurtherKeepsItsToken() {
        left.setToken(PRODUCER, 5);
        entered.setToken(PRODUCER, 7);

        assertThatThrownBy(() -> handover.move(journal))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.remedy()).isEqualTo(SinkException.Remedy.STOP));

        assertThat(tokenOf(entered)).isEqualTo(7);
    }

    @Test
    void rowsThatWereRefusedAreSetAsideFirst() {
        Sink refusing = new RefusingSink();

        assertThatThrownBy(() -> new Handover(refusing, new InMemorySink(entered)).move(journal))
                .isInstanceOf(SinkException.class)
                .hasMessageContaining("rows=1 first=4");

        journal.lose(4, 4);
        assertThat(new Handover(refusing, new InMemorySink(entered)).move(journal))
                .isEqualTo(5);
    }

    private static long tokenOf(InMemorySink.Warehouse warehouse) {
        return new InMemorySink(warehouse)
                .openChannel(ChannelName.producer(PRODUCER))
                .committedToken();
    }

    /** Has dropped sequence 4. */
    private static final class RefusingSink implements Sink {
        @Override
        public String name() {
            return "refusing";
        }

        @Override
        public SinkChannel openChannel(ChannelName name) {
            return new SinkChannel() {
                @Override
                public long committedToken() {
                    return 5;
                }

                @Override
                public void append(List<SinkRow> rows, long offsetToken) {
                    throw new AssertionError("a handover sends nothing");
                }

                @Override
                public List<Long> refused(long afterSequence, long upToSequence) {
                    return List.of(4L);
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {}
    }
}
