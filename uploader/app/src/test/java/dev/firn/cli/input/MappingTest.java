package dev.firn.cli.input;

import static dev.firn.cli.input.Mapped.AT;
import static dev.firn.cli.input.Mapped.FIELDS;
import static dev.firn.cli.input.Mapped.csv;
import static dev.firn.cli.input.Mapped.ndjson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.event.Event;
import dev.firn.event.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How values are made; what is wrong with a mapping itself is in {@link MappingErrorsTest}. */
class MappingTest {
    private static String attributes(Mapped mapped) {
        assertThat(mapped.problems()).isEmpty();
        return Mapped.attributesOf(mapped.events.get(0));
    }

    /** The value of one attribute {@code v} with this spec, of a CSV row. */
    private static Mapped value(String spec, String row) {
        return csv(FIELDS + "," + AT + ",\"attributes\":{\"v\":" + spec + "}", row);
    }

    /** The value of one attribute {@code v} with this spec, of a line of JSON. */
    private static Mapped jsonValue(String spec, String line) {
        return ndjson(FIELDS + "," + AT + ",\"attributes\":{\"v\":" + spec + "}", line);
    }

    @Test
    void fillsFieldsFromColumns() {
        Mapped mapped = csv(
                "\"tenant_id\":\"{A}\",\"action\":\"a.{B}\",\"actor_id\":\"u-{C}\",\"object_type\":\"thing\","
                        + "\"object_id\":\"{A}-{#row}\"," + AT,
                "t1,done,7",
                "t2,\"ended\",\"8, or 9\"");
        assertThat(mapped.canonical())
                .containsExactly(
                        "{\"action\":\"a.done\",\"actor_id\":\"u-7\",\"attributes\":{},\"object_id\":\"t1-1\","
                                + "\"object_type\":\"thing\",\"occurred_at\":\"2025-01-01T00:00:00.000000Z\","
                                + "\"tenant_id\":\"t1\",\"v\":3}",
                        "{\"action\":\"a.ended\",\"actor_id\":\"u-8, or 9\",\"attributes\":{},\"object_id\":\"t2-2\","
                                + "\"object_type\":\"thing\",\"occurred_at\":\"2025-01-01T00:00:00.000000Z\","
                                + "\"tenant_id\":\"t2\",\"v\":3}");
    }

    @Test
    void fillsFieldsFromPointers() {
        Mapped mapped = ndjson(
                "\"tenant_id\":\"{/t}\",\"action\":{\"pointer\":\"/deep/list/1\"},\"actor_id\":\"{/a~1b}{/n}{/flag}\","
                        + "\"occurred_at\":\"{/at}\"",
                "{\"t\":\"t1\",\"deep\":{\"list\":[0,\"a.b\"]},\"a/b\":\"x\",\"n\":1.50,\"flag\":true,"
                        + "\"at\":\"2025-01-01T01:00:00+01:00\"}");
        assertThat(mapped.canonical())
                .containsExactly("{\"action\":\"a.b\",\"actor_id\":\"x1.50true\",\"attributes\":{},"
                        + "\"occurred_at\":\"2025-01-01T00:00:00.000000Z\",\"tenant_id\":\"t1\",\"v\":3}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"plain\"|\"plain\"",
                "\"{A}-{B}\"|\"1-x\"",
                "\"{{A}}\"|\"{A}\"",
                "\"{{{A}}}\"|\"{1}\"",
                "\"\"|\"\"",
                "\"{#row}\"|\"1\"",
                "5|5",
                "-1.5e3|-1500",
                "true|true",
                "{\"column\":\"B\"}|\"x\"",
                "{\"value\":\"{A}{B}\"}|\"1x\"",
                "{\"value\":7}|7",
                "{\"column\":\"A\",\"type\":\"string\"}|\"1\"",
                "{\"column\":\"A\",\"type\":\"integer\"}|1",
                "{\"column\":\"A\",\"type\":\"number\"}|1",
                "{\"column\":\"A\",\"type\":\"decimal\"}|\"1\"",
                "{\"value\":\"{A}.50\",\"type\":\"decimal\"}|\"1.50\"",
                "{\"value\":\"{A}.50\",\"type\":\"number\"}|1.5",
                "{\"value\":\"{A}e-2\",\"type\":\"number\"}|0.01",
                "{\"value\":\"-00{A}\",\"type\":\"integer\"}|-1",
                "{\"value\":\"true\",\"type\":\"boolean\"}|true",
                "{\"value\":\"[{A},{{}},null]\",\"type\":\"json\"}|[1,{},null]",
                "{\"column\":\"A\",\"map\":{\"1\":\"one\",\"2\":\"two\"}}|\"one\"",
                "{\"column\":\"A\",\"map\":{\"1\":\"{B}-{#row}\"}}|\"x-1\"",
                "{\"column\":\"A\",\"map\":{\"1\":false}}|false",
                "{\"column\":\"A\",\"map\":{\"1\":2.5}}|2.5",
                "{\"column\":\"A\",\"type\":\"integer\",\"map\":{\"1\":\"42\"}}|42",
                "{\"column\":\"A\",\"type\":\"json\",\"map\":{\"1\":{\"a\":[1]}}}|{\"a\":[1]}",
                "{\"column\":\"A\",\"type\":\"string\",\"map\":{\"1\":true}}|\"true\"",
                "{\"column\":\"B\",\"map\":{\"1\":\"one\"},\"otherwise\":{\"value\":\"other {B}\"}}|\"other x\"",
                "{\"value\":\"{A}{B}\",\"map\":{\"1x\":\"both\"}}|\"both\"",
                "{\"column\":\"C\",\"default\":\"none\"}|\"none\"",
                "{\"column\":\"C\",\"default\":\"{A}\"}|\"1\"",
                "{\"column\":\"C\",\"type\":\"integer\",\"default\":0}|0",
                "{\"column\":\"C\",\"type\":\"integer\",\"default\":\"0\"}|0",
                "{\"column\":\"C\",\"type\":\"json\",\"default\":{\"k\":[]}}|{\"k\":[]}",
                "{\"column\":\"C\",\"type\":\"json\",\"default\":\"text\"}|\"text\"",
                "{\"column\":\"C\",\"map\":{\"none\":\"mapped\"},\"default\":\"none\"}|\"none\"",
                "{\"value\":\"{A}{C}\",\"default\":\"none\"}|\"none\"",
                "{\"column\":\"A\",\"pattern\":\"epoch_s\"}|\"1970-01-01T00:00:01.000000Z\"",
                "{\"column\":\"C\",\"pattern\":\"yyyy\",\"zone\":\"UTC\",\"optional\":true}|",
                "{\"column\":\"C\",\"optional\":true}|",
                "{\"value\":\"{A}{C}\",\"optional\":true}|",
            })
    void valueOfARowOfCsv(String spec, String expected) {
        assertThat(attributes(value(spec, "1,x,"))).isEqualTo(expected == null ? "{}" : "{\"v\":" + expected + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"pointer\":\"/n\"}|\"12.50\"",
                "{\"pointer\":\"/n\",\"type\":\"decimal\"}|\"12.50\"",
                "{\"pointer\":\"/n\",\"type\":\"number\"}|12.5",
                "{\"pointer\":\"/n\",\"type\":\"json\"}|12.5",
                "{\"pointer\":\"/five\",\"type\":\"integer\"}|5",
                "{\"pointer\":\"/big\",\"type\":\"decimal\"}|\"100000000000000000000\"",
                "{\"pointer\":\"/flag\"}|\"true\"",
                "{\"pointer\":\"/flag\",\"type\":\"boolean\"}|true",
                "{\"pointer\":\"/flag\",\"map\":{\"true\":\"yes\"}}|\"yes\"",
                "{\"pointer\":\"/o\",\"type\":\"json\"}|{\"a\":[1,null,\"x\"]}",
                "{\"pointer\":\"/text\",\"type\":\"json\"}|\"{}\"",
                "{\"pointer\":\"/none\",\"default\":\"d\"}|\"d\"",
                "{\"pointer\":\"/null\",\"default\":\"d\"}|\"d\"",
                "{\"pointer\":\"/empty\",\"default\":\"d\"}|\"d\"",
                "{\"pointer\":\"/null\",\"type\":\"json\",\"optional\":true}|",
            })
    void valueOfALineOfJson(String spec, String expected) {
        String line = "{\"n\":12.50,\"five\":5.0,\"big\":1e20,\"flag\":true,\"o\":{\"a\":[1,null,\"x\"]},"
                + "\"text\":\"{}\",\"null\":null,\"empty\":\"\"}";
        assertThat(attributes(jsonValue(spec, line))).isEqualTo(expected == null ? "{}" : "{\"v\":" + expected + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"column\":\"A\",\"type\":\"integer\"}|planted|must be a whole number",
                "{\"column\":\"A\",\"type\":\"integer\"}|1.0|must be a whole number",
                "{\"column\":\"A\",\"type\":\"integer\"}|+1|must be a whole number",
                "{\"column\":\"A\",\"type\":\"integer\"}|1234567890123456789|must be a whole number",
                "{\"column\":\"A\",\"type\":\"number\"}|1,5|another number of cells",
                "{\"column\":\"A\",\"type\":\"number\"}|NaN|must be a number",
                "{\"column\":\"A\",\"type\":\"decimal\"}|1e5|must be a plain decimal",
                "{\"column\":\"A\",\"type\":\"boolean\"}|yes|must be true or false",
                "{\"column\":\"A\",\"map\":{\"1\":\"one\"}}|planted|the map does not list",
                "{\"column\":\"B\"}|1|column B is missing or empty",
                "\"{A}{B}\"|1|column B is missing or empty",
                "{\"column\":\"B\",\"default\":\"{C}\"}|1|column C is missing or empty",
                "{\"column\":\"A\",\"pattern\":\"yyyy-MM-dd\",\"zone\":\"UTC\"}|planted|not a time in the pattern",
                "{\"column\":\"A\",\"pattern\":\"epoch_s\"}|planted|must be a number of seconds",
            })
    void aValueThatDoesNotFitRefusesTheRow(String spec, String cell, String message) {
        Mapped mapped = value(spec, cell + ",,");
        assertThat(mapped.events).isEmpty();
        assertThat(mapped.refused).singleElement().satisfies(e -> {
            assertThat(e.reason()).isEqualTo(Reason.UNMAPPED);
            assertThat(e.getMessage()).contains(message).doesNotContain("planted");
            assertThat(e.field()).isIn("attributes.v", "");
        });
    }

    @Test
    void theRulesOfAnEventKeepTheirOwnReasons() {
        assertThat(value("{\"column\":\"A\",\"type\":\"integer\"}", "9007199254740992,,")
                        .problems())
                .singleElement()
                .asString()
                .startsWith("NUMBER_NOT_SAFE attributes.v");
        assertThat(value("{\"column\":\"A\",\"type\":\"number\"}", "1e400,,").problems())
                .singleElement()
                .asString()
                .startsWith("NUMBER_NOT_FINITE attributes.v");
        assertThat(value("{\"column\":\"A\",\"type\":\"number\"}", "1e-400,,").problems())
                .singleElement()
                .asString()
                .startsWith("NUMBER_UNDERFLOW attributes.v");
        assertThat(value("{\"column\":\"A\",\"type\":\"json\"}", "{planted,,").problems())
                .singleElement()
                .asString()
                .startsWith("NOT_JSON attributes.v")
                .doesNotContain("planted");
        assertThat(jsonValue("{\"pointer\":\"/o\",\"type\":\"json\"}", "{\"o\":{\"$s\":1}}")
                        .problems())
                .singleElement()
                .asString()
                .startsWith("RESERVED_NAME attributes.v");
        assertThat(csv("\"tenant_id\":\"{A}\",\"action\":\"a.b\",\"actor_id\":\"x\"," + AT, "with space,,")
                        .problems())
                .singleElement()
                .asString()
                .startsWith("BAD_FORMAT tenant_id");
        assertThat(csv(FIELDS + ",\"occurred_at\":{\"column\":\"A\"}", "2025-01-01T00:00:00,,")
                        .problems())
                .singleElement()
                .asString()
                .startsWith("TIME_WITHOUT_ZONE occurred_at");
    }

    @Test
    void anObjectIsNoText() {
        assertThat(jsonValue("\"{/o}\"", "{\"o\":{}}").problems())
                .singleElement()
                .asString()
                .startsWith("UNMAPPED attributes.v: is an object or an array");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1;;|BLANK_LINE",
                "{\"a\":1,\"a\":2}|DUPLICATE_KEY",
                "{\"a\":1} {}|TRAILING_CONTENT",
                "{\"a\":|NOT_JSON",
                "[1,]|NOT_JSON",
            })
    void aLineThatIsNotOneJsonValueIsRefused(String line, Reason reason) {
        Mapped mapped = ndjson(FIELDS + "," + AT, reason == Reason.BLANK_LINE ? " " : line, "{}");
        assertThat(mapped.refused)
                .singleElement()
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(mapped.events).hasSize(1);
        assertThat(mapped.refusedRows).containsExactly(1L);
    }

    @Test
    void anyJsonValueIsARow() {
        Mapped mapped = ndjson(FIELDS + "," + AT + ",\"object_type\":\"o\",\"object_id\":\"{/1}\"", "[1,2]", "\"s\"");
        assertThat(mapped.events).extracting(Event::objectId).containsExactly("2");
        assertThat(mapped.problems()).singleElement().asString().contains("pointer /1 is missing");
    }

    @Test
    void rowsOfCsvThatAreMalformedAreRefusedAndTheRestGoesOn() {
        Mapped mapped = csv(
                FIELDS + "," + AT + ",\"object_type\":\"o\",\"object_id\":\"{A}\"",
                "1,2",
                "1,2,3,4",
                "\"1\"x,2,3",
                "",
                "ok,2,3",
                "\"open,2,3",
                "swallowed,2,3");
        assertThat(mapped.events).extracting(Event::objectId).containsExactly("ok");
        assertThat(mapped.refusedRows).containsExactly(1L, 2L, 3L, 4L, 6L);
        assertThat(mapped.refused)
                .extracting(e -> e.reason())
                .containsExactly(Reason.UNMAPPED, Reason.UNMAPPED, Reason.UNMAPPED, Reason.BLANK_LINE, Reason.UNMAPPED);
    }
}
