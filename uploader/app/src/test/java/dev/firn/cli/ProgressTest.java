package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private long nowNs;

    private Console console(boolean interactive) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Console(new ByteArrayInputStream(new byte[0]), stream, stream, interactive, 80, Map.of());
    }

    @Test
    void shortWorkShowsNothing() {
        try (Progress progress = new Progress(console(false), "read", () -> nowNs)) {
            nowNs = 999_000_000;
            progress.at(1_000);
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void longWorkGivesALineEachFiveSecondsWhereThereIsNoTerminal() {
        try (Progress progress = new Progress(console(false), "read", () -> nowNs)) {
            for (int second = 1; second <= 8; second++) {
                nowNs = second * 1_000_000_000L;
                progress.at(1_000L * second, 10_000);
            }
        }
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "read: 1,000 of 10,000 (10 %), 1,000 a second", "read: 6,000 of 10,000 (60 %), 1,000 a second");
    }

    @Test
    void aTerminalSeesOneLineThatIsRewrittenAndCleared() {
        try (Progress progress = new Progress(console(true), "read", () -> nowNs)) {
            nowNs = 1_000_000_000;
            progress.at(1_000);
        }
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("\rread: 1,000, 1,000 a second\r" + " ".repeat(27) + "\r");
    }
}
