package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AcksTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicLong durable = new AtomicLong(7);

    private Acks acks() {
        return Acks.start(new PrintStream(out, true, StandardCharsets.UTF_8), durable::get);
    }

    private void awaitLines(int lines) {
        while (out.toString(StandardCharsets.UTF_8).lines().count() < lines) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aLineComesAtTheStartWithEachMoveAndAtTheEnd() {
        Acks acks = acks();
        awaitLines(1);
        durable.set(9);
        awaitLines(2);
        durable.set(12);

        acks.close();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualToNormalizingNewlines("durable 7\ndurable 9\ndurable 12\n");
    }

    @Test
    void whereNothingMovesThereIsOneLine() {
        acks().close();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualToNormalizingNewlines("durable 7\n");
    }

    @Test
    void anInterruptStaysSetAndTheLastLineIsPrinted() {
        Acks acks = acks();
        durable.set(8);
        Thread.currentThread().interrupt();

        acks.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("durable 8" + System.lineSeparator());
    }
}
