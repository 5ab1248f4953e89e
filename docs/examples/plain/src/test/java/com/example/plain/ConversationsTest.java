package com.example.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.firn.ingest.EventClient;
import dev.firn.ingest.testing.EventAttributes;
import dev.firn.ingest.testing.RecordingClient;
import org.junit.jupiter.api.Test;

class ConversationsTest {
    private static final String TEXT = "Is my flu shot covered?";

    private final RecordingClient client = new RecordingClient();
    private final Conversations conversations = new Conversations(client);

    private long send(String text) {
        return conversations.messageSent("HCS0001", "user-1", "c-1", "m-1", text);
    }

    @Test
    void aMessageIsRecordedWithItsText() {
        assertThat(send(TEXT)).isEqualTo(1);

        client.assertEmitted(
                "conversation.message_sent",
                event -> event.tenantId().equals("HCS0001")
                        && TEXT.equals(EventAttributes.of(event).get("text")));
    }

    @Test
    void withoutRoomTheCallerMayTryAgain() {
        client.answer(EventClient.RING_FULL).answer(EventClient.DISK_LOW);

        assertThatExceptionOfType(BusyException.class).isThrownBy(() -> send(TEXT));
        assertThatExceptionOfType(BusyException.class).isThrownBy(() -> send(TEXT));
        client.assertNothingEmitted();
        assertThat(send(TEXT)).isEqualTo(1);
    }

    @Test
    void whatIsDroppedStopsNobody() {
        client.answer(EventClient.DROPPED);

        assertThat(send(TEXT)).isZero();
    }

    @Test
    void aBadMessageIsRefusedWithoutBeingQuoted() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> send(TEXT + "\ud83d"))
                .withMessageContaining("attributes.text")
                .satisfies(refused -> assertThat(refused.toString()).doesNotContain(TEXT));
    }

    @Test
    void aClosedApplicationRecordsNothing() {
        client.close();

        assertThatIllegalStateException().isThrownBy(() -> send(TEXT)).withMessageContaining("CLOSED");
    }
}
