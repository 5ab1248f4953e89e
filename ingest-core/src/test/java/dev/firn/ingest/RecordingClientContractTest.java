package dev.firn.ingest;

import dev.firn.event.Event;
import dev.firn.ingest.testing.RecordingClient;
import java.util.List;
import java.util.function.LongSupplier;

class RecordingClientContractTest extends EventClientContract {
    @Override
    EventClient open(LongSupplier clock) {
        return new RecordingClient(clock);
    }

    @Override
    List<String> taken(EventClient client) {
        return ((RecordingClient) client)
                .events().stream().map(Event::canonical).toList();
    }
}
