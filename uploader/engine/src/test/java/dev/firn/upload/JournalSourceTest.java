package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.event.Event;
import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalSourceTest {
    @TempDir
    private Path directory;

    @Test
    void recordsComeOutAsRowsWithTheFieldsOfTheirEvents() {
        Path journal = directory.resolve("app");
        Event event = Rows.event("\u20ac");
        String producer;
        try (IngestClient client =
                IngestClient.open(IngestConfig.builder(journal).build())) {
            producer = client.producerId().toString();
            client.emit(Rows.event("first"));
            client.emit(event);
        }
        List<SinkRow> rows = new ArrayList<>();

        try (JournalSource source = JournalSource.open(journal)) {
            assertThat(source.firstSequence()).isEqualTo(1);
            assertThat(source.lastSequence()).isEqualTo(2);
            source.seek(2);
            assertThat(source.poll(rows, 10)).isEqualTo(1);
            source.force();
        }

        SinkRow row = rows.get(0);
        assertThat(row.producerId()).isEqualTo(producer);
        assertThat(row.sequence()).isEqualTo(2);
        assertThat(row.eventId()).isEqualTo(event.eventId());
        assertThat(row.tenantId()).isEqualTo("HCS0001");
        assertThat(row.action()).isEqualTo(event.action());
        assertThat(row.objectId()).isEqualTo("c-1");
        assertThat(row.occurredAtMicros()).isEqualTo(event.occurredAtMicros());
        assertThat(row.sourceLane()).isEqualTo("APPLICATION");
        assertThat(new String(row.payload(), StandardCharsets.UTF_8)).isEqualTo(event.canonical());
    }
}
