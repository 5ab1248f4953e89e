package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all commands have in common: how they are called, and what they say when they cannot work. */
class CommandLineTest {
    private static final String EVENT = "{\"tenant_id\":\"t\",\"action\":\"a.b\",\"actor_id\":\"x\","
            + "\"occurred_at\":\"2025-01-01T00:00:00Z\"}\n";

    @TempDir
    Path directory;

    private CliFixture cli;

    @BeforeEach
    void setUp() {
        cli = new CliFixture(directory);
    }

    @Test
    void whatStandsBehindAnEqualsSignIsNotShown() {
        assertThat(cli.run("event", "a.b", "--tenant=t", "--patient=planted")).isEqualTo(Exit.USAGE);
        assertThat(cli.err()).contains("'--patient=...'").doesNotContain("planted");
        assertThat(cli.run("status", "name=planted")).isEqualTo(Exit.USAGE);
        assertThat(cli.err()).contains("'name=...'").doesNotContain("planted");
        assertThat(cli.run("demo", "--events=planted")).isEqualTo(Exit.USAGE);
        assertThat(cli.err()).contains("--events").doesNotContain("planted");
        assertThat(cli.run("query", "--format=planted", "SELECT 1")).isEqualTo(Exit.USAGE);
        assertThat(cli.err()).contains("--format", "table").doesNotContain("planted");
    }

    @Test
    void anUnknownCommandIsShownWithWhatThereIs() {
        assertThat(cli.run("statsu")).isEqualTo(Exit.USAGE);
        assertThat(cli.err()).contains("'statsu'", "status");
    }

    @Test
    void anArgumentThatBeginsWithAtIsNoFileOfArguments() throws Exception {
        Path file = Files.writeString(directory.resolve("arguments"), "status");

        assertThat(cli.run("@" + file)).isEqualTo(Exit.USAGE);
        assertThat(cli.err()).contains("'@" + file + "'");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 40, 55, 400})
    void helpFitsAnyTerminal(int width) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Console console = new Console(new ByteArrayInputStream(new byte[0]), stream, stream, false, width, Map.of());

        assertThat(Firn.run(console, "upload", "--help")).isEqualTo(Exit.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Usage:", "--batch-rows");
    }

    @Test
    void everyCommandHasItsHelp() {
        List<String> commands =
                List.copyOf(Firn.commandLine(cli.console()).getSubcommands().keySet());
        assertThat(commands).contains("emit", "upload", "verify", "repair", "trim", "adopt");
        for (String command : commands) {
            assertThat(cli.run(command, "--help")).as(command).isEqualTo(Exit.DONE);
            assertThat(cli.out()).as(command).contains("Usage: firn " + command);
            assertThat(cli.err()).as(command).isEmpty();
        }
        assertThat(cli.data()).doesNotExist();
    }

    @Test
    void aJournalThatIsNotThereIsSaidSoAndNothingIsDone() {
        List<List<String>> commands = List.of(
                List.of("repair"), List.of("trim", "--retention", "7d"), List.of("adopt", "--as", "moved", "--yes"));
        for (List<String> command : commands) {
            String[] arguments =
                    Stream.concat(command.stream(), Stream.of("nobody")).toArray(String[]::new);
            assertThat(cli.run(arguments)).isEqualTo(Exit.FAILED);
            assertThat(cli.err())
                    .startsWith("firn: there is no journal in " + cli.data().resolve("journals"));
        }
        cli.input(EVENT).run("emit");
        for (List<String> command : commands) {
            for (String name : new String[] {"nobody", "../journals", "", "a/b"}) {
                String[] arguments = Stream.concat(
                                command.stream(),
                                Stream.of("cli", name).skip(command.get(0).equals("adopt") ? 1 : 0))
                        .toArray(String[]::new);
                assertThat(cli.run(arguments)).as("%s %s", command, name).isEqualTo(Exit.FAILED);
                assertThat(cli.err())
                        .startsWith("firn: there is no such journal: journal=")
                        .doesNotContain("\tat ");
            }
        }
        assertThat(cli.journal()).hasSize(1);
    }

    @Test
    void anEmptyVariableIsNone() {
        cli.environment("FIRN_DIR", "");

        assertThat(cli.run("status")).isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("there is no journal in " + Path.of("firn-data", "journals"));
    }

    @Test
    void aNameThatIsNoPathIsSaidSo() {
        assertThat(cli.run("emit", "a\0planted")).isEqualTo(Exit.FAILED);
        assertThat(cli.err())
                .startsWith("firn: not a path")
                .doesNotContain("planted")
                .doesNotContain("\tat ");
        assertThat(cli.run("status", "--dir", "a\0planted")).isEqualTo(Exit.USAGE);
        assertThat(cli.err()).contains("not a path").doesNotContain("planted").doesNotContain("\tat ");
        cli.environment("FIRN_DIR", "a\0planted");
        assertThat(cli.run("status")).isEqualTo(Exit.FAILED);
        assertThat(cli.err())
                .startsWith("firn: not a path")
                .doesNotContain("planted")
                .doesNotContain("\tat ");
    }

    @Test
    void aDirectoryThatIsAFileIsSaidSo() throws Exception {
        String file = Files.writeString(directory.resolve("file"), "").toString();
        cli.input(EVENT);

        assertThat(cli.run("emit", "--dir", file)).isEqualTo(Exit.FAILED);
        assertThat(cli.err())
                .isEqualToNormalizingNewlines("firn: cannot make the data directory: directory=" + file
                        + ": there is a file of this name already: name another one with --dir\n");
    }

    @Test
    void aDirectoryUnderAFileIsSaidSo() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        cli.input(EVENT);

        for (String below : new String[] {"data", "data/deeper"}) {
            String dir = file.resolve(below).toString();
            assertThat(cli.run("emit", "--dir", dir)).isEqualTo(Exit.FAILED);
            assertThat(cli.err())
                    .startsWith("firn: cannot make the data directory: directory=" + dir + ": ")
                    .containsAnyOf("not a directory", "there is a file of this name already")
                    .doesNotContain(dir + ": " + dir)
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aDirectoryThatMayNotBeReadIsSaidSo() throws Exception {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        try {
            assumeFalse(Files.isReadable(closed), "this user may read everything");
            for (String command : new String[] {"status", "verify", "upload", "emit"}) {
                assertThat(cli.input(EVENT).run(command, "--dir", closed.toString()))
                        .isEqualTo(Exit.FAILED);
                assertThat(cli.err())
                        .startsWith("firn: ")
                        .contains("access denied")
                        .doesNotContain("\tat ");
            }
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void statusOfADirectoryWithoutAJournalsFolderIsSaidSo() throws Exception {
        Files.createDirectory(directory.resolve("data"));
        Files.writeString(directory.resolve("data/journals"), "a file");

        assertThat(cli.run("status")).isEqualTo(Exit.FAILED);
        assertThat(cli.err()).startsWith("firn: there is no journal");
    }
}
