package com.example.plain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.ingest.EventClient;
import dev.firn.journal.CommittedPosition;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the page about embedding shows compiles, and what it shows first runs. */
@Timeout(120)
class PageTest {
    private static final Path PAGE = Path.of("..", "..", "embedding.md");

    @TempDir
    private Path temporary;

    private static String block(int number) throws IOException {
        return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .toList()
                .get(number)
                .group(1);
    }

    private void compile(String name, String source) throws IOException {
        Path file = Files.writeString(temporary.resolve(name + ".java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        boolean compiled = compiler.getTask(
                        problems,
                        null,
                        null,
                        List.of("-cp", System.getProperty("java.class.path"), "-d", temporary.toString()),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(file))
                .call();
        assertThat(compiled).as(problems.toString()).isTrue();
    }

    @Test
    void theApplicationOnThePageEmitsAndUploads() throws Exception {
        Path data = temporary.resolve("firn-data");
        compile("Embedding", block(0).replace("\"firn-data\"", "\"" + data + "\""));

        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {temporary.toUri().toURL()})) {
            loader.loadClass("Embedding").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        }

        assertThat(CommittedPosition.read(data.resolve("journals/chat"))
                        .orElseThrow()
                        .sequence())
                .isEqualTo(2);
    }

    @Test
    void theTestOnThePageCompiles() throws IOException {
        String body = block(1);

        compile(
                "OnThePage",
                "package com.example.plain;\nimport dev.firn.ingest.*;\nimport dev.firn.ingest.testing.*;\n"
                        + "class OnThePage {\nvoid test() {\n" + body + "}\n}\n");
    }

    @Test
    void everyOutcomeStandsOnThePage() throws Exception {
        String page = Files.readString(PAGE);
        List<Field> outcomes = Arrays.stream(EventClient.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .toList();

        assertThat(outcomes).isNotEmpty();
        for (Field outcome : outcomes) {
            assertThat(page).contains("| `" + outcome.getName() + "` |");
            assertThat(EventClient.outcome(outcome.getLong(null))).isEqualTo(outcome.getName());
        }
    }
}
