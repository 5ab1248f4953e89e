package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

class SettingsTest {
    @TempDir
    private Path directory;

    @Command(name = "nothing")
    private static final class Nothing {}

    private void file(String text) throws IOException {
        Files.writeString(directory.resolve("firn.properties"), text);
    }

    private int batchRows(String flag, Map<String, String> environment) {
        return new Settings(new CommandLine(new Nothing()), new DataDirectory(directory), environment)
                .number(Settings.BATCH_ROWS, flag, 10_000, 1, 100_000);
    }

    @Test
    void theFlagComesBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
        assertThat(batchRows(null, Map.of())).isEqualTo(10_000);
        file("batch_rows = 3\n");
        assertThat(batchRows(null, Map.of())).isEqualTo(3);
        assertThat(batchRows(null, Map.of("FIRN_BATCH_ROWS", ""))).isEqualTo(3);
        assertThat(batchRows(null, Map.of("FIRN_BATCH_ROWS", "2"))).isEqualTo(2);
        assertThat(batchRows("1", Map.of("FIRN_BATCH_ROWS", "2"))).isEqualTo(1);
    }

    @Test
    void aWrongValueIsRefusedWithItsPlace() throws IOException {
        assertThatThrownBy(() -> batchRows("0", Map.of()))
                .isInstanceOf(ParameterException.class)
                .hasMessage("--batch-rows must be a whole number in 1..100000: value=0");
        assertThatThrownBy(() -> batchRows(null, Map.of("FIRN_BATCH_ROWS", "100001")))
                .isInstanceOf(ParameterException.class)
                .hasMessageStartingWith("FIRN_BATCH_ROWS must be");
        file("batch_rows=many");
        assertThatThrownBy(() -> batchRows(null, Map.of()))
                .isInstanceOf(ParameterException.class)
                .hasMessageStartingWith("batch_rows in " + directory.resolve("firn.properties") + " must be");
    }

    @Test
    void anUnknownKeyIsNamed() throws IOException {
        file("batch_rows=1\nbatch_row=2\n");
        assertThatThrownBy(() -> batchRows("1", Map.of()))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("key=batch_row file=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--batch-rows=0", "--batch-rows=100001", "--batch-rows=-1", "--batch-rows=x"})
    void aWrongFlagIsExitTwo(String flag) {
        CommandRun.of("emit", "--dir", directory.toString());

        CommandRun upload = CommandRun.of("upload", "--dir", directory.toString(), flag);

        assertThat(upload.code()).isEqualTo(Exit.USAGE);
        assertThat(upload.err()).contains("--batch-rows must be a whole number in 1..100000");
    }

    @Test
    void batchesOfOneRowUploadEverything() {
        String event =
                "{\"tenant_id\":\"t\",\"action\":\"a.b\",\"actor_id\":\"x\",\"occurred_at\":\"2025-01-01T00:00:00Z\"}\n";
        CommandRun.withInput(event + event, "emit", "--dir", directory.toString());

        CommandRun upload = CommandRun.of("upload", "--dir", directory.toString(), "--batch-rows", "1");

        assertThat(upload.code()).as(upload.toString()).isZero();
        assertThat(upload.out()).contains("uploaded 2 rows");
    }
}
