package dev.firn.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PipelineEventsTest {
    private static final Instant AT = Instant.parse("2026-11-20T09:30:00Z");
    private static final long FIRST = EventTime.parse("2026-11-20T09:29:58.000001Z", "t");
    private static final long LAST = EventTime.parse("2026-11-20T09:29:59.5Z", "t");

    private record Case(Event event, String action, Map<String, Object> attributes) {}

    private static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        PipelineEvents.eventsDropped("p-1", 7, FIRST, LAST, "RING_FULL", AT),
                        "pipeline.events_dropped",
                        Map.of(
                                "count", 7L,
                                "first_dropped_at", "2026-11-20T09:29:58.000001Z",
                                "last_dropped_at", "2026-11-20T09:29:59.500000Z",
                                "reason", "RING_FULL")),
                new Case(
                        PipelineEvents.journalDamaged("p-1", 8, 9, "hash differs", "20261120.cq4", AT),
                        "pipeline.journal_damaged",
                        Map.of(
                                "first_sequence",
                                8L,
                                "last_sequence",
                                9L,
                                "damage",
                                "hash differs",
                                "file",
                                "20261120.cq4")),
                new Case(
                        PipelineEvents.journalTrimmed("p-1", 1, 1_000, 2, 83_886_080, AT),
                        "pipeline.journal_trimmed",
                        Map.of("first_sequence", 1L, "last_sequence", 1_000L, "files", 2L, "bytes", 83_886_080L)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aReportSaysWhatHappenedToAProducer(Case expected) {
        Event.Builder same = Event.builder(expected.action)
                .tenant("_system")
                .actor("system")
                .object("producer", "p-1")
                .occurredAt(AT);
        expected.attributes.forEach(same::attribute);

        assertThat(expected.event).isEqualTo(same.build());
        assertThat(expected.event.isSystem()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aReportHasTheAttributesThatTheCatalogueKnowsOfItsAction(Case expected) {
        ActionSpec spec = ActionCatalog.get(expected.action);

        spec.check(new TreeMap<>(expected.attributes));

        assertThat(expected.event.objectType()).isEqualTo(spec.objectType());
        assertThat(spec.attributes())
                .filteredOn(AttributeSpec::required)
                .extracting(AttributeSpec::name)
                .containsExactlyInAnyOrderElementsOf(expected.attributes.keySet());
    }
}
