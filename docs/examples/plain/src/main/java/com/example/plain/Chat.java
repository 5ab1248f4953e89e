package com.example.plain;

import dev.firn.embedded.CloseReport;
import dev.firn.embedded.DuckDb;
import dev.firn.embedded.Firn;
import dev.firn.embedded.FirnConfig;
import dev.firn.ingest.IngestConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Client and uploader in one process: {@code Chat DIR MESSAGES} sends some messages on four threads and ends. */
public final class Chat {
    private static final int THREADS = 4;

    private Chat() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path directory = Path.of(arguments[0]);
        int messages = Integer.parseInt(arguments[1]);
        FirnConfig config = FirnConfig.builder(
                        IngestConfig.builder(directory.resolve("journals/chat")).build(),
                        DuckDb.file(directory.resolve("warehouse.duckdb")))
                .build();
        Firn firn = Firn.start(config);
        // For Ctrl-C and SIGTERM. Closing twice does nothing.
        Runtime.getRuntime().addShutdownHook(new Thread(firn::close, "chat-close"));

        Conversations conversations = new Conversations(firn.client());
        List<Thread> threads = IntStream.range(0, THREADS)
                .mapToObj(t -> new Thread(() -> {
                    for (int n = t; n < messages; n += THREADS) {
                        conversations.messageSent("HCS0001", "user-" + t, "c-" + t, "m-" + n, "message number " + n);
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        CloseReport report = firn.close(Duration.ofSeconds(30));
        System.out.println("accepted " + report.client().accepted() + ", in the warehouse up to "
                + report.committedSequence() + ", left in the journal " + report.pending());
    }
}
