package dev.firn.journal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;

/** Commands of the system that not every machine has, or permits. */
final class Commands {
    private Commands() {}

    /** Skips the test, with the reason, where this does not end well. */
    static void assumeRuns(String... command) throws InterruptedException {
        int exit;
        try {
            exit = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            exit = -1;
        }
        assumeTrue(exit == 0, "does not run on this machine: " + List.of(command) + " exit=" + exit);
    }
}
