package dev.firn.sink.snowpipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SnowpipeConfigTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void theDefaults() {
        assertThat(SnowpipeConfig.DEFAULT).isEqualTo(new SnowpipeConfig(MINUTE, 10_000_000, 64_000_000));
    }

    @Test
    void whatIsOutOfRangeIsRefused() {
        assertThatThrownBy(() -> new SnowpipeConfig(Duration.ofMillis(999), 10_000_000, 64_000_000))
                .hasMessageContaining("connectWithin");
        assertThatThrownBy(() -> new SnowpipeConfig(MINUTE, 99_999, 64_000_000)).hasMessageContaining("bytesPerSecond");
        assertThatThrownBy(() -> new SnowpipeConfig(MINUTE, 10_000_000, 999_999))
                .hasMessageContaining("maxBufferedBytes");
    }
}
