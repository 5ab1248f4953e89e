package dev.firn.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestConfigTest {
    private final IngestConfig.Builder builder = IngestConfig.builder(Path.of("journal"));

    @Test
    void defaults() {
        IngestConfig config = builder.build();
        assertThat(config.directory()).isEqualTo(Path.of("journal"));
        assertThat(config.sourceLane()).isEqualTo("APPLICATION");
        assertThat(config.ringSize()).isEqualTo(16_384);
        assertThat(config.syncInterval()).isEqualTo(Duration.ofMillis(10));
        assertThat(config.emitTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.backPressure()).isEqualTo(BackPressure.WAIT);
        assertThat(config.minFreeBytes()).isEqualTo(256 << 20);
        assertThat(config.retention()).isEmpty();
        assertThat(config.meterRegistry()).isEmpty();
        assertThat(config.deliveryListener()).isEmpty();
        assertThat(config.warmUp()).isTrue();
        long now = TimeUnit.MILLISECONDS.toMicros(Instant.now().toEpochMilli());
        assertThat(config.clock().getAsLong()).isBetween(now - 2_000_000, now + 10_000_000);
    }

    @Test
    void everySettingArrives() {
        LongSupplier clock = () -> 1;
        DeliveryListener listener = sequence -> {};
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        IngestConfig config = builder.sourceLane("MCP")
                .ringSize(64)
                .syncInterval(Duration.ofMillis(1))
                .emitTimeout(Duration.ZERO)
                .backPressure(BackPressure.DROP_AND_COUNT)
                .minFreeBytes(16 << 20)
                .retention(Duration.ofDays(7))
                .deliveryListener(listener)
                .warmUp(false)
                .clock(clock)
                .meterRegistry(registry)
                .build();
        assertThat(config.sourceLane()).isEqualTo("MCP");
        assertThat(config.ringSize()).isEqualTo(64);
        assertThat(config.syncInterval()).isEqualTo(Duration.ofMillis(1));
        assertThat(config.emitTimeout()).isZero();
        assertThat(config.backPressure()).isEqualTo(BackPressure.DROP_AND_COUNT);
        assertThat(config.minFreeBytes()).isEqualTo(16 << 20);
        assertThat(config.retention()).contains(Duration.ofDays(7));
        assertThat(config.deliveryListener()).containsSame(listener);
        assertThat(config.warmUp()).isFalse();
        assertThat(config.clock()).isSameAs(clock);
        assertThat(config.meterRegistry()).containsSame(registry);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "app", "A-B", "A B", "Ä", "A\n", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void badLane(String lane) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.sourceLane(lane).build())
                .withMessage("sourceLane must be 1 to 32 of A-Z 0-9 _: sourceLane=" + lane);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -64, 0, 1, 32, 65, 1_000, 1 << 21, Integer.MAX_VALUE})
    void badRingSize(int size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.ringSize(size).build())
                .withMessage("ringSize must be a power of two in 64..1048576: ringSize=" + size);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 999_999, 1_000_000_001})
    void badSyncInterval(long ns) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.syncInterval(Duration.ofNanos(ns)).build())
                .withMessageContaining("syncInterval=");
    }

    @Test
    void badEmitTimeout() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.emitTimeout(Duration.ofNanos(-1)).build())
                .withMessage("emitTimeout must not be negative: emitTimeout=PT-0.000000001S");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, 0, (16 << 20) - 1, (1L << 40) + 1})
    void badMinFreeBytes(long bytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.minFreeBytes(bytes).build())
                .withMessage("minFreeBytes must be from 16 MiB to 1 TiB: minFreeBytes=" + bytes);
    }

    @Test
    void badRetention() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.retention(Duration.ofDays(-1)).build())
                .withMessage("retention must not be negative: retention=PT-24H");
    }
}
