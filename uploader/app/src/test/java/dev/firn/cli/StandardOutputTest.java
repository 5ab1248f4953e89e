package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Standard output that does not take everything. */
class StandardOutputTest {
    private static final String EVENT = "{\"tenant_id\":\"t\",\"action\":\"a.b\",\"actor_id\":\"x\","
            + "\"occurred_at\":\"2025-01-01T00:00:00Z\"}\n";

    @TempDir
    private Path parent;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(BrokenOutput out, InputStream in, String... args) {
        Console console = new Console(
                in,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                120,
                Map.of());
        return Firn.run(console, args);
    }

    private static InputStream input(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private void assertSaid(int code) {
        assertThat(code).isEqualTo(Exit.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("firn: standard output did not take everything");
    }

    @Test
    void doneWithoutTheOutputIsAFailure() {
        assertSaid(run(new BrokenOutput(0), input(""), "ddl", "render"));
    }

    @Test
    void setAsideWithoutTheOutputIsAFailure() {
        String dir = parent.resolve("data").toString();

        assertSaid(run(new BrokenOutput(5), input(EVENT + "nonsense\n"), "emit", "--dir", dir));

        assertThat(CommandRun.of("status", "--dir", dir).out()).contains("cli");
    }

    /** The same line for ever. */
    private static final class Endless extends InputStream {
        private final byte[] line = EVENT.getBytes(StandardCharsets.UTF_8);
        private int at;

        @Override
        public int read() {
            byte next = line[at];
            at = (at + 1) % line.length;
            return next;
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void eventIdEndsWhenNobodyReads() {
        assertSaid(run(new BrokenOutput(200_000), new Endless(), "event-id"));
    }

    @Test
    void aQueryEndsWhenNobodyReads() {
        String dir = parent.resolve("data").toString();
        CommandRun.withInput(EVENT, "emit", "--dir", dir);
        CommandRun.of("upload", "--dir", dir);
        for (String format : new String[] {"csv", "json"}) {
            err.reset();
            BrokenOutput out = new BrokenOutput(20_000);

            assertSaid(
                    run(out, input(""), "query", "--dir", dir, "--format", format, "SELECT * FROM range(300000) R(N)"));

            assertThat(out.refused()).as(format).isLessThan(20);
        }
    }
}
