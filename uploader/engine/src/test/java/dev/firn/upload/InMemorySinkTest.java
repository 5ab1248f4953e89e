package dev.firn.upload;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class InMemorySinkTest extends SinkContract {
    private final InMemorySink.Warehouse warehouse = new InMemorySink.Warehouse();

    @Override
    protected Sink openSink() {
        return new InMemorySink(warehouse);
    }

    @Override
    protected List<SinkRow> rawRows() {
        return warehouse.rows();
    }

    @Override
    protected Map<String, StoredEvent> events() {
        Map<String, StoredEvent> events = new HashMap<>();
        for (SinkRow row : warehouse.rows()) {
            events.merge(
                    row.eventId(),
                    new StoredEvent(
                            row.eventId(),
                            new String(row.payload(), StandardCharsets.UTF_8),
                            row.receivedAtMicros(),
                            1),
                    (a, b) -> new StoredEvent(
                            a.eventId(),
                            a.payload(),
                            Math.min(a.firstReceivedAtMicros(), b.firstReceivedAtMicros()),
                            a.copies() + b.copies()));
        }
        return events;
    }
}
