package dev.firn.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the journal asks of a JVM, and what it does not do to it. */
@Timeout(60)
class JvmTest {
    @TempDir
    Path temporary;

    private String open(List<String> flags) throws Exception {
        try (ChildJvm child = ChildJvm.start(flags, JournalChild.class, temporary.resolve("journal"))) {
            String line = child.line();
            assertThat(child.end()).isZero();
            return line;
        }
    }

    @Test
    void flagsSuffice() throws Exception {
        assertThat(open(List.of(
                        "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                        "-Ddev.firn.selfopen=false")))
                .isEqualTo("open 1 1");
    }

    @Test
    void withoutFlagsTheJournalOpensTheModulesItself() throws Exception {
        assertThat(open(List.of())).isEqualTo("open 1 1");
    }

    @Test
    void withoutFlagsAndSelfOpenOneMessageHasTheFlags() throws Exception {
        String both = "refused the journal needs two JVM flags: --add-opens=java.base/java.lang.reflect=ALL-UNNAMED"
                + " --add-exports=java.base/sun.nio.ch=ALL-UNNAMED";
        assertThat(open(List.of("-Ddev.firn.selfopen=false"))).startsWith(both);
        assertThat(open(List.of("-Ddev.firn.selfopen=false", "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED")))
                .startsWith(both);
        assertThat(Files.exists(temporary.resolve("journal").resolve("queue").resolve("metadata.cq4t")))
                .isFalse();
    }

    @Test
    void nobodyIsToldOfItsUse() throws Exception {
        assertThatExceptionOfType(ClassNotFoundException.class)
                .isThrownBy(() -> Class.forName("net.openhft.chronicle.analytics.Analytics"));
        Path home = Files.createDirectory(temporary.resolve("home"));
        assertThat(open(List.of("-Duser.home=" + home))).isEqualTo("open 1 1");
        try (var files = Files.list(home)) {
            assertThat(files).isEmpty();
        }
    }
}
