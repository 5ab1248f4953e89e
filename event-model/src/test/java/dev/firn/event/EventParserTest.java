package dev.firn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {
    private static final String GOOD =
            "{\"tenant_id\":\"T1\",\"action\":\"a.b\",\"actor_id\":\"x\",\"occurred_at\":\"2026-01-02T03:04:05Z\"}";
    /** Planted in each bad line: a message that shows it would leak content. */
    private static final String SECRET = "S3CRET";

    private static Arguments bad(Reason reason, String field, String line) {
        return Arguments.of(reason, field, line);
    }

    private static String with(String field, String json) {
        return GOOD.replaceFirst("\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":" + json.replace("\\", "\\\\"));
    }

    private static String attributes(String json) {
        return GOOD.substring(0, GOOD.length() - 1) + ",\"attributes\":" + json + "}";
    }

    private static Stream<Arguments> badLines() {
        String deep = "[".repeat(32) + "1" + "]".repeat(32);
        return Stream.of(
                bad(Reason.BLANK_LINE, "", ""),
                bad(Reason.BLANK_LINE, "", " \t "),
                bad(Reason.NOT_JSON, "", "S3CRET"),
                bad(Reason.NOT_JSON, "", "{\"S3CRET\""),
                bad(Reason.NOT_JSON, "", GOOD.substring(0, 40)),
                bad(Reason.NOT_JSON, "", with("actor_id", "'S3CRET'")),
                bad(Reason.NOT_JSON, "", with("actor_id", "\"\t\"")),
                bad(Reason.NOT_JSON, "", attributes("{\"a\":01}")),
                bad(Reason.NOT_JSON, "", attributes("{\"a\":NaN}")),
                bad(Reason.NOT_JSON, "", attributes("{\"a\":+1}")),
                bad(Reason.NOT_JSON, "", attributes("{\"a\":.5}")),
                bad(Reason.NOT_JSON, "", attributes("{\"a\":1,}")),
                bad(Reason.NOT_JSON, "", "/* S3CRET */" + GOOD),
                bad(Reason.NOT_JSON, "", "\uFEFF" + GOOD),
                bad(Reason.NOT_AN_OBJECT, "", "[\"S3CRET\"]"),
                bad(Reason.NOT_AN_OBJECT, "", "\"S3CRET\""),
                bad(Reason.NOT_AN_OBJECT, "", "null"),
                bad(Reason.TRAILING_CONTENT, "", GOOD + GOOD),
                bad(Reason.TRAILING_CONTENT, "", GOOD + " \"S3CRET\""),
                bad(Reason.MISSING_FIELD, "tenant_id", GOOD.replace("\"tenant_id\":\"T1\",", "")),
                bad(Reason.MISSING_FIELD, "action", GOOD.replace("\"action\":\"a.b\",", "")),
                bad(Reason.MISSING_FIELD, "actor_id", GOOD.replace("\"actor_id\":\"x\",", "")),
                bad(
                        Reason.MISSING_FIELD,
                        "occurred_at",
                        "{\"tenant_id\":\"T1\",\"action\":\"a.b\",\"actor_id\":\"x\"}"),
                bad(Reason.MISSING_FIELD, "action", "{}"),
                bad(Reason.NULL_FIELD, "actor_id", with("actor_id", "null")),
                bad(Reason.NULL_FIELD, "attributes", attributes("null")),
                bad(Reason.UNKNOWN_FIELD, "v", with("actor_id", "\"x\",\"v\":3")),
                bad(Reason.UNKNOWN_FIELD, "event_id", with("actor_id", "\"x\",\"event_id\":\"S3CRET\"")),
                bad(Reason.UNKNOWN_FIELD, "(name of 8 characters)", with("actor_id", "\"x\",\"S3CRET !\":null")),
                bad(Reason.WRONG_TYPE, "tenant_id", with("tenant_id", "7")),
                bad(Reason.WRONG_TYPE, "occurred_at", with("occurred_at", "1767323045")),
                bad(Reason.WRONG_TYPE, "actor_id", with("actor_id", "{\"S3CRET\":1}")),
                bad(Reason.WRONG_TYPE, "attributes", attributes("[\"S3CRET\"]")),
                bad(Reason.WRONG_TYPE, "attributes", attributes("\"S3CRET\"")),
                bad(Reason.DUPLICATE_KEY, "actor_id", with("actor_id", "\"x\",\"actor_id\":\"S3CRET\"")),
                bad(Reason.DUPLICATE_KEY, "attributes.a", attributes("{\"a\":1,\"a\":\"S3CRET\"}")),
                bad(Reason.DUPLICATE_KEY, "attributes.l.b", attributes("{\"l\":[{\"b\":1,\"\\u0062\":\"S3CRET\"}]}")),
                bad(Reason.RESERVED_NAME, "attributes.$sealed", attributes("{\"$sealed\":\"S3CRET\"}")),
                bad(Reason.RESERVED_NAME, "attributes.a[0].$", attributes("{\"a\":[{\"$\":\"S3CRET\"}]}")),
                bad(Reason.BAD_LENGTH, "tenant_id", with("tenant_id", "\"\"")),
                bad(Reason.BAD_LENGTH, "tenant_id", with("tenant_id", "\"" + "a".repeat(65) + "\"")),
                bad(Reason.BAD_LENGTH, "actor_id", with("actor_id", "\"\"")),
                bad(Reason.BAD_LENGTH, "actor_id", with("actor_id", "\"" + "\uD83D\uDE00".repeat(257) + "\"")),
                bad(Reason.BAD_LENGTH, "action", with("action", "\"a." + "b".repeat(127) + "\"")),
                bad(
                        Reason.BAD_LENGTH,
                        "object_type",
                        with("actor_id", "\"x\",\"object_type\":\"\",\"object_id\":\"1\"")),
                bad(Reason.BAD_LENGTH, "object_id", with("actor_id", "\"x\",\"object_type\":\"t\",\"object_id\":\"\"")),
                bad(
                        Reason.BAD_LENGTH,
                        "source_lane",
                        with("actor_id", "\"x\",\"source_lane\":\"" + "L".repeat(33) + "\"")),
                bad(Reason.BAD_FORMAT, "tenant_id", with("tenant_id", "\"S3CRET/1\"")),
                bad(Reason.BAD_FORMAT, "tenant_id", with("tenant_id", "\"Klinik\u00e9\"")),
                bad(Reason.BAD_FORMAT, "action", with("action", "\"login\"")),
                bad(Reason.BAD_FORMAT, "action", with("action", "\"a.S3CRET\"")),
                bad(Reason.BAD_FORMAT, "action", with("action", "\"a..b\"")),
                bad(Reason.BAD_FORMAT, "action", with("action", "\".a.b\"")),
                bad(Reason.BAD_FORMAT, "action", with("action", "\"a.b.\"")),
                bad(Reason.BAD_FORMAT, "action", with("action", "\"a.1b\"")),
                bad(Reason.BAD_FORMAT, "action", with("action", "\"a.b.c.d.e.f\"")),
                bad(Reason.BAD_FORMAT, "source_lane", with("actor_id", "\"x\",\"source_lane\":\"mcp\"")),
                bad(Reason.INCOMPLETE_OBJECT, "object_id", with("actor_id", "\"x\",\"object_type\":\"t\"")),
                bad(Reason.INCOMPLETE_OBJECT, "object_type", with("actor_id", "\"x\",\"object_id\":\"S3CRET\"")),
                bad(Reason.TIME_WITHOUT_ZONE, "occurred_at", with("occurred_at", "\"2026-01-02T03:04:05\"")),
                bad(Reason.TIME_WITHOUT_ZONE, "occurred_at", with("occurred_at", "\"2026-01-02T03:04:05.123\"")),
                bad(Reason.BAD_TIME, "occurred_at", with("occurred_at", "\"S3CRET\"")),
                bad(Reason.BAD_TIME, "occurred_at", with("occurred_at", "\"2026-02-29T00:00:00Z\"")),
                bad(Reason.BAD_TIME, "occurred_at", with("occurred_at", "\"2026-13-01T00:00:00Z\"")),
                bad(Reason.BAD_TIME, "occurred_at", with("occurred_at", "\"2026-01-01T24:00:00Z\"")),
                bad(Reason.BAD_TIME, "occurred_at", with("occurred_at", "\"2026-01-01T23:59:60Z\"")),
                bad(Reason.BAD_TIME, "occurred_at", with("occurred_at", "\"2026-01-01t00:00:00Z\"")),
                bad(Reason.BAD_TIME, "occurred_at", with("occurred_at", "\"2026-01-01T00:00:00z\"")),
                bad(Reason.BAD_TIME, "occurred_at", with("occurred_at", "\"2026-01-01 00:00:00Z\"")),
                bad(Reason.BAD_TIME, "occurred_at", with("occurred_at", "\"2026-01-01T00:00:00.Z\"")),
                bad(Reason.BAD_TIME, "occurred_at", with("occurred_at", "\"2026-01-01T00:00:00,5Z\"")),
                bad(Reason.BAD_TIME, "occurred_at", with("occurred_at", "\"2026-01-01T00:00:00+24:00\"")),
                bad(Reason.BAD_TIME, "occurred_at", with("occurred_at", "\"2026-01-01T00:00:00+0100\"")),
                bad(Reason.BAD_TIME, "occurred_at", with("occurred_at", "\"2026-01-01T00:00:00ZZ\"")),
                bad(Reason.BAD_TIME, "occurred_at", with("occurred_at", "\"+2026-01-01T00:00:00Z\"")),
                bad(Reason.TIME_OUT_OF_RANGE, "occurred_at", with("occurred_at", "\"0000-12-31T23:59:59Z\"")),
                bad(Reason.TIME_OUT_OF_RANGE, "occurred_at", with("occurred_at", "\"9999-12-31T23:59:59-00:01\"")),
                bad(Reason.LONE_SURROGATE, "actor_id", with("actor_id", "\"\\ud83d\"")),
                bad(Reason.LONE_SURROGATE, "attributes.a", attributes("{\"a\":\"\\ude00S3CRET\"}")),
                bad(Reason.LONE_SURROGATE, "", attributes("{\"\\ud83d\":1}")),
                bad(Reason.LONE_SURROGATE, "", attributes("{\"\\ude00\":1}")),
                bad(Reason.NUL_CHARACTER, "attributes.a", attributes("{\"a\":\"S3CRET\\u0000\"}")),
                bad(
                        Reason.NUL_CHARACTER,
                        "object_id",
                        with("actor_id", "\"x\",\"object_type\":\"t\",\"object_id\":\"\\u0000\"")),
                bad(Reason.NUMBER_NOT_FINITE, "attributes.a", attributes("{\"a\":1e309}")),
                bad(Reason.NUMBER_NOT_FINITE, "attributes.a[1]", attributes("{\"a\":[0,-1e999]}")),
                bad(Reason.NUMBER_UNDERFLOW, "attributes.a", attributes("{\"a\":1e-999}")),
                bad(Reason.NUMBER_UNDERFLOW, "attributes.a", attributes("{\"a\":-2e-324}")),
                bad(Reason.NUMBER_NOT_SAFE, "attributes.a", attributes("{\"a\":9007199254740992}")),
                bad(Reason.NUMBER_NOT_SAFE, "attributes.a", attributes("{\"a\":-9007199254740993}")),
                bad(Reason.NUMBER_NOT_SAFE, "attributes.a", attributes("{\"a\":999999999999999900000}")),
                bad(Reason.NUMBER_NOT_SAFE, "attributes.a", attributes("{\"a\":9.007199254740992e15}")),
                bad(Reason.TOO_DEEP, "attributes.a", attributes("{\"a\":" + deep + "}")),
                bad(Reason.TOO_DEEP, "attributes.a", attributes("{\"a\":" + "[".repeat(100_000))),
                bad(Reason.TOO_LONG, "", attributes("{\"a\":\"" + "S3CRET".repeat(200_000) + "\"}")),
                bad(
                        Reason.TOO_LONG,
                        "",
                        attributes("{\"a\":\"" + "S3CRET".repeat(90_000) + "\",\"b\":\"" + "\u20ac".repeat(200_000)
                                + "\"}")));
    }

    @ParameterizedTest
    @MethodSource("badLines")
    void aBadLineIsRefusedWithReasonAndFieldAndWithoutItsContent(Reason reason, String field, String line) {
        InvalidEventException refused =
                catchThrowableOfType(InvalidEventException.class, () -> new EventParser().parse(line));

        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.field()).isEqualTo(field);
        assertThat(refused.getMessage()).doesNotContain(SECRET).startsWith(field);
        assertThat(refused.getCause()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"c3 28", "c0 80", "ed a0 80", "f4 90 80 80", "ff", "e2 82", "80"})
    void bytesThatAreNotUtf8AreRefused(String hex) {
        byte[] prefix = GOOD.substring(0, GOOD.indexOf("x\"")).getBytes(StandardCharsets.UTF_8);
        byte[] line = java.util.Arrays.copyOf(prefix, prefix.length + 4);
        int at = prefix.length;
        for (String pair : hex.split(" ")) {
            line[at++] = (byte) Integer.parseInt(pair, 16);
        }
        int length = at;

        InvalidEventException refused =
                catchThrowableOfType(InvalidEventException.class, () -> new EventParser().parse(line, 0, length));

        assertThat(refused.reason()).isEqualTo(Reason.INVALID_UTF8);
        assertThat(refused).hasMessageContaining("from byte " + (prefix.length + 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-02T03:04:05Z 2026-01-02T03:04:05.000000Z",
                "2026-01-02T03:04:05.1234567890123456789Z 2026-01-02T03:04:05.123456Z",
                "2026-01-02T03:04:05.9999999Z 2026-01-02T03:04:05.999999Z",
                "1969-12-31T23:59:59.9999999Z 1969-12-31T23:59:59.999999Z",
                "2026-01-02T00:30:00+01:00 2026-01-01T23:30:00.000000Z",
                "2026-01-02T00:30:00-00:00 2026-01-02T00:30:00.000000Z",
                "2024-02-29T23:59:59-23:59 2024-03-01T23:58:59.000000Z",
                "0000-12-31T23:59:59-00:01 0001-01-01T00:00:59.000000Z",
                "9999-12-31T23:59:59.999999Z 9999-12-31T23:59:59.999999Z"
            })
    void aTimeIsKeptInUtcToTheMicrosecond(String cases) {
        String[] inAndOut = cases.split(" ");

        Event event = new EventParser().parse(with("occurred_at", "\"" + inAndOut[0] + "\""));

        assertThat(event.canonical()).contains("\"occurred_at\":\"" + inAndOut[1] + "\"");
        assertThat(EventTime.instant(event.occurredAtMicros())).isEqualTo(inAndOut[1]);
    }

    @Test
    void fieldsMayStandInAnyOrderAndWithWhiteSpace() {
        Event event = new EventParser()
                .parse(
                        " { \"occurred_at\" : \"2026-01-02T03:04:05Z\", \"actor_id\":\"x\",\"action\":\"a.b\" ,\"tenant_id\":\"T1\" } \r");

        assertThat(event).isEqualTo(new EventParser().parse(GOOD));
    }

    @Test
    void theSourceLaneIsNoPartOfTheContent() {
        Event event = new EventParser().parse(with("actor_id", "\"x\",\"source_lane\":\"MCP_2\""));

        assertThat(event.sourceLane()).isEqualTo("MCP_2");
        assertThat(event.eventId()).isEqualTo(new EventParser().parse(GOOD).eventId());
    }

    @Test
    void aParserGoesOnAfterABadLine() {
        EventParser parser = new EventParser();
        Event first = parser.parse(GOOD);
        badLines()
                .forEach(line -> assertThat(catchThrowableOfType(
                                InvalidEventException.class, () -> parser.parse((String) line.get()[2])))
                        .isNotNull());

        assertThat(parser.parse(GOOD)).isEqualTo(first);
    }

    @Test
    void thirtyTwoLevelsAreNotTooDeep() {
        String deep = "[".repeat(31) + "1" + "]".repeat(31);

        assertThat(new EventParser().parse(attributes("{\"a\":" + deep + "}")).canonical())
                .contains(deep);
    }

    @Test
    void theNamespacesOfFirnAndForeignPricesAreNotAdmitted() {
        assertThat(new EventParser().parse(with("action", "\"pipeline.x\"")).isAdmissible())
                .isFalse();
        assertThat(new EventParser().parse(with("action", "\"quality.x\"")).isAdmissible())
                .isFalse();
        assertThat(new EventParser().parse(with("action", "\"price.set\"")).isAdmissible())
                .isFalse();
        assertThat(new EventParser()
                        .parse(with("action", "\"price.set\"").replace("T1", "_system"))
                        .isAdmissible())
                .isTrue();
        assertThat(new EventParser().parse(GOOD).isAdmissible()).isTrue();
    }
}
