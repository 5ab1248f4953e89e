package dev.firn.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UploaderConfigTest {
    private static final Duration MS = Duration.ofMillis(1);

    @Test
    void theDefaultsAreAsDocumented() {
        assertThat(UploaderConfig.DEFAULT)
                .isEqualTo(new UploaderConfig(
                        10_000,
                        64_000_000,
                        Duration.ofMillis(100),
                        20,
                        64_000_000,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(30),
                        10,
                        5,
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(10),
                        false));
    }

    private static void assertRefused(String name, UploaderConfig.Builder bad) {
        assertThatThrownBy(bad::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(name + " must be");
    }

    private static UploaderConfig.Builder config() {
        return UploaderConfig.builder();
    }

    @Test
    void valuesOutsideTheirRangeAreRefusedByName() {
        assertRefused("maxBatchRows", config().maxBatchRows(0));
        assertRefused("maxBatchBytes", config().maxBatchBytes(999_999));
        assertRefused("maxBatchDelay", config().maxBatchDelay(MS.negated()));
        assertRefused("maxInFlightBatches", config().maxInFlightBatches(0));
        assertRefused("maxInFlightBytes", config().maxInFlightBytes(999_999));
        assertRefused("firstRetryDelay", config().firstRetryDelay(Duration.ZERO));
        assertRefused("maxRetryDelay", config().maxRetryDelay(MS));
        assertRefused("maxAttempts", config().maxAttempts(0));
        assertRefused("alarmAttempts", config().alarmAttempts(0));
        assertRefused("stallTimeout", config().stallTimeout(Duration.ofSeconds(10)));
        assertRefused("idlePollInterval", config().idlePollInterval(Duration.ZERO));
    }

    @Test
    void everySettingArrives() {
        UploaderConfig all = new UploaderConfig(
                1,
                2_000_000,
                MS,
                3,
                4_000_000,
                MS,
                MS.multipliedBy(2),
                5,
                6,
                MS.multipliedBy(8),
                MS.multipliedBy(7),
                true);

        assertThat(config().maxBatchRows(1)
                        .maxBatchBytes(2_000_000)
                        .maxBatchDelay(MS)
                        .maxInFlightBatches(3)
                        .maxInFlightBytes(4_000_000)
                        .firstRetryDelay(MS)
                        .maxRetryDelay(MS.multipliedBy(2))
                        .maxAttempts(5)
                        .alarmAttempts(6)
                        .stallTimeout(MS.multipliedBy(8))
                        .idlePollInterval(MS.multipliedBy(7))
                        .acceptToken(true)
                        .build())
                .isEqualTo(all);
        assertThat(all.toBuilder().build()).isEqualTo(all);
    }
}
