package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code emulator}, in a process of its own. */
class EmulatorCommandTest {
    private static final String EVENT = "{\"tenant_id\":\"t\",\"action\":\"a.b\",\"actor_id\":\"x\","
            + "\"occurred_at\":\"2025-01-01T00:00:00Z\"}\n";

    @TempDir
    private Path directory;

    private Process start(String... args) throws IOException {
        return FirnProcess.command(args)
                .redirectError(directory.resolve("err").toFile())
                .start();
    }

    /** What it says to export. */
    private static Map<String, String> exported(BufferedReader out) throws IOException {
        Map<String, String> exported = new HashMap<>();
        for (String line = out.readLine(); line != null && !line.startsWith("# until"); line = out.readLine()) {
            if (line.startsWith("export ")) {
                String[] pair = line.substring("export ".length()).split("=", 2);
                exported.put(pair[0], pair[1]);
            }
        }
        return exported;
    }

    private static String end(Process process, BufferedReader out) throws Exception {
        // Its own destroy() would close the stream as well.
        process.toHandle().destroy();
        String rest = out.lines().collect(Collectors.joining("\n"));
        process.waitFor();
        return rest;
    }

    @Test
    void itsSettingsLetDeployLogInAndItEndsWithASummary() throws Exception {
        Path state = directory.resolve("state");
        Process process = start("emulator", "--state", state.toString(), "--fault", "query:delay=1ms");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            Map<String, String> exported = exported(out);
            assertThat(exported)
                    .as(Files.readString(directory.resolve("err")))
                    .containsEntry("SNOWFLAKE_HOST", "127.0.0.1")
                    .containsEntry("AWS_ENDPOINT_URL", "http://127.0.0.1:" + exported.get("SNOWFLAKE_PORT"));
            assertThat(Files.getPosixFilePermissions(state.resolve("private_key.p8")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            CliFixture cli = new CliFixture(directory);
            exported.forEach(cli::environment);
            assertThat(cli.run("ddl", "deploy")).as(cli.err()).isEqualTo(Exit.DONE);

            assertThat(end(process, out)).containsPattern("# served: login 1, query [0-9]+, session 1");
            assertThat(state.resolve("FIRN.duckdb")).exists();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void theEmbeddedWarehouseIsServedToReadOnly() throws Exception {
        CliFixture cli = new CliFixture(directory).input(EVENT);
        assertThat(cli.run("emit")).as(cli.err()).isEqualTo(Exit.DONE);
        assertThat(cli.run("upload")).as(cli.err()).isEqualTo(Exit.DONE);
        Process process = start("emulator", "--dir", cli.data().toString());
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            exported(out).forEach(cli::environment);

            assertThat(cli.run("ddl", "deploy")).isEqualTo(Exit.FAILED);

            assertThat(cli.err()).contains("sqlstate=42501", "to read only");
            assertThat(end(process, out)).contains("# served: login 1");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void wrongUseIsRefused() {
        assertThat(CommandRun.of("emulator", "--dir", "a", "--state", "b").err())
                .contains("give --dir or --state");
        assertThat(CommandRun.of("emulator", "--port", "65536").err()).contains("--port must be in 0..65535");
        assertThat(CommandRun.of("emulator", "--commit-delay", "-1").err()).contains("--commit-delay");
        assertThat(CommandRun.of("emulator", "--fault", "rows:refuse=503").err())
                .contains("no such endpoint");
        CommandRun missing =
                CommandRun.of("emulator", "--dir", directory.resolve("nothing").toString());
        assertThat(missing.code()).isEqualTo(Exit.FAILED);
        assertThat(missing.err()).contains("there is no embedded warehouse yet");
    }
}
