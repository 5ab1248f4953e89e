package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.event.Event;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every sink does. An implementation extends it, says how to open the sink and how to read back, and skips nothing. */
public abstract class SinkContract {
    protected static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";
    protected static final String OTHER_PRODUCER = "0b8f2a6e-0000-4000-8000-000000000002";

    /** An event as {@code ACTIVITY.EVENTS} shows it. */
    public record StoredEvent(String eventId, String payload, long firstReceivedAtMicros, long copies) {}

    protected Sink sink;

    /** Opens the sink on the same warehouse each time; the first time it is empty. */
    protected abstract Sink openSink() throws Exception;

    /** All rows of RAW_EVENTS, in any order. */
    protected abstract List<SinkRow> rawRows() throws Exception;

    /** All rows of EVENTS, by event ID. */
    protected abstract Map<String, StoredEvent> events() throws Exception;

    /** Lets time pass for a sink that commits later. */
    protected void awaitCommitted(SinkChannel channel, long token) throws Exception {
        assertThat(channel.committedToken()).isEqualTo(token);
    }

    @BeforeEach
    void openFirst() throws Exception {
        sink = openSink();
    }

    @AfterEach
    void closeLast() {
        sink.close();
    }

    private void reopen() throws Exception {
        sink.close();
        sink = openSink();
    }

    private SinkChannel producer(String id) {
        return sink.openChannel(ChannelName.producer(id));
    }

    private void append(SinkChannel channel, SinkRow... rows) throws Exception {
        append(channel, List.of(rows), rows[rows.length - 1].sequence());
    }

    private void append(SinkChannel channel, List<SinkRow> rows, long token) throws Exception {
        channel.append(rows, token);
        awaitCommitted(channel, token);
    }

    @Test
    void aNewChannelHasNoToken() {
        try (SinkChannel channel = producer(PRODUCER)) {
            assertThat(channel.committedToken()).isEqualTo(SinkChannel.NOTHING);
        }
    }

    @Test
    void rowsAreStoredAsTheyWereGiven() throws Exception {
        Event odd = Event.builder("a.b")
                .tenant("T-1_x.y")
                .actor("Zo\u00eb | \"O'Hara\" \\ \uD83D\uDE00\n")
                .occurredAt(Instant.parse("0001-01-01T00:00:00Z"))
                .attribute("text", "tab\t and \u2028")
                .attribute("", 5e-324)
                .attribute("A", Map.of("a", 1, "B", List.of()))
                .build();
        Event late = Event.builder("a.b")
                .tenant("T1")
                .actor("x")
                .object("t", "null")
                .occurredAt(Instant.parse("9999-12-31T23:59:59.999999Z"))
                .build();
        List<SinkRow> rows = List.of(Rows.row(odd, PRODUCER, 1), Rows.row(late, PRODUCER, 2), Rows.row(PRODUCER, 3));
        try (SinkChannel channel = producer(PRODUCER)) {
            append(channel, rows, 3);
        }

        assertThat(rawRows()).usingRecursiveFieldByFieldElementComparator().containsExactlyInAnyOrderElementsOf(rows);
        assertThat(events().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        rows.stream().map(SinkRow::eventId).toList());
    }

    @Test
    void theTokenIsThereAgainAfterReopening() throws Exception {
        try (SinkChannel channel = producer(PRODUCER)) {
            append(channel, Rows.row(PRODUCER, 1), Rows.row(PRODUCER, 2));
            append(channel, Rows.row(PRODUCER, 3));
        }
        reopen();

        try (SinkChannel channel = producer(PRODUCER)) {
            assertThat(channel.committedToken()).isEqualTo(3);
            append(channel, Rows.row(PRODUCER, 4));
        }
        assertThat(rawRows()).extracting(SinkRow::sequence).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
    }

    @Test
    void producersHaveTokensOfTheirOwn() throws Exception {
        try (SinkChannel one = producer(PRODUCER);
                SinkChannel other = producer(OTHER_PRODUCER)) {
            append(one, Rows.row(PRODUCER, 1), Rows.row(PRODUCER, 2));
            append(other, Rows.row(OTHER_PRODUCER, 1));

            assertThat(one.committedToken()).isEqualTo(2);
            assertThat(other.committedToken()).isEqualTo(1);
        }
    }

    @Test
    void anEventThatComesAgainIsOneEventWithCopiesAndItsFirstReceipt() throws Exception {
        Event event = Rows.event("again");
        try (SinkChannel one = producer(PRODUCER);
                SinkChannel other = producer(OTHER_PRODUCER)) {
            append(one, Rows.row(event, PRODUCER, 1, 500), Rows.row(event, PRODUCER, 2, 700));
            append(other, Rows.row(event, OTHER_PRODUCER, 1, 300));
            append(one, Rows.row(PRODUCER, 3), Rows.row(event, PRODUCER, 4, 900));
        }

        assertThat(rawRows()).hasSize(5);
        assertThat(events()).hasSize(2);
        assertThat(events().get(event.eventId()))
                .isEqualTo(new StoredEvent(event.eventId(), event.canonical(), 300, 4));
    }

    @Test
    void eventsFarApartInTimeAreFoundAgain() throws Exception {
        List<SinkRow> first = new ArrayList<>();
        List<SinkRow> again = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Event event = Event.builder("a.b")
                    .tenant("T1")
                    .actor("x")
                    .occurredAt(Instant.parse("1000-01-01T00:00:00Z").plusSeconds(i * 5_000_000_000L))
                    .attribute("n", i)
                    .build();
            first.add(Rows.row(event, PRODUCER, i + 1));
            again.add(Rows.row(event, PRODUCER, i + 41));
        }
        try (SinkChannel channel = producer(PRODUCER)) {
            append(channel, first, 40);
            append(channel, again, 80);
        }

        assertThat(events())
                .hasSize(40)
                .allSatisfy((id, event) -> assertThat(event.copies()).isEqualTo(2));
    }

    @Test
    void aBatchWithARefusedRowMovesNoTokenAndItsRowsCanComeAgainInParts() throws Exception {
        try (SinkChannel channel = producer(PRODUCER)) {
            append(channel, Rows.row(PRODUCER, 1));

            assertThatThrownBy(() ->
                            append(channel, Rows.row(PRODUCER, 2), Rows.unreadable(PRODUCER, 3), Rows.row(PRODUCER, 4)))
                    .isInstanceOfSatisfying(
                            SinkException.class,
                            e -> assertThat(e.remedy()).isEqualTo(SinkException.Remedy.DEAD_LETTER));

            assertThat(channel.committedToken()).isEqualTo(1);
            append(channel, Rows.row(PRODUCER, 2));
            append(channel, Rows.row(PRODUCER, 3), Rows.row(PRODUCER, 4));
        }
        assertThat(rawRows()).extracting(SinkRow::sequence).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
        assertThat(events()).hasSize(4);
    }

    @Test
    void nothingIsRefusedLaterOfWhatIsStored() throws Exception {
        try (SinkChannel channel = producer(PRODUCER)) {
            append(channel, Rows.row(PRODUCER, 1), Rows.row(PRODUCER, 2));

            assertThat(channel.refused(0, 2)).isEmpty();
        }
    }

    @Test
    void aChannelThatIsAbandonedIsOpenedAgainWithItsToken() throws Exception {
        SinkChannel abandoned = producer(PRODUCER);
        append(abandoned, Rows.row(PRODUCER, 1));
        abandoned.abandon();

        try (SinkChannel channel = producer(PRODUCER)) {
            assertThat(channel.committedToken()).isEqualTo(1);
        }
    }

    @Test
    void aConnectionThatIsFineIsNotReplaced() throws Exception {
        try (SinkChannel channel = producer(PRODUCER)) {
            sink.reconnect();

            append(channel, Rows.row(PRODUCER, 1));
        }
        assertThat(rawRows()).hasSize(1);
    }

    @Test
    void aReplayKeepsProducerAndSequenceAndMovesNoProducersToken() throws Exception {
        try (SinkChannel channel = producer(PRODUCER)) {
            append(channel, Rows.row(PRODUCER, 1), Rows.row(PRODUCER, 2));
        }
        try (SinkChannel replay = sink.openChannel(ChannelName.replay("r-1", PRODUCER))) {
            assertThat(replay.committedToken()).isEqualTo(SinkChannel.NOTHING);
            append(replay, List.of(Rows.row(PRODUCER, 1).received("REPLAY", 9_000_000)), 1);
            assertThat(replay.committedToken()).isEqualTo(1);
        }
        reopen();

        try (SinkChannel channel = producer(PRODUCER)) {
            assertThat(channel.committedToken()).isEqualTo(2);
        }
        assertThat(rawRows())
                .filteredOn(row -> row.sequence() == 1)
                .extracting(SinkRow::sourceLane)
                .containsExactlyInAnyOrder(Rows.LANE, "REPLAY");
        assertThat(events()).hasSize(2);
    }

    @Test
    void theLongestEventIsStoredWhole() throws Exception {
        int around = Rows.event("").canonicalLength();
        Event longest = Rows.event("x".repeat(Event.MAX_CANONICAL_LENGTH - around));
        try (SinkChannel channel = producer(PRODUCER)) {
            append(channel, Rows.row(longest, PRODUCER, 1));
        }

        assertThat(rawRows().get(0).payload()).isEqualTo(longest.canonical().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aBatchOfManyRowsIsStoredWhole() throws Exception {
        List<SinkRow> rows = new ArrayList<>();
        for (int i = 1; i <= 5_000; i++) {
            rows.add(Rows.row(PRODUCER, i));
        }
        try (SinkChannel channel = producer(PRODUCER)) {
            append(channel, rows, 5_000);
        }

        assertThat(rawRows()).hasSize(5_000);
        assertThat(events()).hasSize(5_000);
    }
}
