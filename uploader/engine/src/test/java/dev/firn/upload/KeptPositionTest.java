package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import dev.firn.journal.CommittedPosition;
import dev.firn.journal.ProducerId;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptPositionTest {
    @TempDir
    private Path directory;

    private Path journal;
    private ProducerId producer;

    @BeforeEach
    void writeAnEvent() {
        journal = directory.resolve("app");
        try (IngestClient client =
                IngestClient.open(IngestConfig.builder(journal).build())) {
            client.emit(Rows.event("event"));
            producer = client.producerId();
        }
    }

    private KeptPosition position(String sinkName) {
        return KeptPosition.ofJournal(journal, sinkName, producer);
    }

    @Test
    void nothingIsKeptAtFirst() {
        assertThat(position("memory").read()).isZero();
    }

    @Test
    void whatIsWrittenIsReadAgainByAnyoneOnTheHost() {
        position("memory").write(7);

        assertThat(position("memory").read()).isEqualTo(7);
        assertThat(CommittedPosition.read(journal)).contains(new CommittedPosition(7, "memory"));
    }

    @Test
    void aPositionInAnotherSinkIsNone() {
        position("memory").write(7);

        assertThat(position("memory/4").read()).isZero();
    }
}
