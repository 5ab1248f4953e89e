package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code firn}, copied alone into a checkout of nothing, with programs that only say how they were called. */
class LauncherTest {
    private static final Path SCRIPT = Path.of("..", "..", "firn");
    private static final List<String> PROGRAMS = List.of(
            "bash",
            "basename",
            "cat",
            "dirname",
            "env",
            "find",
            "flock",
            "grep",
            "head",
            "locale",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "sed",
            "touch",
            "tput");
    private static final String SAYS_ITS_CALL =
            "#!/bin/bash\necho \"args=$*\"\necho \"umask=$(umask) LC_ALL=${LC_ALL:-}\"\n";

    @TempDir
    private Path directory;

    private Path checkout;
    private Path programs;

    @BeforeEach
    void copyTheScript() throws IOException {
        checkout = Files.createDirectory(directory.resolve("checkout"));
        Files.copy(SCRIPT, checkout.resolve("firn"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String module : List.of("event-model", "ingest-core", "ddl", "uploader/app")) {
            Files.createDirectories(checkout.resolve(module).resolve("src/main"));
            Files.createFile(checkout.resolve(module).resolve("pom.xml"));
        }
        Files.createFile(checkout.resolve("pom.xml"));
        programs = Files.createDirectory(directory.resolve("programs"));
        for (String program : PROGRAMS) {
            for (String bin : List.of("/usr/bin", "/bin")) {
                Path found = Path.of(bin, program);
                if (Files.exists(found) && !Files.exists(programs.resolve(program))) {
                    executable(programs.resolve(program), "#!/bin/bash\nexec " + found + " \"$@\"\n");
                }
            }
        }
    }

    private static void executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path jdk(String version) throws IOException {
        Path home = directory.resolve("jdk");
        executable(home.resolve("bin/java"), SAYS_ITS_CALL);
        executable(home.resolve("bin/javac"), SAYS_ITS_CALL);
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private Path built(Instant when) throws IOException {
        Path target = Files.createDirectories(checkout.resolve("uploader/app/target"));
        Path stamp = Files.createFile(target.resolve("firn.built"));
        Files.setLastModifiedTime(stamp, FileTime.from(when));
        return stamp;
    }

    /** Stands for everything that is in the checkout being older than what is built. */
    private static Instant later() {
        return Instant.now().plusSeconds(3_600);
    }

    private CommandRun run(Map<String, String> environment, String script) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", "-c", script)
                .directory(checkout.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", programs.toString());
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new CommandRun(
                code, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }

    private CommandRun firn(Map<String, String> environment) throws Exception {
        return run(environment, "./firn status");
    }

    private static void assertRefused(CommandRun run, int code, String why) {
        assertThat(run.code()).as(run.toString()).isEqualTo(code);
        assertThat(run.err()).startsWith("firn: ").contains(why);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void withoutJavaItSaysSo() throws Exception {
        assertRefused(firn(Map.of()), Exit.FAILED, "there is no java");
        assertRefused(firn(Map.of("JAVA_HOME", "/nowhere")), Exit.FAILED, "JAVA_HOME has no bin/java");
    }

    @Test
    void anOldJavaIsRefused() throws Exception {
        assertRefused(
                firn(Map.of("JAVA_HOME", jdk("11.0.2").toString())),
                Exit.FAILED,
                "this java is version 11, 17 or newer is needed");
    }

    @Test
    void withoutMavenItSaysWhatItNeedsItFor() throws Exception {
        assertRefused(firn(Map.of("JAVA_HOME", jdk("17.0.1").toString())), Exit.FAILED, "there is no mvn");
    }

    @Test
    void aHeapThatIsNoSizeIsRefused() throws Exception {
        for (String heap : List.of("abc", "1x", "-1g", "1g -version", "g")) {
            assertRefused(firn(Map.of("FIRN_HEAP", heap)), Exit.USAGE, "FIRN_HEAP must be digits");
        }
    }

    @Test
    void whatIsBuiltIsRunPrivatelyAndInUtf8() throws Exception {
        built(later());
        String home = jdk("21.0.1").toString();

        CommandRun plain = firn(Map.of("JAVA_HOME", home, "LC_ALL", "C", "FIRN_HEAP", "512m"));

        assertThat(plain.code()).as(plain.toString()).isZero();
        assertThat(plain.err()).isEmpty();
        assertThat(plain.out())
                .contains("-Xmx512m ", "-Dfile.encoding=UTF-8 ", "dev.firn.cli.Firn status\n")
                .contains("umask=0077 LC_ALL=C.UTF-8");
    }

    @Test
    void closedStreamsDoNotStopIt() throws Exception {
        built(later());
        String home = jdk("17").toString();

        for (String closed : List.of("<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-")) {
            CommandRun run = run(Map.of("JAVA_HOME", home), "./firn status " + closed);

            assertThat(run.code()).as(closed + " " + run).isZero();
            assertThat(run.out().isEmpty()).as(closed).isEqualTo((" " + closed).contains(" >&-"));
            assertThat(run.err()).as(closed).isEmpty();
        }
    }

    @Test
    void nativeLibrariesOfDeadProcessesAreRemoved() throws Exception {
        built(later());
        Process dead = new ProcessBuilder("/bin/bash", "-c", "exit 0").start();
        dead.waitFor();
        Path state = directory.resolve("state");
        Path left = Files.createDirectories(state.resolve("native").resolve(Long.toString(dead.pid())));
        Files.createFile(left.resolve("libduckdb.so"));
        Path living = Files.createDirectory(state.resolve("native")
                .resolve(Long.toString(ProcessHandle.current().pid())));

        CommandRun run = firn(Map.of("JAVA_HOME", jdk("17").toString(), "FIRN_HOME", state.toString()));

        assertThat(run.code()).as(run.toString()).isZero();
        assertThat(left).doesNotExist();
        assertThat(living).isDirectory();
    }

    @Test
    void aDeletedSourceIsBuiltAnew() throws Exception {
        Path source = Files.createFile(checkout.resolve("ddl/src/main/Old.java"));
        String home = jdk("17").toString();
        executable(programs.resolve("mvn"), "#!/bin/bash\nexit 0\n");
        built(later());
        assertThat(firn(Map.of("JAVA_HOME", home)).err()).isEmpty();
        Files.delete(source);
        Files.setLastModifiedTime(checkout.resolve("ddl/src/main"), FileTime.from(later().plusSeconds(60)));

        assertThat(firn(Map.of("JAVA_HOME", home)).err()).contains("the sources have changed, building");
    }

    @Test
    void whatIsEditedDuringABuildIsBuiltNextTime() throws Exception {
        String home = jdk("17").toString();
        Path source = checkout.resolve("ddl/src/main/New.java");
        Path mvn = programs.resolve("mvn");
        executable(mvn, "#!/bin/bash\necho edited > '" + source + "'\n");
        assertThat(firn(Map.of("JAVA_HOME", home)).err()).contains("for the first time");
        executable(mvn, "#!/bin/bash\nexit 0\n");

        assertThat(firn(Map.of("JAVA_HOME", home)).err()).contains("the sources have changed, building");
        assertThat(firn(Map.of("JAVA_HOME", home)).err()).isEmpty();
    }

    @Test
    void aBuildThatFailedIsTriedAgain() throws Exception {
        String home = jdk("17").toString();
        executable(programs.resolve("mvn"), "#!/bin/bash\necho '[ERROR] of Maven'\nexit 1\n");

        for (int attempt = 1; attempt <= 2; attempt++) {
            CommandRun run = firn(Map.of("JAVA_HOME", home));
            assertThat(run.code()).isEqualTo(Exit.FAILED);
            assertThat(run.err()).contains("[ERROR] of Maven", "the build failed");
        }
    }

    @Test
    void snowflakesLibrariesAreBuiltWhenACommandFirstNeedsThem() throws Exception {
        String home = jdk("17").toString();
        Path calls = directory.resolve("calls");
        executable(programs.resolve("mvn"), "#!/bin/bash\necho \"$*\" >> '" + calls + "'\n");
        built(later());

        assertThat(run(Map.of("JAVA_HOME", home), "./firn upload --follow").out())
                .doesNotContain("sink-snowpipe");
        assertThat(calls).doesNotExist();
        assertThat(run(Map.of("JAVA_HOME", home), "./firn emulator --port 1").out())
                .contains("/snowflake-emulator/target/lib/*");
        for (String needs : List.of("upload --sink snowpipe", "verify --sink=snowpipe", "ddl deploy")) {
            CommandRun run = run(Map.of("JAVA_HOME", home), "./firn " + needs);
            assertThat(run.out()).contains("/uploader/sink-snowpipe/target/firn-sink-snowpipe.jar:");
        }
        assertThat(run(Map.of("JAVA_HOME", home), "./firn upload --sink snowpipe-classic")
                        .out())
                .contains("/sink-snowpipe-classic/target/lib/*")
                .doesNotContain("/sink-snowpipe/");
        assertThat(run(Map.of("JAVA_HOME", home), "./firn handover --sink snowpipe")
                        .out())
                .contains("/sink-snowpipe-classic/target/lib/*", "/sink-snowpipe/target/lib/*");

        assertThat(Files.readAllLines(calls))
                .hasSize(3)
                .anyMatch(call -> call.contains("-pl uploader/sink-snowpipe -am"))
                .anyMatch(call -> call.contains("-pl uploader/sink-snowpipe-classic -am"));
    }
}
