package dev.firn.cli.input;

import static dev.firn.cli.input.Mapped.FIELDS;
import static dev.firn.cli.input.Mapped.csv;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.event.EventTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How times are read and moved. */
class MappingTimesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`\"pattern\":\"yyyy-MM-dd HH:mm:ss.SSSSSSS\",\"zone\":\"UTC\"`|2023-11-16 18:15:46.6805909|2023-11-16T18:15:46.680590Z",
                "`\"pattern\":\"uuuu-MM-dd\",\"zone\":\"UTC\"`|2024-02-29|2024-02-29T00:00:00.000000Z",
                "`\"pattern\":\"dd.MM.yyyy HH:mm\",\"zone\":\"Europe/Berlin\"`|02.07.2026 08:15|2026-07-02T06:15:00.000000Z",
                "`\"pattern\":\"d MMM yyyy h:mm a\",\"zone\":\"+01:00\"`|2 Jul 2026 8:15 PM|2026-07-02T19:15:00.000000Z",
                "`\"pattern\":\"yyyy-MM-dd'T'HH:mm:ssXXX\"`|2026-07-02T08:15:00+02:00|2026-07-02T06:15:00.000000Z",
                "`\"pattern\":\"yyyy-MM-dd'at'HH:mm\",\"zone\":\"UTC\"`|2026-07-02at08:15|2026-07-02T08:15:00.000000Z",
                "`\"pattern\":\"yyyy-MM-dd HH:mm\",\"zone\":\"Europe/Berlin\"`|2026-10-25 02:30|2026-10-25T00:30:00.000000Z",
                "`\"pattern\":\"epoch_s\"`|1557933591|2019-05-15T15:19:51.000000Z",
                "`\"pattern\":\"epoch_s\"`|1557933591.1234567|2019-05-15T15:19:51.123456Z",
                "`\"pattern\":\"epoch_ms\"`|-1|1969-12-31T23:59:59.999000Z",
                "`\"pattern\":\"epoch_ms\"`|0.5|1970-01-01T00:00:00.000500Z",
            })
    void timesByPattern(String keys, String cell, String expected) {
        Mapped mapped = csv(FIELDS + ",\"occurred_at\":{\"column\":\"A\"," + keys + "}", cell + ",,");
        assertThat(mapped.problems()).isEmpty();
        assertThat(EventTime.format(mapped.events.get(0).occurredAtMicros())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`\"pattern\":\"yyyy-MM-dd HH:mm\",\"zone\":\"Europe/Berlin\"`|2026-03-29 02:30|BAD_TIME occurred_at: does not exist",
                "`\"pattern\":\"yyyy-MM-dd\",\"zone\":\"UTC\"`|2023-02-29|UNMAPPED occurred_at: is not a time",
                "`\"pattern\":\"yyyy-MM-dd HH:mm\",\"zone\":\"UTC\"`|2023-02-28 24:00|UNMAPPED occurred_at: is not a time",
                "`\"pattern\":\"yyyy-MM-dd\",\"zone\":\"UTC\"`|2023-02-28x|UNMAPPED occurred_at: is not a time",
                "`\"pattern\":\"yyyy-MM\",\"zone\":\"UTC\"`|2023-02|UNMAPPED occurred_at: has no full date",
                "`\"pattern\":\"epoch_s\"`|999999999999999999|TIME_OUT_OF_RANGE occurred_at",
                "`\"pattern\":\"epoch_s\"`|300000000000|TIME_OUT_OF_RANGE occurred_at",
            })
    void timesThatAreNone(String keys, String cell, String problem) {
        Mapped mapped = csv(FIELDS + ",\"occurred_at\":{\"column\":\"A\"," + keys + "}", "\"" + cell + "\",,");
        assertThat(mapped.problems()).singleElement().asString().startsWith(problem);
    }

    @Test
    void timesMayBeMovedToKeepAnOrder() {
        Mapped seconds = csv(
                FIELDS + ",\"occurred_at\":{\"value\":\"2025-01-01T00:00:00Z\",\"plus_s\":\"{A}\"}",
                "61,,",
                "-1,,",
                "x,,");
        assertThat(seconds.events)
                .extracting(event -> EventTime.format(event.occurredAtMicros()))
                .containsExactly("2025-01-01T00:01:01.000000Z", "2024-12-31T23:59:59.000000Z");
        assertThat(seconds.problems()).singleElement().asString().startsWith("UNMAPPED occurred_at: must be a whole");
        Mapped millis = csv(FIELDS + ",\"occurred_at\":{\"value\":\"2025-01-01T00:00:00Z\",\"plus_ms\":5}", "1,,");
        assertThat(EventTime.format(millis.events.get(0).occurredAtMicros())).isEqualTo("2025-01-01T00:00:00.005000Z");
        Mapped tooFar = csv(
                FIELDS + ",\"occurred_at\":{\"value\":\"2025-01-01T00:00:00Z\",\"plus_s\":\"{A}\"}", "999999999999,,");
        assertThat(tooFar.problems()).singleElement().asString().startsWith("TIME_OUT_OF_RANGE occurred_at");
    }
}
