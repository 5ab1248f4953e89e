package dev.firn.sink.classic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClassicConfigTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void theDefaults() {
        assertThat(ClassicConfig.DEFAULT)
                .isEqualTo(new ClassicConfig(SECOND, Duration.ofSeconds(60), Duration.ofSeconds(30), 64_000_000));
    }

    @Test
    void whatIsOutOfRangeIsRefused() {
        Duration tooShort = Duration.ofMillis(999);
        assertThatThrownBy(() -> new ClassicConfig(tooShort, SECOND, SECOND, 1_000_000))
                .hasMessageContaining("maxClientLag must be in 1 s..10 minutes");
        assertThatThrownBy(() -> new ClassicConfig(SECOND, tooShort, SECOND, 1_000_000))
                .hasMessageContaining("connectWithin must be in 1 s..10 minutes");
        assertThatThrownBy(() -> new ClassicConfig(SECOND, SECOND, Duration.ofMinutes(16), 1_000_000))
                .hasMessageContaining("appendWithin must be in 1 s..15 minutes");
        assertThatThrownBy(() -> new ClassicConfig(SECOND, SECOND, SECOND, 999_999))
                .hasMessageContaining("maxBufferedBytes");
    }
}
