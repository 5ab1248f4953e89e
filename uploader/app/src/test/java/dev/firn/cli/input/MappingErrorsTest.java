package dev.firn.cli.input;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a mapping is found before the first row, and named by the path of its key. */
class MappingErrorsTest {
    private static final String OK =
            "\"tenant_id\":\"t\",\"action\":\"a.b\",\"actor_id\":\"x\"," + "\"occurred_at\":\"2025-01-01T00:00:00Z\"";

    static Stream<Arguments> mappings() {
        List<Arguments> all = new ArrayList<>(List.of(
                Arguments.of("", "the mapping is blank"),
                Arguments.of("{", "the mapping is not JSON from character"),
                Arguments.of("[]", "the mapping: must be a JSON object"),
                Arguments.of("{\"format\":\"csv\",\"format\":\"csv\"}", "a key stands twice"),
                Arguments.of("{" + OK + "}", "format: is required"),
                Arguments.of("{\"format\":\"xml\"," + OK + "}", "format: must be csv or ndjson"),
                Arguments.of("{\"format\":1," + OK + "}", "format: must be a string"),
                Arguments.of("{\"format\":\"csv\",\"tenant\":\"t\"," + OK + "}", "tenant: is not a key"),
                Arguments.of("{\"format\":\"csv\",\"description\":1," + OK + "}", "description: must be a string"),
                Arguments.of("{\"format\":\"csv\",\"events\":[]," + OK + "}", "events: must be an array with at least"),
                Arguments.of("{\"format\":\"csv\",\"events\":{}," + OK + "}", "events: must be an array"),
                Arguments.of("{\"format\":\"csv\",\"events\":[1]," + OK + "}", "events[0]: must be a JSON object"),
                Arguments.of(
                        "{\"format\":\"csv\"," + OK + ",\"events\":[{},{\"format\":\"csv\"}]}",
                        "events[1].format: is not a key"),
                Arguments.of(
                        "{\"format\":\"csv\"," + OK + ",\"events\":[{},{\"action\":\"x\"}]}",
                        "events[1].action: is not a valid value"),
                Arguments.of("{\"format\":\"csv\",\"tenant_id\":\"t\"}", "occurred_at: is required"),
                Arguments.of(field("tenant_id", "\"a b\""), "tenant_id: is not a valid value"),
                Arguments.of(field("tenant_id", "{\"column\":\"A\",\"optional\":true}"), "tenant_id.optional: is not"),
                Arguments.of(field("tenant_id", "{\"column\":\"A\",\"type\":\"integer\"}"), "tenant_id.type: is not"),
                Arguments.of(field("tenant_id", "null"), "tenant_id: must not be null"),
                Arguments.of(field("action", "\"nope\""), "action: is not a valid value"),
                Arguments.of(field("actor_id", "\"\""), "actor_id: is not a valid value"),
                Arguments.of(field("occurred_at", "\"2025-01-01\""), "occurred_at: has a value of the wrong kind"),
                Arguments.of(
                        field("occurred_at", "{\"value\":\"2025-01-01T00:00:00Z\",\"plus_s\":\"{A}x\",\"plus_ms\":1}"),
                        "occurred_at.plus_ms: and plus_s exclude"),
                Arguments.of(
                        field("occurred_at", "{\"value\":\"2025-01-01T00:00:00Z\",\"plus_s\":\"x\"}"),
                        "occurred_at.plus_s: has a value of the wrong kind"),
                Arguments.of(
                        field("occurred_at", "{\"value\":\"2025-01-01T00:00:00Z\",\"plus_s\":true}"),
                        "occurred_at.plus_s: must be a whole number"),
                Arguments.of(field("occurred_at", "{\"column\":\"A\",\"zone\":\"UTC\"}"), "occurred_at.zone: needs a"),
                Arguments.of(
                        field("occurred_at", "{\"column\":\"A\",\"pattern\":\"yyyy\"}"),
                        "occurred_at.pattern: has no zone"),
                Arguments.of(
                        field("occurred_at", "{\"column\":\"A\",\"pattern\":\"yyyy'Z'\"}"),
                        "occurred_at.pattern: has no zone"),
                Arguments.of(
                        field("occurred_at", "{\"column\":\"A\",\"pattern\":\"yyyyXXX\",\"zone\":\"UTC\"}"),
                        "occurred_at.zone: is of no use"),
                Arguments.of(
                        field("occurred_at", "{\"column\":\"A\",\"pattern\":\"epoch_s\",\"zone\":\"UTC\"}"),
                        "occurred_at.zone: is of no use"),
                Arguments.of(
                        field("occurred_at", "{\"column\":\"A\",\"pattern\":\"jjj\",\"zone\":\"UTC\"}"),
                        "occurred_at.pattern: is not a pattern"),
                Arguments.of(
                        field("occurred_at", "{\"column\":\"A\",\"pattern\":\"yyyy\",\"zone\":\"Mars/X\"}"),
                        "occurred_at.zone: is not a time zone"),
                Arguments.of(with("\"object_type\":\"o\""), "object_type: object_type and object_id come both"),
                Arguments.of(with("\"object_id\":\"o\""), "object_id: object_type and object_id come both"),
                Arguments.of(with("\"attributes\":[]"), "attributes: must be a JSON object"),
                Arguments.of(attribute("null"), "attributes.v: must not be null"),
                Arguments.of(attribute("[1]"), "attributes.v: must be a string"),
                Arguments.of(attribute("{}"), "attributes.v: needs exactly one of column, pointer, value"),
                Arguments.of(attribute("{\"column\":\"A\",\"value\":\"x\"}"), "attributes.v: needs exactly one of"),
                Arguments.of(attribute("{\"column\":\"A\",\"typ\":\"json\"}"), "attributes.v.typ: is not a key"),
                Arguments.of(attribute("{\"column\":\"A\",\"plus_s\":1}"), "attributes.v.plus_s: is not a key"),
                Arguments.of(attribute("{\"column\":1}"), "attributes.v.column: must be a string"),
                Arguments.of(attribute("{\"column\":\"A\",\"type\":\"int\"}"), "attributes.v.type: must be one of"),
                Arguments.of(
                        attribute("{\"column\":\"A\",\"type\":\"string\",\"pattern\":\"epoch_s\"}"),
                        "attributes.v.type: and pattern exclude"),
                Arguments.of(attribute("{\"column\":\"A\",\"optional\":1}"), "attributes.v.optional: must be true or"),
                Arguments.of(
                        attribute("{\"column\":\"A\",\"optional\":true,\"default\":1}"),
                        "attributes.v.optional: and default exclude"),
                Arguments.of(
                        attribute("{\"column\":\"A\",\"type\":\"integer\",\"default\":\"x\"}"),
                        "attributes.v: has a value of the wrong kind"),
                Arguments.of(attribute("{\"column\":\"A\",\"map\":{}}"), "attributes.v.map: must have at least one"),
                Arguments.of(attribute("{\"column\":\"A\",\"map\":[]}"), "attributes.v.map: must be a JSON object"),
                Arguments.of(
                        attribute("{\"column\":\"A\",\"map\":{\"a\":null}}"), "attributes.v.map.a: must not be null"),
                Arguments.of(
                        attribute("{\"column\":\"A\",\"otherwise\":{\"skip\":true}}"),
                        "attributes.v.otherwise: needs a map"),
                Arguments.of(
                        attribute("{\"column\":\"A\",\"map\":{\"a\":1},\"otherwise\":\"x\"}"),
                        "attributes.v.otherwise: must be a JSON object"),
                Arguments.of(
                        attribute("{\"column\":\"A\",\"map\":{\"a\":1},\"otherwise\":{\"skip\":false}}"),
                        "attributes.v.otherwise.skip: must be true"),
                Arguments.of(
                        attribute("{\"column\":\"A\",\"map\":{\"a\":1},\"otherwise\":{\"skip\":true,\"value\":1}}"),
                        "attributes.v.otherwise: needs exactly one of"),
                Arguments.of(attribute("\"{A\""), "attributes.v: an opening brace that is not closed"),
                Arguments.of(attribute("\"A}\""), "attributes.v: a closing brace without"),
                Arguments.of(attribute("\"{}\""), "attributes.v: a placeholder must name something"),
                Arguments.of(attribute("\"{#part}\""), "attributes.v: there are parts in an event with for_each only"),
                Arguments.of(attribute("\"{.}\""), "attributes.v: there are parts"),
                Arguments.of(attribute("\"{/p}\""), "attributes.v: a CSV row has columns"),
                Arguments.of(attribute("{\"pointer\":\"/p\"}"), "attributes.v.pointer: a CSV row has columns")));
        all.addAll(List.of(
                Arguments.of(with("\"attributes\":{\"$v\":1}"), "attributes.$v: names that begin with $"),
                Arguments.of(with("\"for_each\":1"), "for_each: must be a JSON object"),
                Arguments.of(with("\"for_each\":{\"column\":\"A\"}"), "for_each: needs split"),
                Arguments.of(with("\"for_each\":{\"split\":\"x\"}"), "for_each: needs exactly one of"),
                Arguments.of(with("\"for_each\":{\"value\":\"x\"}"), "for_each.value: is not a key"),
                Arguments.of(
                        with("\"for_each\":{\"column\":\"A\",\"split\":\"\"}"), "for_each.split: must not be empty"),
                Arguments.of(
                        with("\"for_each\":{\"column\":\"A\",\"split\":\"x\",\"pattern\":\"(\"}"),
                        "for_each.pattern: is not a regular expression"),
                Arguments.of(with("\"when\":{\"column\":\"A\"}"), "when: needs exactly one of is, matches"),
                Arguments.of(
                        with("\"when\":{\"column\":\"A\",\"is\":\"a\",\"matches\":\"b\"}"),
                        "when: needs exactly one of is, matches"),
                Arguments.of(with("\"when\":{\"is\":\"a\"}"), "when: needs exactly one of column, pointer, value"),
                Arguments.of(with("\"when\":{\"value\":1,\"is\":\"a\"}"), "when.value: must be a string"),
                Arguments.of(with("\"when\":{\"column\":\"A\",\"is\":1}"), "when.is: must be a string"),
                Arguments.of(with("\"when\":{\"column\":\"A\",\"is\":[]}"), "when.is: must be an array with"),
                Arguments.of(with("\"when\":{\"column\":\"A\",\"matches\":\"[\"}"), "when.matches: is not a regular"),
                Arguments.of(
                        "{\"format\":\"ndjson\"," + OK + ",\"attributes\":{\"v\":\"{name}\"}}",
                        "attributes.v: a JSON line has pointers"),
                Arguments.of(
                        "{\"format\":\"ndjson\"," + OK + ",\"attributes\":{\"v\":{\"pointer\":\"name\"}}}",
                        "attributes.v.pointer: is not a JSON pointer")));
        return all.stream();
    }

    private static String with(String key) {
        return "{\"format\":\"csv\"," + OK + "," + key + "}";
    }

    private static String attribute(String value) {
        return with("\"attributes\":{\"v\":" + value + "}");
    }

    private static String field(String name, String value) {
        return "{\"format\":\"csv\","
                + OK.replaceFirst("\"" + name + "\":\"[^\"]*\"", "\"" + name + "\":" + Matcher.quoteReplacement(value))
                + "}";
    }

    @ParameterizedTest
    @MethodSource("mappings")
    void aMappingThatIsWrongIsNamedByItsKey(String mapping, String message) {
        assertThatThrownBy(() -> Mapping.parse(mapping))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(message.startsWith("a key") ? "the mapping" : message)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> columns() {
        return Stream.of(
                Arguments.of(
                        field("tenant_id", "\"{Tenant}\""), "tenant_id: the file has no such column: column=Tenant"),
                Arguments.of(
                        attribute("{\"column\":\"X\"}"), "attributes.v.column: the file has no such column: column=X"),
                Arguments.of(attribute("{\"column\":\"A\",\"default\":\"{X}\"}"), "attributes.v.default: the file"),
                Arguments.of(attribute("{\"column\":\"A\",\"map\":{\"k\":\"{X}\"}}"), "attributes.v.map.k: the file"),
                Arguments.of(
                        attribute("{\"column\":\"A\",\"map\":{\"k\":1},\"otherwise\":{\"value\":\"{X}\"}}"),
                        "attributes.v.otherwise.value: the file"),
                Arguments.of(with("\"when\":{\"column\":\"X\",\"is\":\"a\"}"), "when.column: the file"),
                Arguments.of(with("\"for_each\":{\"column\":\"X\",\"split\":\"a\"}"), "for_each.column: the file"),
                Arguments.of(
                        with("\"for_each\":{\"column\":\"A\",\"split\":\"a\",\"pattern\":\"(?<B>.*)\"}"),
                        "for_each.pattern: the file has a column of the same name: group=B"));
    }

    @ParameterizedTest
    @MethodSource("columns")
    void columnsAreComparedWithTheHeader(String mapping, String message) {
        assertThatThrownBy(() -> Mapped.of(mapping, "A,B,planted\n"))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("planted");
    }

    @Test
    void theReadyMappingsAndTheGuideParse() {
        ReadyMappings.names()
                .forEach(name -> Mapping.parse(ReadyMappings.find(name).orElseThrow()));
        Guide.blocks().forEach(Mapping::parse);
    }
}
