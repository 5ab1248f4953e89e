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
                        Duration.ofMillis(100),
                        Duration.ofSeconds(30),
                        10));
    }

    @Test
    void valuesOutsideTheirRangeAreRefusedByName() {
        assertThatThrownBy(() -> new UploaderConfig(0, 1_000_000, MS, MS, MS, 1))
                .hasMessageContaining("maxBatchRows");
        assertThatThrownBy(() -> new UploaderConfig(1, 999_999, MS, MS, MS, 1)).hasMessageContaining("maxBatchBytes");
        assertThatThrownBy(() -> new UploaderConfig(1, 1_000_000, Duration.ofMillis(-1), MS, MS, 1))
                .hasMessageContaining("maxBatchDelay");
        assertThatThrownBy(() -> new UploaderConfig(1, 1_000_000, MS, Duration.ZERO, MS, 1))
                .hasMessageContaining("firstRetryDelay");
        assertThatThrownBy(() -> new UploaderConfig(1, 1_000_000, MS, Duration.ofMillis(2), MS, 1))
                .hasMessageContaining("maxRetryDelay");
        assertThatThrownBy(() -> new UploaderConfig(1, 1_000_000, MS, MS, MS, 0))
                .hasMessageContaining("maxAttempts");
    }
}
