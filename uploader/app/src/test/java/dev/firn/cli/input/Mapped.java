package dev.firn.cli.input;

import dev.firn.event.Event;
import dev.firn.event.InvalidEventException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a mapping makes of an input, for tests. */
final class Mapped {
    static final String FIELDS = "\"tenant_id\":\"t\",\"action\":\"a.b\",\"actor_id\":\"x\"";
    static final String AT = "\"occurred_at\":\"2025-01-01T00:00:00Z\"";

    final List<Event> events = new ArrayList<>();
    final List<InvalidEventException> refused = new ArrayList<>();
    final List<Long> refusedRows = new ArrayList<>();
    int rows;
    int skipped;

    static Mapped of(String mapping, String input) {
        return of(Mapping.parse(mapping), new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    }

    static Mapped of(Mapping mapping, InputStream in) {
        Mapped mapped = new Mapped();
        try (MappedInput input = MappedInput.open(mapping, in, Records.MAX_RECORD_BYTES, null)) {
            while (input.records().next()) {
                mapped.rows++;
                try {
                    List<Event> events = input.events();
                    mapped.events.addAll(events);
                    mapped.skipped += events.isEmpty() ? 1 : 0;
                } catch (InvalidEventException e) {
                    mapped.refused.add(e);
                    mapped.refusedRows.add(input.records().number());
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return mapped;
    }

    /** The canonical forms. */
    List<String> canonical() {
        return events.stream().map(Event::canonical).toList();
    }

    /** Reason and message of each refused row. */
    List<String> problems() {
        return refused.stream().map(e -> e.reason() + " " + e.getMessage()).toList();
    }

    /** Of a CSV file with the columns A, B, C. */
    static Mapped csv(String keys, String... rows) {
        return of("{\"format\":\"csv\"," + keys + "}", "A,B,C\n" + String.join("\n", rows));
    }

    static Mapped ndjson(String keys, String... lines) {
        return of("{\"format\":\"ndjson\"," + keys + "}", String.join("\n", lines));
    }

    static String attributesOf(Event event) {
        String canonical = event.canonical();
        int object = canonical.indexOf(",\"object_id\"");
        int end = object < 0 ? canonical.indexOf(",\"occurred_at\"") : object;
        return canonical.substring(canonical.indexOf("\"attributes\":") + "\"attributes\":".length(), end);
    }
}
