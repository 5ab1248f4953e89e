package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Sends replays until they are committed. */
public final class Replays {
    private static final UploaderConfig CONFIG = UploaderConfig.builder()
            .maxBatchDelay(Duration.ZERO)
            .firstRetryDelay(Duration.ofMillis(50))
            .build();
    private static final long WITHIN_NS = TimeUnit.SECONDS.toNanos(90);

    private Replays() {}

    /** Sends the missing records, or all selected ones. */
    public static JournalUploader send(Replay replay, Sink sink, boolean all) throws InterruptedException {
        long startNs = System.nanoTime();
        try (JournalUploader uploader =
                replay.uploader(sink, all, "r-1", 1_000, CONFIG, System::nanoTime, UploadListener.NONE)) {
            while (!uploader.isDrained()) {
                if (uploader.doWork() == 0) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                assertThat(System.nanoTime() - startNs).isLessThan(WITHIN_NS);
            }
            return uploader;
        }
    }
}
