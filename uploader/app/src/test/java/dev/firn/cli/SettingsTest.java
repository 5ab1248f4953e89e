package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.ingest.IngestConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

    private Settings settings(Map<String, String> environment) {
        return new Settings(new CommandLine(new Nothing()), new DataDirectory(directory), environment);
    }

    private int batchRows(String flag, Map<String, String> environment) {
        return settings(environment).number(Settings.BATCH_ROWS, flag, 10_000, 1, 100_000);
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
    void theLeastFreeSpaceIsThatOfTheClientUnlessItIsSet() throws IOException {
        assertThat(settings(Map.of()).minFreeBytes()).isEqualTo(IngestConfig.DEFAULT_MIN_FREE_BYTES);
        assertThat(settings(Map.of("FIRN_MIN_FREE_MB", "16")).minFreeBytes()).isEqualTo(16L << 20);
        file("min_free_mb=1048576");
        assertThat(settings(Map.of()).minFreeBytes()).isEqualTo(1L << 40);
        for (String wrong : new String[] {"15", "1048577", "-1", "1g"}) {
            assertThatThrownBy(() -> settings(Map.of("FIRN_MIN_FREE_MB", wrong)).minFreeBytes())
                    .isInstanceOf(ParameterException.class)
                    .hasMessage("FIRN_MIN_FREE_MB must be a whole number in 16..1048576: value=" + wrong);
        }
    }

    @Test
    void aDurationIsANumberWithAUnitOrInTheFormOfTheStandard() throws IOException {
        assertThat(settings(Map.of()).retention(null)).isEmpty();
        assertThat(settings(Map.of()).retention("0s")).contains(Duration.ZERO);
        assertThat(settings(Map.of()).retention("30m")).contains(Duration.ofMinutes(30));
        assertThat(settings(Map.of()).retention("12h")).contains(Duration.ofHours(12));
        assertThat(settings(Map.of()).retention("PT36H")).contains(Duration.ofHours(36));
        assertThat(settings(Map.of()).retention("P1DT1S")).contains(Duration.ofSeconds(86_401));
        file("retention = 7d\n");
        assertThat(settings(Map.of()).retention(null)).contains(Duration.ofDays(7));
        assertThat(settings(Map.of("FIRN_RETENTION", "8d")).retention(null)).contains(Duration.ofDays(8));
        assertThat(settings(Map.of("FIRN_RETENTION", "8d")).retention("9d")).contains(Duration.ofDays(9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "7", "d", "7 d", "7D", "1.5d", "-1d", "-PT1H", "36501d", "999999999d", "9999999999s", "P1Y"})
    void whatIsNoDurationIsRefused(String text) {
        assertThatThrownBy(() -> settings(Map.of()).retention(text))
                .isInstanceOf(ParameterException.class)
                .hasMessage("--retention must be a duration of 0 to 36500 days, such as 7d, 12h, 30m or PT36H: value="
                        + text);
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
