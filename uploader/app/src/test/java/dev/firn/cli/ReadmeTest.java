package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.journal.JournalReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the README says an application does is compiled and run, and so is the guide of the emulator; what it says
 * of commands is true of the commands.
 */
class ReadmeTest {
    private static final Path README = Path.of("..", "..", "README.md");

    @TempDir
    private Path directory;

    @Test
    void theApplicationInTheReadmeCompilesAndItsEventReachesTheJournal() throws Exception {
        Path journal = directory.resolve("firn-data/journals/chat");

        JavaBlock.of(README)
                .replace("firn-data/journals/chat", journal.toString())
                .run("Chat", directory);

        try (JournalReader reader = JournalReader.open(journal)) {
            assertThat(reader.lastSequence()).isEqualTo(2);
        }
    }

    @Test
    void theTestInTheGuideOfTheEmulatorRuns() throws Exception {
        JavaBlock.of(Path.of("..", "..", "docs", "emulator.md")).run("EmulatorExample", directory);
    }

    @Test
    void everyCommandStandsInTheReadme() throws Exception {
        String readme = Files.readString(README);
        for (String command :
                Firn.commandLine(Console.system()).getSubcommands().keySet()) {
            assertThat(readme).contains("`" + command);
        }
    }
}
