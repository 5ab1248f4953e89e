package dev.firn.ingest;

import dev.firn.journal.JournalReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.io.TempDir;

class IngestClientContractTest extends EventClientContract {
    @TempDir
    private Path temporary;

    @Override
    EventClient open(LongSupplier clock) {
        return IngestClient.open(
                IngestConfig.builder(temporary.resolve("journal")).clock(clock).build());
    }

    @Override
    List<String> taken(EventClient client) {
        List<String> canonicals = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(temporary.resolve("journal"))) {
            while (reader.poll(record -> canonicals.add(new String(record.canonical(), StandardCharsets.UTF_8)), 1_000)
                    > 0) {
                // The handler collects.
            }
        }
        return canonicals;
    }
}
