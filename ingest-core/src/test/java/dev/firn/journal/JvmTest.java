package dev.firn.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.firn.journal.Jdks.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the journal asks of a JVM, and what it does not do to it. The child opens a journal, appends, syncs and reads back. */
@Timeout(120)
class JvmTest {
    private static final String OPENS = "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED";
    private static final String EXPORTS = "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED";
    private static final String QUIET = "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED";
    private static final String ALLOW = "--sun-misc-unsafe-memory-access=allow";
    private static final String DENY = "--sun-misc-unsafe-memory-access=deny";
    private static final String NO_SELF_OPEN = "-Ddev.firn.selfopen=false";
    private static final String REFUSED = "refused the journal needs two JVM flags: " + OPENS + " " + EXPORTS;
    private static final String WORKS = "open 1 1";
    /** The first release that knows {@link #ALLOW}. */
    private static final int MEMORY_FLAG_SINCE = 23;

    @TempDir
    Path temporary;

    /** What a child said, on both channels. */
    private record Said(String line, String errors) {}

    static List<Jdk> jdks() throws IOException {
        return Jdks.all();
    }

    private Said open(List<String> wrapper, Jdk jdk, String... flags) throws Exception {
        try (ChildJvm child =
                ChildJvm.start(wrapper, jdk.home(), List.of(flags), JournalChild.class, temporary.resolve("journal"))) {
            String line = child.line();
            assertThat(child.end()).isZero();
            return new Said(line, child.errors());
        }
    }

    private String read(Jdk jdk, String... flags) throws Exception {
        try (ChildJvm child = ChildJvm.start(
                List.of(), jdk.home(), List.of(flags), ReaderChild.class, temporary.resolve("journal"))) {
            return child.line();
        }
    }

    private Said open(Jdk jdk, String... flags) throws Exception {
        return open(List.of(), jdk, flags);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    void withAllFlagsItWorksAndSaysNothing(Jdk jdk) throws Exception {
        List<String> flags = new ArrayList<>(List.of(OPENS, EXPORTS, QUIET, NO_SELF_OPEN));
        if (jdk.version() >= MEMORY_FLAG_SINCE) {
            flags.add(ALLOW);
        }
        assertThat(open(jdk, flags.toArray(String[]::new))).isEqualTo(new Said(WORKS, ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    void twoFlagsSuffice(Jdk jdk) throws Exception {
        assertThat(open(jdk, OPENS, EXPORTS, NO_SELF_OPEN).line()).isEqualTo(WORKS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    void withoutFlagsTheJournalOpensThePackagesItself(Jdk jdk) throws Exception {
        assertThat(open(jdk).line()).isEqualTo(WORKS);
        // Other classes come first where there is something already.
        assertThat(open(jdk).line()).isEqualTo("open 2 2");
        assertThat(read(jdk)).isEqualTo("read 2");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    void withoutFlagsAndSelfOpenOneMessageHasTheFlags(Jdk jdk) throws Exception {
        assertThat(open(jdk, NO_SELF_OPEN).line())
                .isEqualTo(REFUSED + " (opening them from inside is switched off by " + NO_SELF_OPEN + ")");
        assertThat(open(jdk, NO_SELF_OPEN, OPENS).line()).startsWith(REFUSED);
        assertThat(open(jdk, NO_SELF_OPEN, EXPORTS).line()).startsWith(REFUSED);
        assertThat(temporary.resolve("journal")).doesNotExist();

        Samples.write(temporary.resolve("journal"), 1, 1);
        assertThat(open(jdk, NO_SELF_OPEN).line()).startsWith(REFUSED);
        assertThat(read(jdk, NO_SELF_OPEN)).startsWith(REFUSED);
        assertThat(open(jdk).line()).isEqualTo("open 2 2");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    void whereMemoryAccessIsDeniedTheMessageNamesTheFlag(Jdk jdk) throws Exception {
        assumeTrue(jdk.version() >= MEMORY_FLAG_SINCE, jdk + " has no flag that denies memory access");
        String refused = "refused the journal needs memory access through sun.misc.Unsafe, which this JVM denies:"
                + " start it with " + ALLOW + ", not with " + DENY;
        assertThat(open(jdk, DENY, OPENS, EXPORTS).line()).isEqualTo(refused);
        assertThat(open(jdk, DENY).line())
                .isEqualTo(refused + "; and the journal needs two JVM flags: " + OPENS + " " + EXPORTS);
    }

    @Test
    void usageReporterIsNotThere() {
        assertThatExceptionOfType(ClassNotFoundException.class)
                .isThrownBy(() -> Class.forName("net.openhft.chronicle.analytics.Analytics"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    void nothingIsLeftInTheHome(Jdk jdk) throws Exception {
        Path home = Files.createDirectory(temporary.resolve("home"));
        assertThat(open(jdk, "-Duser.home=" + home).line()).isEqualTo(WORKS);
        assertThat(home).isEmptyDirectory();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    void nobodyIsCalled(Jdk jdk) throws Exception {
        Commands.assumeRuns("strace", "-o", "/dev/null", "true");
        Path home = Files.createDirectory(temporary.resolve("home"));
        Path trace = temporary.resolve("trace");
        List<String> strace = List.of("strace", "-f", "-qq", "-e", "trace=connect,open,openat", "-o", trace.toString());

        assertThat(open(strace, jdk, "-Duser.home=" + home).line()).isEqualTo(WORKS);

        List<String> calls = Files.readAllLines(trace);
        assertThat(calls).as("the trace sees the journal").anyMatch(call -> call.contains("metadata.cq4t"));
        assertThat(calls).noneMatch(call -> call.contains("AF_INET"));
        assertThat(calls).noneMatch(call -> call.contains("resolv.conf"));
        assertThat(calls).noneMatch(call -> call.contains("chronicle.analytics"));
        assertThat(home).isEmptyDirectory();
    }
}
