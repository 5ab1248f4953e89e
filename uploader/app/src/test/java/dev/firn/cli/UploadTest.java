package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.journal.DamagedJournalException;
import dev.firn.journal.Journal;
import dev.firn.sink.duckdb.DuckDbSink;
import dev.firn.upload.UploadListener;
import dev.firn.upload.UploaderConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code upload --follow} does again and again. */
class UploadTest {
    private static final UploaderConfig CONFIG = UploaderConfig.builder()
            .maxBatchRows(10)
            .maxBatchDelay(Duration.ZERO)
            .build();

    @TempDir
    private Path directory;

    private static void workUntilNothingIsDone(Upload upload) {
        while (upload.doWork() > 0) {
            // Works on.
        }
    }

    @Test
    void aDamagedJournalGoesOnOnceItIsRepaired() throws Exception {
        DataDirectory data = new DataDirectory(directory.resolve("data"));
        data.create();
        Path journal = data.journal("app");
        Journals.append(journal, Instant.parse("2020-01-01T01:00:00Z"), 5);
        Journals.damage(journal, 3);
        try (Upload upload = new Upload(data, DuckDbSink.open(data.warehouse()), CONFIG, UploadListener.NONE)) {
            upload.discover();
            workUntilNothingIsDone(upload);
            assertThat(upload.failures().get(journal)).isInstanceOf(DamagedJournalException.class);
            assertThat(upload.uploaders().get(journal).committed()).isEqualTo(2);

            upload.discover();
            workUntilNothingIsDone(upload);
            assertThat(upload.failures()).containsKey(journal);

            Journal.repair(journal);
            upload.discover();
            workUntilNothingIsDone(upload);

            assertThat(upload.failures()).isEmpty();
            assertThat(upload.isDrained()).isTrue();
            assertThat(upload.uploaders().get(journal).committed()).isEqualTo(5);
        }
    }

    @Test
    void whatWasReadIsCommittedBeforeAStopAndNothingMoreIsRead() throws Exception {
        DataDirectory data = new DataDirectory(directory.resolve("data"));
        data.create();
        Path journal = data.journal("app");
        Journals.append(journal, Instant.parse("2020-01-01T01:00:00Z"), 5);
        UploaderConfig patient =
                CONFIG.toBuilder().maxBatchDelay(Duration.ofMinutes(1)).build();
        try (Upload upload = new Upload(data, DuckDbSink.open(data.warehouse()), patient, UploadListener.NONE)) {
            upload.discover();
            workUntilNothingIsDone(upload);
            assertThat(upload.uploaders().get(journal).committed()).isZero();
            Journals.append(journal, Instant.parse("2020-01-01T02:00:00Z"), 2);

            assertThat(upload.drain(Duration.ofSeconds(10))).isTrue();

            assertThat(upload.uploaders().get(journal).committed()).isEqualTo(5);
            assertThat(upload.uploaders().get(journal).pending()).isEqualTo(2);
        }
    }
}
