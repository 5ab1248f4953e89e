package dev.firn.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Random calls that describe an event, good or bad, made to the builder and to the encoder alike. */
final class RandomCalls {
    private static final long SAFE_END = 1L << 53;
    private static final double[] NUMBERS = {
        0.0,
        -0.0,
        0.1,
        -1.5,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MIN_NORMAL,
        Double.MAX_VALUE,
        SAFE_END,
        -SAFE_END,
        SAFE_END - 1,
        1e20,
        1e21,
        -1e21,
        1e22,
        9.5e-7,
        1e-6
    };
    private static final String[] NAMES = {
        "message_id", "role", "text", "tokens", "a", "b", "c", "", "\u00e9", "\uffff", "\ud83d\ude00", "a\"b", "a\nb"
    };
    private static final String[] BAD_NAMES = {"$", "$sealed", "\ud800", "x\u0000", "b\udc00c"};

    private final SplittableRandom random;
    private final List<Consumer<Event.Builder>> onBuilder = new ArrayList<>();
    private final List<Consumer<EventEncoder>> onEncoder = new ArrayList<>();
    private String action = "";
    private long nowMicros;
    private boolean timed;

    RandomCalls(long seed) {
        random = new SplittableRandom(seed);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 30);
    }

    long nowMicros() {
        return nowMicros;
    }

    Event build() {
        Event.Builder builder = Event.builder(action);
        onBuilder.forEach(call -> call.accept(builder));
        if (!timed) {
            builder.occurredAtMicros(nowMicros);
        }
        return builder.build();
    }

    EventEncoder applyTo(EventEncoder encoder) {
        encoder.begin(action);
        onEncoder.forEach(call -> call.accept(encoder));
        return encoder;
    }

    /** Makes up the next event. */
    void next() {
        onBuilder.clear();
        onEncoder.clear();
        action = rarely(60)
                ? oneOf("", "a", "A.b", "a.", "a.b.c.d.e.f", "a.1", text(5))
                : oneOf(
                        "a.b",
                        "conversation.message_sent",
                        "price.set",
                        "pipeline.x",
                        "quality.x_1",
                        "cortex.completed");
        nowMicros = random.nextLong(-62_135_596_800_000_000L, 253_402_300_800_000_000L);
        timed = random.nextBoolean();
        int calls = random.nextInt(9);
        if (!rarely(40)) {
            tenant();
        }
        for (int i = 0; i < calls; i++) {
            attribute();
        }
        if (!rarely(40)) {
            actor();
        }
        if (random.nextBoolean()) {
            object();
        }
        if (timed) {
            Instant at = EventTime.instant(nowMicros).plusNanos(random.nextInt(1_000));
            add(builder -> builder.occurredAt(at), encoder -> encoder.occurredAt(at));
        }
        if (random.nextInt(3) == 0) {
            String lane = rarely(20) ? oneOf("", "mcp", "A".repeat(33)) : oneOf("MCP", "IMPORT", "A_1");
            add(builder -> builder.sourceLane(lane), encoder -> encoder.sourceLane(lane));
        }
        while (random.nextInt(4) == 0) {
            switch (random.nextInt(4)) {
                case 0 -> tenant();
                case 1 -> actor();
                case 2 -> object();
                default -> attribute();
            }
        }
        assertThat(onBuilder).hasSameSizeAs(onEncoder);
    }

    private void tenant() {
        String tenant = rarely(40) ? oneOf("", "T 1", "a".repeat(65), "\u00e9") : oneOf("T1", "_system", "a.b-C_9");
        add(builder -> builder.tenant(tenant), encoder -> encoder.tenant(tenant));
    }

    private void actor() {
        String actor = rarely(40) ? oneOf("", "\ud800", "\u0000", "a".repeat(257)) : "x" + text(20);
        add(builder -> builder.actor(actor), encoder -> encoder.actor(actor));
    }

    private void object() {
        String type =
                rarely(40) ? oneOf("", "\udc00", "\u0000", "a".repeat(65)) : oneOf("o", "conversation", "\u00e9\"");
        String id = rarely(40) ? oneOf("", "a\ud800b", "\u0000", "a".repeat(257)) : "i" + text(200);
        add(builder -> builder.object(type, id), encoder -> encoder.object(type, id));
    }

    private void attribute() {
        String name = rarely(60) ? oneOf(BAD_NAMES) : random.nextInt(4) == 0 ? text(80) : oneOf(NAMES);
        switch (random.nextInt(6)) {
            case 0 -> {
                long value = number();
                add(builder -> builder.attribute(name, value), encoder -> encoder.attribute(name, value));
            }
            case 1 -> {
                double value = fraction();
                add(builder -> builder.attribute(name, value), encoder -> encoder.attribute(name, value));
            }
            case 2 -> {
                boolean value = random.nextBoolean();
                add(builder -> builder.attribute(name, value), encoder -> encoder.attribute(name, value));
            }
            case 3, 4 -> {
                String value = string();
                add(builder -> builder.attribute(name, value), encoder -> encoder.attribute(name, value));
            }
            default -> {
                Object value = value(rarely(30) ? 40 : 3);
                add(builder -> builder.attribute(name, value), encoder -> encoder.attribute(name, value));
            }
        }
    }

    private @Nullable Object value(int depth) {
        if (depth > 3) {
            return random.nextBoolean() ? List.of(value(depth - 1)) : Map.of("k", value(depth - 1));
        }
        return switch (random.nextInt(depth > 0 ? 11 : 8)) {
            case 0 -> string();
            case 1 -> number();
            case 2 -> fraction();
            case 3 -> random.nextBoolean();
            case 4 -> (float) random.nextInt(100) / 8;
            case 5 -> (short) random.nextInt(1_000);
            case 6 -> new BigDecimal(random.nextInt()).movePointLeft(random.nextInt(8));
            case 7 -> rarely(20) ? oneOf(new Object(), 'c', Instant.MAX) : EventTime.instant(nowMicros);
            case 8 -> List.of(value(depth - 1), value(depth - 1));
            default -> {
                Map<Object, Object> map = new HashMap<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    map.put(rarely(40) ? 1 : rarely(30) ? oneOf(BAD_NAMES) : oneOf(NAMES), value(depth - 1));
                }
                yield map;
            }
        };
    }

    private long number() {
        return switch (random.nextInt(8)) {
            case 0 -> SAFE_END - 1;
            case 1 -> -SAFE_END + 1;
            case 2 -> rarely(6) ? oneOf(SAFE_END, -SAFE_END, Long.MAX_VALUE, Long.MIN_VALUE) : 0;
            default -> random.nextLong(-SAFE_END + 1, SAFE_END) >> random.nextInt(54);
        };
    }

    private double fraction() {
        double value = switch (random.nextInt(4)) {
            case 0 -> NUMBERS[random.nextInt(NUMBERS.length)];
            case 1 -> Double.longBitsToDouble(random.nextLong());
            case 2 -> Double.longBitsToDouble(random.nextLong(1, 1L << 52));
            default -> random.nextInt(-1_000_000, 1_000_000) / 1_000.0;
        };
        boolean refused = !Double.isFinite(value) || Math.abs(value) >= SAFE_END && Math.abs(value) < 1e21;
        return refused && !rarely(8) ? 0.25 : value;
    }

    private String string() {
        String text = text(random.nextInt(10) == 0 ? 3_000 : 40);
        return rarely(40)
                ? text + oneOf("\ud83d", "\ude00", "\u0000", "\ud83d\ud83d\ude00", "\ude00\ud83d") + text
                : text;
    }

    private String text(int longest) {
        StringBuilder text = new StringBuilder();
        int kind = random.nextInt(6);
        for (int i = random.nextInt(longest + 1); i > 0; i--) {
            int point = switch (kind < 5 ? kind : random.nextInt(5)) {
                case 0 -> random.nextInt(1, 0x80);
                case 1 -> random.nextInt(0x80, 0x800);
                case 2 -> random.nextInt(0xe000, 0x10000);
                case 3 -> random.nextInt(0x10000, 0x110000);
                default -> random.nextInt('a', 'z' + 1);
            };
            text.appendCodePoint(point);
        }
        return text.toString();
    }

    private boolean rarely(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    @SafeVarargs
    private <T> T oneOf(T... values) {
        return values[random.nextInt(values.length)];
    }

    private void add(Consumer<Event.Builder> builder, Consumer<EventEncoder> encoder) {
        onBuilder.add(builder);
        onEncoder.add(encoder);
    }
}
