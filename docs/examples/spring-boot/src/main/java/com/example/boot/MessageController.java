package com.example.boot;

import dev.firn.ingest.EventClient;
import dev.firn.ingest.EventWriter;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Records messages on the request's thread, and answers each outcome. Nothing that a user wrote is quoted in an answer or a log. */
@RestController
class MessageController {
    private static final Duration LONGEST_SYNC = Duration.ofSeconds(2);

    private final EventClient events;

    MessageController(EventClient events) {
        this.events = events;
    }

    /** What is posted. Shows nothing of its text. */
    record Message(String id, String user, String text) {
        Message {
            if (id == null || user == null || text == null) {
                throw new IllegalArgumentException("id, user and text are required");
            }
        }

        @Override
        public String toString() {
            return "Message[id=" + id + "]";
        }
    }

    /**
     * @param durable whether to answer only once the message is on disk; it takes some ten milliseconds
     */
    @PostMapping("/tenants/{tenant}/conversations/{conversation}/messages")
    ResponseEntity<?> send(
            @PathVariable String tenant,
            @PathVariable String conversation,
            @RequestParam(defaultValue = "false") boolean durable,
            @RequestBody Message message) {
        EventWriter event = events.event("conversation.message_sent")
                .tenant(tenant)
                .actor(message.user())
                .object("conversation", conversation)
                .attribute("message_id", message.id())
                .attribute("role", "user")
                .attribute("text", message.text());
        long answer = event.emit();
        if (answer > 0 && durable && !events.awaitDurable(answer, LONGEST_SYNC)) {
            return problem(HttpStatus.SERVICE_UNAVAILABLE, "the message is recorded, and not yet known to be on disk");
        }
        return switch (EventClient.outcome(answer)) {
            // Dropped ones are counted and told of: whoever chose that goes on without them.
            case "ACCEPTED", "DROPPED" -> ResponseEntity.accepted().build();
            case "INVALID" -> problem(HttpStatus.BAD_REQUEST, String.valueOf(event.problem()));
            case "RING_FULL", "DISK_LOW" -> problem(HttpStatus.SERVICE_UNAVAILABLE, "no room now, try again later");
            case "CLOSED" -> problem(HttpStatus.SERVICE_UNAVAILABLE, "the application is closing");
            default -> problem(HttpStatus.FORBIDDEN, "not an action of an application's");
        };
    }

    /** Spring would log the parser's message, which quotes what was posted. */
    @ExceptionHandler(HttpMessageNotReadableException.class)
    ResponseEntity<ProblemDetail> notReadable() {
        return problem(HttpStatus.BAD_REQUEST, "the body must be a JSON object with id, user and text");
    }

    private static ResponseEntity<ProblemDetail> problem(HttpStatus status, String detail) {
        return ResponseEntity.of(ProblemDetail.forStatusAndDetail(status, detail))
                .build();
    }
}
