package dev.firn.cli.input;

import static dev.firn.cli.input.Mapped.AT;
import static dev.firn.cli.input.Mapped.FIELDS;
import static dev.firn.cli.input.Mapped.csv;
import static dev.firn.cli.input.Mapped.ndjson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.event.Event;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which events a row makes: several, of parts, on conditions, or none. */
class MappingEventsTest {
    @Test
    void severalEventsOfARowShareWhatStandsBesideThem() {
        Mapped mapped = csv(
                FIELDS + "," + AT + ",\"attributes\":{\"a\":\"{A}\",\"b\":\"{B}\"},\"events\":["
                        + "{\"action\":\"c.d\",\"attributes\":{\"b\":\"own\"}},"
                        + "{\"object_type\":\"o\",\"object_id\":\"{A}\"}]",
                "1,2,3");
        assertThat(mapped.events).extracting(Event::action).containsExactly("c.d", "a.b");
        assertThat(mapped.canonical().get(0)).contains("\"attributes\":{\"a\":\"1\",\"b\":\"own\"},\"occ");
        assertThat(mapped.canonical().get(1)).contains("\"attributes\":{\"a\":\"1\",\"b\":\"2\"},\"object_id\":\"1\"");
    }

    @Test
    void aRowGivesAllItsEventsOrNone() {
        Mapped mapped = csv(
                FIELDS + "," + AT + ",\"events\":[{\"attributes\":{\"a\":\"{A}\"}},{\"attributes\":{\"b\":\"{B}\"}}]",
                "1,,",
                "1,2,");
        assertThat(mapped.events).hasSize(2);
        assertThat(mapped.refusedRows).containsExactly(1L);
        assertThat(mapped.skipped).isZero();
    }

    @Test
    void skipLeavesOutTheEventNotTheRow() {
        String skip = "{\"column\":\"A\",\"map\":{\"1\":\"a.b\"},\"otherwise\":{\"skip\":true}}";
        Mapped mapped = csv(
                "\"tenant_id\":\"t\",\"actor_id\":\"x\"," + AT + ",\"events\":[{\"action\":" + skip
                        + "},{\"action\":{\"column\":\"B\",\"map\":{\"1\":\"c.d\"},\"otherwise\":{\"skip\":true}}}]",
                "1,1,",
                "1,2,",
                "2,2,");
        assertThat(mapped.events).extracting(Event::action).containsExactly("a.b", "c.d", "a.b");
        assertThat(mapped.skipped).isEqualTo(1);
        assertThat(csv(FIELDS + "," + AT + ",\"attributes\":{\"v\":" + skip + "}", "2,,").skipped)
                .isEqualTo(1);
        assertThat(csv(FIELDS + "," + AT + ",\"object_type\":\"o\",\"object_id\":" + skip, "2,,").skipped)
                .isEqualTo(1);
    }

    @Test
    void aPartOfACellMakesAnEvent() {
        Mapped mapped = csv(
                FIELDS + "," + AT + ",\"for_each\":{\"column\":\"A\",\"split\":\"; \"},"
                        + "\"attributes\":{\"n\":{\"value\":\"{#part}\",\"type\":\"integer\"},\"v\":{\"value\":\"{.}\",\"default\":\"-\"},\"r\":\"{#row}\"}",
                "one; two; ,,",
                "; x,,",
                ",,");
        assertThat(mapped.events)
                .extracting(Mapped::attributesOf)
                .containsExactly(
                        "{\"n\":1,\"r\":\"1\",\"v\":\"one\"}",
                        "{\"n\":2,\"r\":\"1\",\"v\":\"two\"}",
                        "{\"n\":1,\"r\":\"2\",\"v\":\"-\"}",
                        "{\"n\":2,\"r\":\"2\",\"v\":\"x\"}");
        assertThat(mapped.problems()).singleElement().asString().startsWith("UNMAPPED for_each: column A is missing");
    }

    @Test
    void aPatternNamesGroupsOfAPart() {
        String keys = FIELDS + "," + AT
                + ",\"for_each\":{\"column\":\"A\",\"split\":\"\\n\",\"pattern\":\"\\\\[(?<role>[^]]+)\\\\] (?<text>.*)\"},"
                + "\"attributes\":{\"role\":{\"column\":\"role\",\"map\":{\"doctor\":\"assistant\",\"patient\":\"user\"}},"
                + "\"text\":\"{text}\"}";
        Mapped mapped = csv(keys, "\"[doctor] hi\n[patient] hello , you\",,", "\"[doctor] hi\nplanted\",,");
        assertThat(mapped.events)
                .extracting(Mapped::attributesOf)
                .containsExactly(
                        "{\"role\":\"assistant\",\"text\":\"hi\"}", "{\"role\":\"user\",\"text\":\"hello , you\"}");
        assertThat(mapped.problems()).containsExactly("UNMAPPED for_each: a part does not match the pattern: part=2");
    }

    @Test
    void itemsOfAnArrayAreParts() {
        Mapped mapped = ndjson(
                FIELDS + "," + AT + ",\"for_each\":{\"pointer\":\"/items\"},\"attributes\":{\"name\":\"{./name}\","
                        + "\"n\":{\"pointer\":\"./n\",\"type\":\"integer\",\"optional\":true},"
                        + "\"all\":{\"pointer\":\".\",\"type\":\"json\"},\"of\":\"{/id}\"}",
                "{\"id\":7,\"items\":[{\"name\":\"a\",\"n\":1},{\"name\":\"b\"}]}",
                "{\"id\":8,\"items\":[]}",
                "{\"id\":9,\"items\":\"text\"}",
                "{\"id\":9}");
        assertThat(mapped.events)
                .extracting(Mapped::attributesOf)
                .containsExactly(
                        "{\"all\":{\"n\":1,\"name\":\"a\"},\"n\":1,\"name\":\"a\",\"of\":\"7\"}",
                        "{\"all\":{\"name\":\"b\"},\"name\":\"b\",\"of\":\"7\"}");
        assertThat(mapped.skipped).isEqualTo(1);
        assertThat(mapped.problems())
                .containsExactly(
                        "UNMAPPED for_each: pointer /items is not an array; a text needs split",
                        "UNMAPPED for_each: pointer /items is missing or empty, and for_each is not optional");
    }

    @Test
    void aTextInJsonMayBeSplitAndMayBeMissing() {
        Mapped mapped = ndjson(
                FIELDS + "," + AT + ",\"for_each\":{\"pointer\":\"/s\",\"split\":\",\",\"optional\":true},"
                        + "\"attributes\":{\"v\":\"{.}\"}",
                "{\"s\":\"a,b\"}",
                "{}");
        assertThat(mapped.events).extracting(Mapped::attributesOf).containsExactly("{\"v\":\"a\"}", "{\"v\":\"b\"}");
        assertThat(mapped.skipped).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"column\":\"A\",\"is\":\"x\"}|1",
                "{\"column\":\"A\",\"is\":[\"x\",\"y\"]}|1,2",
                "{\"column\":\"A\",\"is\":\"\"}|3",
                "{\"column\":\"A\",\"matches\":\"[xy]\"}|1,2",
                "{\"column\":\"A\",\"matches\":\"(?!x).*\"}|2,3",
                "{\"value\":\"{A}.{B}\",\"is\":[\"x.1\",\".3\"]}|1,3",
            })
    void whenChoosesRows(String when, String rows) {
        Mapped mapped = csv(
                FIELDS + "," + AT + ",\"object_type\":\"o\",\"object_id\":\"{B}\",\"when\":" + when,
                "x,1,",
                "y,2,",
                ",3,");
        assertThat(mapped.events).extracting(Event::objectId).containsExactly(rows.split(","));
        assertThat(mapped.skipped).isEqualTo(3 - rows.split(",").length);
        assertThat(mapped.problems()).isEmpty();
    }

    @Test
    void whenLooksAtPointersAndCountsAMissingOneAsEmpty() {
        Mapped mapped = ndjson(
                FIELDS + "," + AT + ",\"when\":{\"pointer\":\"/test\",\"is\":[\"false\",\"\"]}",
                "{\"test\":false}",
                "{\"test\":true}",
                "{}");
        assertThat(mapped.events).hasSize(2);
        assertThat(mapped.skipped).isEqualTo(1);
    }

    @Test
    void aPatternThatNeedsTooMuchStackRefusesTheRow() {
        Mapped mapped = csv(
                FIELDS + "," + AT + ",\"for_each\":{\"column\":\"A\",\"split\":\"|\",\"pattern\":\"(a|b)*\"}",
                "ab".repeat(200_000) + ",,",
                "ab,,");
        assertThat(mapped.problems()).singleElement().asString().contains("too expensive");
        assertThat(mapped.events).hasSize(1);
    }

    @Test
    void theExamplesOfTheGuideWork() {
        List<String> blocks = Guide.blocks();
        Mapped requests = Mapped.of(
                blocks.get(0),
                "ID,When,User,In,Out,Plan\nr-1,02.03.2026 08:15,u-7,374,44,gold\nr-2,02.03.2026 08:16,,120,9,\n");
        assertThat(requests.problems()).isEmpty();
        assertThat(requests.events).extracting(Event::actorId).containsExactly("u-7", "gateway");
        Mapped orders = Mapped.of(
                blocks.get(1),
                "{\"id\": 17, \"shop\": \"HCS0002\", \"by\": \"u-3\", \"at\": 1772439300, \"test\": false, "
                        + "\"items\": [{\"sku\": \"a-1\", \"n\": 2}, {\"sku\": \"b-9\", \"n\": 1}]}");
        assertThat(orders.problems()).isEmpty();
        assertThat(orders.events)
                .extracting(Event::action)
                .containsExactly("order.placed", "order.item_added", "order.item_added");
    }
}
