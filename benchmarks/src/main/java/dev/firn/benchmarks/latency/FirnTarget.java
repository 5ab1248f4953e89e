package dev.firn.benchmarks.latency;

import dev.firn.event.Event;
import dev.firn.ingest.FlushReport;
import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import java.nio.file.Path;
import java.time.Duration;

/** The embedded client. All settings but the sync interval are defaults. */
final class FirnTarget implements Target {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path journal;
    private final IngestClient client;
    private final Input input;

    /** How the caller emits. */
    @FunctionalInterface
    private interface Input {
        long emit(IngestClient client, int index);
    }

    private FirnTarget(Path journal, Duration syncInterval, Input input) {
        this.journal = journal;
        this.client = IngestClient.open(
                IngestConfig.builder(journal).syncInterval(syncInterval).build());
        this.input = input;
    }

    /** The client takes events that are built beforehand: checked and encoded. */
    static FirnTarget byReference(Path journal, Duration syncInterval, Event[] events) {
        return new FirnTarget(journal, syncInterval, (client, index) -> client.emit(events[index]));
    }

    /** The client's writer encodes what the caller has: nothing is built. */
    static FirnTarget encoding(Path journal, Duration syncInterval, ChatMessage[] messages) {
        return new FirnTarget(journal, syncInterval, (client, index) -> {
            ChatMessage message = messages[index];
            return client.event(ChatMessage.ACTION)
                    .tenant(message.tenantId())
                    .actor(message.actorId())
                    .object(ChatMessage.OBJECT_TYPE, message.conversationId())
                    .occurredAt(message.occurredAt())
                    .attribute("message_id", message.messageId())
                    .attribute("role", message.role())
                    .attribute("text", message.text())
                    .attribute("tokens", message.tokens())
                    .emit();
        });
    }

    @Override
    public void accept(int index) {
        long sequence = input.emit(client, index);
        if (sequence < 0) {
            throw new IllegalStateException("the client refused an event: outcome=" + sequence);
        }
    }

    @Override
    public void awaitWritten(long taken) {
        checkComplete(client.flush(PATIENCE), "flush");
    }

    @Override
    public void close() {
        checkComplete(client.close(PATIENCE), "close");
    }

    private static void checkComplete(FlushReport report, String call) {
        if (!report.complete()) {
            throw new IllegalStateException("the client did not write everything: call=" + call + " report=" + report);
        }
    }

    @Override
    public long countStored() {
        return Stored.records(journal);
    }
}
