package com.example.plain;

import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The client alone: {@code ChatWithSideCar DIR [MESSAGES]}. A process of its own, {@code firn upload --follow --dir DIR}, brings its journal
 * into the warehouse. Without a number it goes on until it is stopped.
 */
public final class ChatWithSideCar {
    private ChatWithSideCar() {}

    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        long messages = arguments.length > 1 ? Long.parseLong(arguments[1]) : Long.MAX_VALUE;
        IngestClient client = IngestClient.open(
                IngestConfig.builder(directory.resolve("journals/chat")).build());
        Runtime.getRuntime().addShutdownHook(new Thread(client::close, "chat-close"));

        Conversations conversations = new Conversations(client);
        // What an earlier run left in the journal is not sent again.
        for (long n = client.lastSequence() + 1; n <= messages; n++) {
            long sequence = conversations.messageSent("HCS0001", "user-1", "c-1", "m-" + n, "message number " + n);
            // As a service does that answers its caller only once the message cannot be lost any more.
            if (client.awaitDurable(sequence, Duration.ofSeconds(5))) {
                System.out.println("durable m-" + n);
            }
        }
        client.close();
    }
}
