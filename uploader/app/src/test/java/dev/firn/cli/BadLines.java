package dev.firn.cli;

import dev.firn.event.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One line of each kind that is no event, each with a planted value where it can have one. */
final class BadLines {
    private static final String OK =
            "\"tenant_id\":\"t\",\"action\":\"a.b\",\"actor_id\":\"x\"," + "\"occurred_at\":\"2025-01-01T00:00:00Z\"";

    private final List<Line> lines = new ArrayList<>();
    private final String planted;

    /**
     * One line.
     *
     * @param reason why it is refused
     * @param bytes  without the line end
     */
    record Line(Reason reason, byte[] bytes) {}

    private BadLines(String planted) {
        this.planted = planted;
    }

    static List<Line> all(String planted) {
        BadLines bad = new BadLines(planted);
        bad.notEvents();
        bad.badFields();
        bad.badTimes();
        bad.badAttributes();
        return bad.lines;
    }

    private void add(Reason reason, String line) {
        lines.add(new Line(reason, line.getBytes(StandardCharsets.UTF_8)));
    }

    private void withField(Reason reason, String name, String value) {
        add(reason, ("{" + OK + "}").replaceFirst("\"" + name + "\":\"[^\"]*\"", "\"" + name + "\":" + value));
    }

    private void withAttributes(Reason reason, String attributes) {
        add(reason, "{" + OK + ",\"attributes\":" + attributes + "}");
    }

    private void notEvents() {
        add(Reason.BLANK_LINE, "");
        add(Reason.BLANK_LINE, " \t");
        add(Reason.NOT_JSON, planted);
        add(Reason.NOT_JSON, "{" + OK + ",\"attributes\":{\"a\":\"" + planted);
        add(Reason.NOT_JSON, "{" + OK + ",}");
        add(Reason.NOT_JSON, "{" + OK + ",\"attributes\":{\"a\":NaN}}");
        add(Reason.NOT_JSON, "{" + OK + ",\"attributes\":{\"a\":01}}");
        add(Reason.NOT_JSON, "{'" + planted + "':1}");
        add(Reason.NOT_JSON, "\uFEFF{" + OK + "}");
        add(Reason.NOT_AN_OBJECT, "[\"" + planted + "\"]");
        add(Reason.NOT_AN_OBJECT, "\"" + planted + "\"");
        add(Reason.NOT_AN_OBJECT, "null");
        add(Reason.TRAILING_CONTENT, "{" + OK + "} {\"a\":\"" + planted + "\"}");
        ByteArrayOutputStream invalid = new ByteArrayOutputStream();
        invalid.writeBytes(("{" + OK + ",\"attributes\":{\"a\":\"" + planted).getBytes(StandardCharsets.UTF_8));
        invalid.write(0xC3);
        invalid.writeBytes("\"}}".getBytes(StandardCharsets.UTF_8));
        lines.add(new Line(Reason.INVALID_UTF8, invalid.toByteArray()));
        lines.add(new Line(Reason.INVALID_UTF8, new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}));
    }

    private void badFields() {
        add(Reason.MISSING_FIELD, "{}");
        add(Reason.MISSING_FIELD, "{\"tenant_id\":\"" + planted + "\"}");
        add(Reason.UNKNOWN_FIELD, "{" + OK + ",\"extra\":\"" + planted + "\"}");
        add(Reason.UNKNOWN_FIELD, "{" + OK + ",\"v\":3}");
        add(Reason.DUPLICATE_KEY, "{" + OK + ",\"tenant_id\":\"" + planted + "\"}");
        withField(Reason.NULL_FIELD, "actor_id", "null");
        withField(Reason.WRONG_TYPE, "actor_id", "[\"" + planted + "\"]");
        withField(Reason.WRONG_TYPE, "tenant_id", "17");
        withField(Reason.BAD_LENGTH, "tenant_id", "\"\"");
        withField(Reason.BAD_LENGTH, "actor_id", "\"" + planted.repeat(30) + "\"");
        withField(Reason.BAD_FORMAT, "tenant_id", "\"" + planted + " \"");
        withField(Reason.BAD_FORMAT, "action", "\"" + planted + "\"");
        withField(Reason.BAD_FORMAT, "action", "\"a.B\"");
        withField(Reason.RESERVED_NAMESPACE, "action", "\"pipeline.started\"");
        withField(Reason.RESERVED_NAMESPACE, "action", "\"price.set\"");
        add(Reason.INCOMPLETE_OBJECT, "{" + OK + ",\"object_type\":\"" + planted + "\"}");
        add(Reason.INCOMPLETE_OBJECT, "{" + OK + ",\"object_id\":\"" + planted + "\"}");
        add(Reason.BAD_FORMAT, "{" + OK + ",\"source_lane\":\"" + planted + "\"}");
    }

    private void badTimes() {
        withField(Reason.BAD_TIME, "occurred_at", "\"" + planted + "\"");
        withField(Reason.BAD_TIME, "occurred_at", "\"2025-02-29T00:00:00Z\"");
        withField(Reason.BAD_TIME, "occurred_at", "\"2025-01-01T24:00:00Z\"");
        withField(Reason.BAD_TIME, "occurred_at", "\"2025-01-01t00:00:00Z\"");
        withField(Reason.TIME_WITHOUT_ZONE, "occurred_at", "\"2025-01-01T00:00:00\"");
        withField(Reason.TIME_OUT_OF_RANGE, "occurred_at", "\"0001-01-01T00:00:00+01:00\"");
    }

    private void badAttributes() {
        withAttributes(Reason.WRONG_TYPE, "[\"" + planted + "\"]");
        withAttributes(Reason.NULL_FIELD, "null");
        withAttributes(Reason.DUPLICATE_KEY, "{\"a\":{\"b\":1,\"b\":\"" + planted + "\"}}");
        withAttributes(Reason.RESERVED_NAME, "{\"a\":{\"$sealed\":\"" + planted + "\"}}");
        withAttributes(Reason.LONE_SURROGATE, "{\"a\":\"" + planted + "\\ud800\"}");
        withAttributes(Reason.NUL_CHARACTER, "{\"a\":\"" + planted + "\\u0000\"}");
        withAttributes(Reason.NUMBER_NOT_FINITE, "{\"a\":1e400}");
        withAttributes(Reason.NUMBER_UNDERFLOW, "{\"a\":1e-400}");
        withAttributes(Reason.NUMBER_NOT_SAFE, "{\"a\":9007199254740992}");
        withAttributes(Reason.TOO_DEEP, "{\"a\":".repeat(32) + "{}" + "}".repeat(32));
        withAttributes(Reason.TOO_LONG, "{\"a\":\"" + planted.repeat(100_000) + "\"}");
    }
}
