package dev.firn.ingest;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * One source of this module with a bug planted, compiled, for tests that must find it: a check that cannot fail checks nothing. The text that
 * is replaced must be there exactly once, so that a bug cannot silently fail to be planted once the source has changed.
 */
final class ChangedSource {
    private static final Path MAIN = Path.of("src", "main", "java");
    private static final Path TEST = Path.of("src", "test", "java");

    private final String className;
    private String text;

    private ChangedSource(String className, String text) {
        this.className = className;
        this.text = text;
    }

    static ChangedSource of(String className) {
        return new ChangedSource(className, read(className));
    }

    /** A source of the tests. */
    static ChangedSource ofTest(String className) {
        return new ChangedSource(className, read(TEST, className));
    }

    static String read(String className) {
        return read(MAIN, className);
    }

    private static String read(Path sources, String className) {
        try {
            return Files.readString(sources.resolve(className.replace('.', '/') + ".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ChangedSource replacing(String old, String replacement) {
        int at = text.indexOf(old);
        if (at < 0 || text.indexOf(old, at + 1) >= 0) {
            throw new AssertionError("must be in the source of " + className + " exactly once: " + old);
        }
        text = text.replace(old, replacement);
        return this;
    }

    /** Compiles it into a directory, to be put in front of a class path. */
    void compileInto(Path directory) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        URI uri = URI.create("memory:///" + className.replace('.', '/') + JavaFileObject.Kind.SOURCE.extension);
        JavaFileObject source = new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
        List<String> options = List.of(
                "-proc:none", "-nowarn", "-d", directory.toString(), "-cp", System.getProperty("java.class.path"));
        if (!compiler.getTask(problems, null, null, options, null, List.of(source))
                .call()) {
            throw new AssertionError("changed source is not compiled: " + problems);
        }
    }
}
