package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/** The first Java program in a document. */
final class JavaBlock {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private final String source;

    private JavaBlock(String source) {
        this.source = source;
    }

    static JavaBlock of(Path document) throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(document));
        assertThat(block.find()).isTrue();
        return new JavaBlock(block.group(1));
    }

    JavaBlock replace(String text, String by) {
        return new JavaBlock(source.replace(text, by));
    }

    /** Compiles it, in a directory, and runs its main method; it may use whatever the tests have. */
    void run(String className, Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve(className + ".java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        boolean compiled = compiler.getTask(
                        problems,
                        null,
                        null,
                        List.of("-cp", System.getProperty("java.class.path"), "-d", directory.toString()),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(file))
                .call();
        assertThat(compiled).as(problems.toString()).isTrue();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
            loader.loadClass(className).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } catch (InvocationTargetException e) {
            throw new AssertionError("the program in the document failed: class=" + className, e.getCause());
        }
    }
}
