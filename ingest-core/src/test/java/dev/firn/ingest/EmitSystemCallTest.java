package dev.firn.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.firn.journal.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A thread that emits, by reference and by encoding, makes no system call. */
class EmitSystemCallTest {
    @TempDir
    Path temporary;

    @Test
    @Timeout(120)
    void emitMakesNoSystemCall() throws Exception {
        assumeThat(canTrace()).as("strace is there and may trace").isTrue();
        Path trace = temporary.resolve("trace");
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", trace.toString()));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC"));
        command.addAll(ChildJvm.moduleFlags());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                SystemCallChild.class.getName(),
                temporary.resolve("journal").toString()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
        List<List<String>> rounds = callsByRound(Files.readAllLines(trace));
        assertThat(rounds).hasSize(SystemCallChild.ROUNDS);
        // A thread may be stopped for the compiler's or the collector's sake, which shows as a call; not in every
        // round.
        assertThat(rounds).anySatisfy(calls -> assertThat(calls).isEmpty());
    }

    private static List<List<String>> callsByRound(List<String> trace) {
        List<List<String>> rounds = new ArrayList<>();
        String thread = "";
        List<String> calls = null;
        for (String line : trace) {
            String caller = line.split(" ", 2)[0];
            if (line.contains("/begin-")) {
                thread = caller;
                calls = new ArrayList<>();
            } else if (calls != null && line.contains("/end-")) {
                rounds.add(calls);
                calls = null;
            } else if (calls != null && caller.equals(thread)) {
                calls.add(line);
            }
        }
        return rounds;
    }

    private static boolean canTrace() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("strace", "-o", "/dev/null", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
