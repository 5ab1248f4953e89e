package com.example.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.boot.MessageController.Message;
import dev.firn.ingest.EventClient;
import dev.firn.ingest.testing.EventAttributes;
import dev.firn.ingest.testing.RecordingClient;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.ResponseEntity;

/** Every outcome, without a disk and without Spring. */
class MessageControllerTest {
    private static final String TEXT = "Is my flu shot covered?";

    private final RecordingClient client = new RecordingClient();
    private final MessageController controller = new MessageController(client);

    private ResponseEntity<?> send(String tenant, String text) {
        return controller.send(tenant, "c-1", true, new Message("m-1", "user-1", text));
    }

    @Test
    void aMessageIsRecorded() {
        assertThat(send("HCS0001", TEXT).getStatusCode().value()).isEqualTo(202);

        assertThat(EventAttributes.of(client.assertEmitted("conversation.message_sent")))
                .isEqualTo(Map.of("message_id", "m-1", "role", "user", "text", TEXT));
    }

    @Test
    void withoutRoomTheUserIsAskedToTryAgain() {
        for (long outcome : new long[] {EventClient.RING_FULL, EventClient.DISK_LOW, EventClient.CLOSED}) {
            client.answer(outcome);
            assertThat(send("HCS0001", TEXT).getStatusCode().value()).isEqualTo(503);
        }
        client.assertNothingEmitted();
    }

    @Test
    void whatIsDroppedIsAnsweredAsTaken() {
        client.answer(EventClient.DROPPED);

        assertThat(send("HCS0001", TEXT).getStatusCode().value()).isEqualTo(202);
    }

    @Test
    void anActionThatIsNotAdmittedIsForbidden() {
        client.answer(EventClient.NOT_ADMITTED);

        assertThat(send("HCS0001", TEXT).getStatusCode().value()).isEqualTo(403);
    }

    @Test
    void aBadMessageIsRefusedWithoutBeingQuoted() {
        ResponseEntity<?> refused = send("HCS0001", TEXT + "\ud83d");

        assertThat(refused.getStatusCode().value()).isEqualTo(400);
        assertThat(refused.getBody()).asString().contains("attributes.text").doesNotContain(TEXT);
    }
}
