package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.journal.JournalReader;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says an application does is compiled and run; what it says of commands is true of the commands. */
class ReadmeTest {
    private static final Path README = Path.of("..", "..", "README.md");

    @TempDir
    private Path directory;

    @Test
    void theApplicationInTheReadmeCompilesAndItsEventReachesTheJournal() throws Exception {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
        assertThat(block.find()).isTrue();
        Path journal = directory.resolve("firn-data/journals/chat");
        Path source = Files.writeString(
                directory.resolve("Chat.java"), block.group(1).replace("firn-data/journals/chat", journal.toString()));

        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        boolean compiled = compiler.getTask(
                        problems,
                        null,
                        null,
                        List.of("-cp", System.getProperty("java.class.path"), "-d", directory.toString()),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertThat(compiled).as(problems.toString()).isTrue();
        run();

        try (JournalReader reader = JournalReader.open(journal)) {
            assertThat(reader.lastSequence()).isEqualTo(2);
        }
    }

    private void run() throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
            loader.loadClass("Chat").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } catch (InvocationTargetException e) {
            throw new AssertionError("the application in the README failed", e.getCause());
        }
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
