package dev.firn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventEncoderTest {
    private static final long NOW = EventTime.parse("2026-11-20T09:30:00.123456Z", "t");

    private final EventEncoder encoder = new EventEncoder();

    private EventEncoder begin() {
        return encoder.begin("a.b").tenant("T1").actor("x");
    }

    private static Event.Builder builder() {
        return Event.builder("a.b").tenant("T1").actor("x").occurredAtMicros(NOW);
    }

    private String encoded() {
        assertThat(encoder.encode(NOW)).isTrue();
        return new String(encoder.bytes(), 0, encoder.length(), StandardCharsets.UTF_8);
    }

    private static void assertSame(EventEncoder encoder, Event event) {
        assertThat(new String(encoder.bytes(), 0, encoder.length(), StandardCharsets.UTF_8))
                .isEqualTo(event.canonical());
        assertThat(encoder.occurredAtMicros()).isEqualTo(event.occurredAtMicros());
        assertThat(encoder.sourceLane()).isEqualTo(event.sourceLane());
        assertThat(encoder.isSystem()).isEqualTo(event.isSystem());
        assertThat(encoder.isAdmissible()).isEqualTo(event.isAdmissible());
        assertThat(encoder.problem()).isNull();
        Event copy = encoder.toEvent();
        assertThat(copy).isEqualTo(event);
        assertThat(List.of(copy.tenantId(), copy.action(), copy.actorId()))
                .isEqualTo(List.of(event.tenantId(), event.action(), event.actorId()));
        assertThat(copy.objectType()).isEqualTo(event.objectType());
        assertThat(copy.objectId()).isEqualTo(event.objectId());
        assertThat(copy.occurredAtMicros()).isEqualTo(event.occurredAtMicros());
        assertThat(copy.sourceLane()).isEqualTo(event.sourceLane());
        assertThat(copy.isAdmissible()).isEqualTo(event.isAdmissible());
    }

    private static void assertProblem(@Nullable InvalidEventException problem, InvalidEventException expected) {
        assertThat(problem).isNotNull().hasMessage(expected.getMessage());
        assertThat(problem.reason()).isEqualTo(expected.reason());
        assertThat(problem.field()).isEqualTo(expected.field());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.firn.event.RandomCalls#seeds")
    void randomEventsAreWhatTheBuilderMakesOfThemOrFailForTheSameReason(long seed) {
        RandomCalls calls = new RandomCalls(seed);
        int good = 0;
        int events = 300;
        for (int i = 0; i < events; i++) {
            calls.next();
            long now = calls.nowMicros();
            boolean encodes = calls.applyTo(encoder).encode(now);
            Event event;
            try {
                event = calls.build();
            } catch (InvalidEventException e) {
                assertThat(encodes).isFalse();
                assertProblem(encoder.problem(), e);
                continue;
            }
            assertThat(encoder.problem()).isNull();
            assertThat(encodes).isTrue();
            assertSame(encoder, event);
            good++;
        }
        // Both ends are met.
        assertThat(good).isBetween(events / 5, events * 4 / 5);
    }

    @Test
    void allWaysToSetAnAttributeAreThoseOfTheBuilder() {
        Integer none = null;
        begin().attribute("int", 17)
                .attribute("long", 18L)
                .attribute("char", 'c')
                .attribute("float", 1.5f)
                .attribute("double", -0.0)
                .attribute("boolean", true)
                .attribute("null", null)
                .attribute("no integer", none)
                .attribute("integer", Integer.valueOf(19))
                .attribute("short", (short) 20)
                .attribute("money", new BigDecimal("0.0150"))
                .attribute("time", Instant.EPOCH)
                .attribute("map", Map.of("k", List.of(1, 2.5, "three")));
        Event event = builder()
                .attribute("int", 17)
                .attribute("long", 18L)
                .attribute("char", 'c')
                .attribute("float", 1.5f)
                .attribute("double", -0.0)
                .attribute("boolean", true)
                .attribute("null", null)
                .attribute("no integer", none)
                .attribute("integer", Integer.valueOf(19))
                .attribute("short", (short) 20)
                .attribute("money", new BigDecimal("0.0150"))
                .attribute("time", Instant.EPOCH)
                .attribute("map", Map.of("k", List.of(1, 2.5, "three")))
                .build();

        assertThat(encoded()).isEqualTo(event.canonical());
    }

    @Test
    void theTimeThatWasSetGoesBeforeTheTimeOfEncoding() {
        begin();
        assertThat(encoded()).contains("\"occurred_at\":\"2026-11-20T09:30:00.123456Z\"");

        begin().occurredAt(Instant.parse("2026-01-02T03:04:05.123456789Z"));
        assertThat(encoded()).contains("\"occurred_at\":\"2026-01-02T03:04:05.123456Z\"");

        begin().occurredAtMicros(-1);
        assertThat(encoded()).contains("\"occurred_at\":\"1969-12-31T23:59:59.999999Z\"");
    }

    @Test
    void timesThatLieCloseToOneAnotherAreAllWrittenInFull() {
        SplittableRandom random = new SplittableRandom(1);
        long micros = 0;
        for (int i = 0; i < 5_000; i++) {
            micros += random.nextLong(-90_000_000, 90_000_000);
            begin().occurredAtMicros(micros);

            assertThat(encoded())
                    .contains("\"occurred_at\":\""
                            + EventTime.instant(micros).toString().substring(0, 19));
            assertThat(encoded()).contains("\"occurred_at\":\"" + EventTime.format(micros) + "\"");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -62_135_596_800_000_001L, 253_402_300_800_000_000L, Long.MAX_VALUE})
    void aTimeOutsideTheYearsIsNamed(long micros) {
        begin().occurredAtMicros(micros);
        assertThat(encoder.encode(NOW)).isFalse();
        assertThat(encoder.problem()).hasMessageStartingWith("occurred_at: must be in the years 0001 to 9999");

        begin();
        assertThat(encoder.encode(micros)).isFalse();
        assertThat(encoder.problem()).hasMessageStartingWith("occurred_at: must be in the years 0001 to 9999");
    }

    @Test
    void requiredFieldsAreNamed() {
        encoder.begin("a.b").actor("x").encode(NOW);
        assertThat(encoder.problem()).hasMessage("tenant_id: is required");

        encoder.begin("a.b").tenant("T1").encode(NOW);
        assertThat(encoder.problem()).hasMessage("actor_id: is required");
    }

    @Test
    void aBadActionIsRefusedEachTimeAndSpoilsNoOther() {
        for (String action : List.of("", "b", "a.b", "A.b", "A.b", "a.b", "a..b")) {
            boolean good = encoder.begin(action)
                    .tenant("T1")
                    .actor("x")
                    .object("o", "1")
                    .attribute("n", 1)
                    .encode(NOW);

            assertThat(good).isEqualTo(action.equals("a.b"));
        }
    }

    @Test
    void actionsThatTakeTurnsKeepTheirOwnNames() {
        for (int i = 0; i < 200; i++) {
            String action = "a.b" + i % 40;
            String name = "n" + i % 3;
            encoder.begin(action)
                    .tenant("T1")
                    .actor("x")
                    .object("o" + i % 7, "1")
                    .attribute(name, i);

            assertThat(encoded())
                    .isEqualTo(Event.builder(action)
                            .tenant("T1")
                            .actor("x")
                            .object("o" + i % 7, "1")
                            .occurredAtMicros(NOW)
                            .attribute(name, i)
                            .build()
                            .canonical());
        }
    }

    @Test
    void aLoneSurrogateInATextIsAProblemThatShowsNoText() {
        begin().attribute("text", "secret\ud800");

        assertThat(encoder.encode(NOW)).isFalse();
        assertThat(encoder.problem()).hasMessage("attributes.text: has half of a surrogate pair at character 6");
    }

    @Test
    void aBadValueThatIsReplacedDoesNoHarm() {
        begin().actor("\ud800").actor("x").attribute("n", Double.NaN).attribute("n", 1);

        assertThat(encoded()).isEqualTo(builder().attribute("n", 1).build().canonical());
    }

    @Test
    void moreBadValuesThanAreKeptRefuseTheEvent() {
        begin();
        for (int i = 0; i < 100_000; i++) {
            encoder.attribute("n" + i, Double.NaN);
        }

        assertThat(encoder.encode(NOW)).isFalse();
        assertThat(encoder.problem()).hasMessageEndingWith(": must be a finite number");
    }

    @Test
    void manyAttributesInAnyOrderAreSortedAndTheLastOfANameCounts() {
        Event.Builder builder = builder();
        begin();
        for (int i = 0; i < 3_000; i++) {
            String name = "n" + i * 7_919L % 2_000;
            encoder.attribute(name, i);
            builder.attribute(name, i);
        }

        assertThat(encoded()).isEqualTo(builder.build().canonical());
    }

    @Test
    void namesAreSortedByUtf16CodeUnits() {
        begin().attribute("\uff5a", 1).attribute("\ud83d\ude00", 2).attribute("z", 3);

        assertThat(encoded()).contains("{\"z\":3,\"\ud83d\ude00\":2,\"\uff5a\":1}");
    }

    @Test
    void theLongestCanonicalFormIsExactlyTheLimit() {
        int around = builder().attribute("t", "").build().canonicalLength();
        String longest = "a".repeat(Event.MAX_CANONICAL_LENGTH - around);

        begin().attribute("t", longest);
        assertThat(encoded()).hasSize(Event.MAX_CANONICAL_LENGTH);

        for (String tooLong :
                List.of(longest + "a", "a".repeat(5_000_000), "\n".repeat(600_000), "\n".repeat(2_000_000))) {
            begin().attribute("t", tooLong);
            assertThat(encoder.encode(NOW)).isFalse();
            assertThat(encoder.problem()).hasMessage("the canonical form is longer than 1000000 bytes");
            assertThat(encoder.problem().reason()).isEqualTo(Reason.TOO_LONG);
        }
    }

    @Test
    void attributesThatAreTooLongTogetherAreRefused() {
        begin();
        for (int i = 0; i < 20; i++) {
            encoder.attribute("n" + i, "a".repeat(100_000));
        }

        assertThat(encoder.encode(NOW)).isFalse();
        assertThat(encoder.problem().reason()).isEqualTo(Reason.TOO_LONG);
    }

    @Test
    void largeValuesThatAreReplacedDoNotCount() {
        Event.Builder builder = builder().attribute("a", 1).attribute("c", "c");
        begin().attribute("c", "c").attribute("a", 1);
        for (int i = 0; i < 20; i++) {
            String text = String.valueOf(i).repeat(300_000);
            builder.attribute("b", text);
            encoder.attribute("b", text);
        }

        assertThat(encoded()).isEqualTo(builder.build().canonical());
    }

    @Test
    void buffersOfALargeEventAreLetGo() {
        begin().attribute("t", "a".repeat(500_000));
        encoded();
        assertThat(encoder.bytes().length).isGreaterThan(500_000);

        encoder.end();
        begin().attribute("t", "a");

        assertThat(encoded()).isEqualTo(builder().attribute("t", "a").build().canonical());
        assertThat(encoder.bytes().length).isLessThanOrEqualTo(65_536);
    }

    @Test
    void aCollectionThatThrowsLeavesNothingBehind() {
        List<Object> broken = new AbstractList<>() {
            @Override
            public Object get(int index) {
                if (index == 1) {
                    throw new UnsupportedOperationException("broken");
                }
                return "a";
            }

            @Override
            public int size() {
                return 2;
            }
        };
        begin().attribute("a", 1);
        assertThatThrownBy(() -> encoder.attribute("b", broken)).isInstanceOf(UnsupportedOperationException.class);
        assertThat(encoded()).isEqualTo(builder().attribute("a", 1).build().canonical());

        encoder.attribute("c", 2);
        assertThat(encoded())
                .isEqualTo(builder().attribute("a", 1).attribute("c", 2).build().canonical());
    }

    @Test
    void anEventMayBeEncodedAgainWithMore() {
        begin().attribute("b", 1);
        encoded();
        encoder.attribute("a", 2);

        assertThat(encoded())
                .isEqualTo(builder().attribute("b", 1).attribute("a", 2).build().canonical());
    }

    @Test
    void mistakesOfTheProgramAreThrown() {
        assertThatThrownBy(() -> encoder.tenant("T1")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> encoder.encode(NOW)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> encoder.begin(null)).isInstanceOf(NullPointerException.class);
        begin();
        assertThatThrownBy(encoder::bytes).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> encoder.tenant(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> encoder.attribute(null, 1)).isInstanceOf(NullPointerException.class);
        encoder.end();
        assertThatThrownBy(() -> encoder.attribute("n", 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nothingIsAllocatedForAMessage() {
        assertAllocatesNothing(i -> {
            encoder.begin("conversation.message_sent")
                    .tenant("HCS0001")
                    .actor("user-17")
                    .object("conversation", "c-4711")
                    .attribute("message_id", "c-4711-m3")
                    .attribute("role", "user")
                    .attribute("text", i % 2 == 0 ? "Is an MRI scan covered?" : "H\u00e4tte \"ich\"\n\ud83d\ude00?")
                    .attribute("tokens", i);
            encoder.encode(NOW + i * 10_000_000L);
        });
    }

    @Test
    void nothingIsAllocatedForNamesThatChangeAndComeInAnyOrder() {
        String[] names = new String[64];
        String[] actions = new String[64];
        for (int i = 0; i < names.length; i++) {
            names[i] = (i % 2 == 0 ? "n" : "gr\u00f6\u00dfe\"") + i;
            actions[i] = "a.b" + i;
        }
        assertAllocatesNothing(i -> {
            encoder.begin(actions[i * 7 % 64]).tenant("T1").actor("x").sourceLane("MCP");
            for (int k = 0; k < 10; k++) {
                encoder.attribute(names[(i * 11 + k * 37) % 64], i * 0.1)
                        .attribute(names[(i * 13 + k) % 64], k % 2 == 0);
            }
            encoder.encode(NOW);
        });
    }

    private static void assertAllocatesNothing(Consumer<Integer> event) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Integer[] boxed = new Integer[2_000];
        for (int i = 0; i < boxed.length; i++) {
            boxed[i] = i;
        }
        long fewest = Long.MAX_VALUE;
        // The compiler may still be at work in the first rounds.
        for (int round = 0; round < 40 && fewest > 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (Integer i : boxed) {
                event.accept(i);
            }
            fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(fewest).isZero();
    }
}
