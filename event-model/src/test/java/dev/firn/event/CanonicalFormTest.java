package dev.firn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.erdtman.jcs.JsonCanonicalizer;
import org.erdtman.jcs.NumberToJSON;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares our encoding with the reference implementation of RFC 8785. */
class CanonicalFormTest {
    private static final double SAFE_END = 0x1p53;
    private static final Instant AT = Instant.parse("2026-11-20T09:30:00.123456Z");

    private static LongStream seeds() {
        return LongStream.rangeClosed(1, 50);
    }

    private static Event.Builder event() {
        return Event.builder("a.b").tenant("T1").actor("x").occurredAt(AT);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomDocumentsAreEncodedAsTheReferenceDoes(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 100; i++) {
            Event.Builder builder = event();
            Map<String, Object> attributes = randomObject(random, 4);
            attributes.forEach(builder::attribute);

            Event event = builder.build();

            assertThat(event.canonical()).isEqualTo(new JsonCanonicalizer(event.canonical()).getEncodedString());
            assertThat(event.canonical()).contains(reference(attributes));
            assertThat(new EventParser().parse(event.canonical().replace(",\"v\":3", "")))
                    .isEqualTo(event);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomNumbersAreWrittenAsTheReferenceDoes(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2_000; i++) {
            double value = randomDouble(random);
            if (!refused(value)) {
                assertThat(written(value)).isEqualTo(reference(value));
            }
        }
    }

    @Test
    void edgesOfTheNumberRangeAreWrittenAsTheReferenceDoes() throws IOException {
        List<Double> edges = new ArrayList<>(List.of(
                0.0,
                -0.0,
                Double.MIN_VALUE,
                Double.MIN_NORMAL,
                Double.MAX_VALUE,
                1e21,
                1e22,
                1e23,
                9.5e-7,
                1e-6,
                1e-7,
                2e-323));
        for (int exponent = -1074; exponent < 1024; exponent++) {
            double power = Math.scalb(1.0, exponent);
            edges.addAll(List.of(power, Math.nextUp(power), Math.nextDown(power), -power));
        }
        for (int exponent = -323; exponent <= 308; exponent++) {
            double power = Double.parseDouble("1e" + exponent);
            edges.addAll(List.of(power, Math.nextUp(power), Math.nextDown(power)));
        }
        for (double value : edges) {
            if (!refused(value)) {
                assertThat(written(value)).isEqualTo(reference(value));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void subnormalNumbersHaveTheFewestDigitsThatReadBack(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 500; i++) {
            double value = Double.longBitsToDouble(random.nextLong(1L, 1L << random.nextInt(1, 53)));

            assertThat(new BigDecimal(written(value))).isEqualByComparingTo(shortest(value));
        }
    }

    @Test
    void moneyIsKeptAsText() {
        assertThat(event().attribute("cost_usd", new BigDecimal("0.0150"))
                        .build()
                        .canonical())
                .contains("{\"cost_usd\":\"0.0150\"}");
    }

    @Test
    void theLongestCanonicalFormIsExactlyTheLimit() {
        int around = event().attribute("t", "").build().canonicalLength();
        String longest = "a".repeat(Event.MAX_CANONICAL_LENGTH - around);

        assertThat(event().attribute("t", longest).build().canonicalLength()).isEqualTo(Event.MAX_CANONICAL_LENGTH);
        assertThatThrownBy(() -> event().attribute("t", longest + "a").build())
                .isInstanceOfSatisfying(
                        InvalidEventException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LONG));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void fieldsAreReadBackOutOfTheCanonicalBytes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Event.Builder builder =
                event().actor(randomText(random, 20) + "x").object("t" + randomText(random, 5), "\"\\\n");
        randomObject(random, 3).forEach(builder::attribute);
        Event event = builder.build();
        byte[] bytes = ("??" + event.canonical() + "?").getBytes(StandardCharsets.UTF_8);

        CanonicalReader read = new CanonicalReader().read(bytes, 2, event.canonicalLength());

        assertThat(read.action()).isEqualTo(event.action());
        assertThat(read.actorId()).isEqualTo(event.actorId());
        assertThat(read.objectType()).isEqualTo(event.objectType());
        assertThat(read.objectId()).isEqualTo(event.objectId());
        assertThat(read.occurredAtMicros()).isEqualTo(event.occurredAtMicros());
        assertThat(read.tenantId()).isEqualTo(event.tenantId());
        assertThat(event.canonical()).contains("\"attributes\":" + read.attributes() + ",\"object_id\"");
    }

    @Test
    void bytesThatAreNoCanonicalFormAreRefusedWithAPosition() {
        byte[] bytes = event().build().canonical().getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < bytes.length; length++) {
            int cut = length;
            assertThatThrownBy(() -> new CanonicalReader().read(bytes, 0, cut))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("position=");
        }
    }

    /** The reference, but for subnormal numbers, whose exponents it gets wrong (1e-320 becomes 0.0...01e-178). */
    private static String reference(double value) throws IOException {
        return value != 0 && Math.abs(value) < Double.MIN_NORMAL ? written(value) : NumberToJSON.serializeNumber(value);
    }

    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int precision = 1; ; precision++) {
            BigDecimal rounded = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == value) {
                return rounded;
            }
        }
    }

    private static boolean refused(double value) {
        double magnitude = Math.abs(value);
        return Double.isNaN(value) || Double.isInfinite(value) || magnitude >= SAFE_END && magnitude < 1e21;
    }

    private static String written(double value) {
        String canonical = event().attribute("n", value).build().canonical();
        int from = canonical.indexOf("{\"n\":") + 5;
        return canonical.substring(from, canonical.indexOf('}', from));
    }

    private static double randomDouble(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextInt(-1_000_000, 1_000_000) / 1_000.0;
            case 2 -> random.nextLong(1L << 53);
            default -> random.nextDouble() * Math.pow(10, random.nextInt(-10, 10));
        };
    }

    private static String reference(Map<String, Object> attributes) throws IOException {
        StringBuilder json = new StringBuilder();
        naive(attributes, json);
        return new JsonCanonicalizer(json.toString()).getEncodedString();
    }

    /** JSON by other means than ours: everything but ASCII letters is escaped, numbers are Java's. */
    private static void naive(Object value, StringBuilder json) {
        if (value instanceof Map<?, ?> map) {
            json.append('{');
            map.forEach((name, item) -> {
                naive(name, json);
                json.append(':');
                naive(item, json);
                json.append(',');
            });
            trimComma(json).append('}');
        } else if (value instanceof List<?> list) {
            json.append('[');
            list.forEach(item -> {
                naive(item, json);
                json.append(',');
            });
            trimComma(json).append(']');
        } else if (value instanceof String text) {
            json.append('"');
            text.chars().forEach(c -> json.append(String.format("\\u%04X", c)));
            json.append('"');
        } else {
            json.append(value);
        }
    }

    private static StringBuilder trimComma(StringBuilder json) {
        if (json.charAt(json.length() - 1) == ',') {
            json.setLength(json.length() - 1);
        }
        return json;
    }

    private static Map<String, Object> randomObject(SplittableRandom random, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        int size = random.nextInt(6);
        for (int i = 0; i < size; i++) {
            map.put("k" + randomText(random, 6), randomValue(random, depth - 1));
        }
        return map;
    }

    private static Object randomValue(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> randomText(random, 30);
            case 1 -> random.nextLong(-(1L << 53) + 1, 1L << 53);
            case 2 -> {
                double value = randomDouble(random);
                yield refused(value) ? 0.5 : value;
            }
            case 3 -> random.nextBoolean();
            case 4 -> "";
            case 5 -> randomObject(random, depth);
            default -> {
                List<Object> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(randomValue(random, depth - 1));
                }
                yield Collections.unmodifiableList(items);
            }
        };
    }

    private static String randomText(SplittableRandom random, int longest) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(longest + 1); i > 0; i--) {
            int point = switch (random.nextInt(5)) {
                case 0 -> random.nextInt(1, 0x20);
                case 1 -> random.nextInt(0x80, 0x800);
                case 2 -> random.nextInt(0xe000, 0x10000);
                case 3 -> random.nextInt(0x10000, 0x110000);
                default -> random.nextInt(0x20, 0x80);
            };
            text.appendCodePoint(point);
        }
        return text.toString();
    }
}
