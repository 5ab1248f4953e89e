package dev.firn.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.sink.duckdb.DuckDbWarehouse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL of a process that embeds both, at random moments, and a start of it again. */
class KillTest {
    private static final long EVENTS = 100_000;
    private static final int KILLS = 4;

    @TempDir
    private Path temporary;

    private Process start() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--") || argument.startsWith("-Djava.io.tmpdir"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(EmbeddingChild.class.getName(), temporary.toString(), Long.toString(EVENTS)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @Test
    @Timeout(180)
    void everyEventIsInTheWarehouseOnce() throws Exception {
        SplittableRandom random = new SplittableRandom(23);
        int inTheMiddle = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = start();
            try (BufferedReader output = output(process)) {
                String line = output.readLine();
                for (int i = random.nextInt(4); i > 0 && line != null && line.startsWith("committed "); i--) {
                    line = output.readLine();
                }
                inTheMiddle += line != null && line.startsWith("committed ") ? 1 : 0;
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
        assertThat(inTheMiddle).as("kills while rows were being committed").isGreaterThanOrEqualTo(KILLS / 2);

        Process last = start();
        try (BufferedReader output = output(last)) {
            assertThat(output.lines().toList()).last().isEqualTo("complete true");
        } finally {
            last.destroyForcibly().waitFor();
        }

        try (DuckDbWarehouse opened = DuckDbWarehouse.openToRead(temporary.resolve("warehouse.duckdb"));
                Connection connection = opened.connect();
                Statement statement = connection.createStatement()) {
            assertThat(numbers(statement, "SELECT COUNT(*), MIN(_SEQ), MAX(_SEQ) FROM LANDING.RAW_EVENTS"))
                    .containsExactly(EVENTS, 1L, EVENTS);
            assertThat(numbers(statement, "SELECT COUNT(*), MIN(COPIES), MAX(COPIES) FROM ACTIVITY.EVENTS"))
                    .containsExactly(EVENTS, 1L, 1L);
        }
    }

    private static List<Long> numbers(Statement statement, String sql) throws Exception {
        try (ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return List.of(row.getLong(1), row.getLong(2), row.getLong(3));
        }
    }
}
