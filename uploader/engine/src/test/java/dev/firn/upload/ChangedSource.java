package dev.firn.upload;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * One source of this module with a bug planted, compiled, for tests that must find it: a check that cannot fail checks nothing. The text
 * that is replaced must be there exactly once, so that a bug cannot silently fail to be planted once the source has changed.
 */
final class ChangedSource {
    private static final Path MAIN = Path.of("src", "main", "java");

    private final String className;
    private final String text;

    private ChangedSource(String className, String text) {
        this.className = className;
        this.text = text;
    }

    static ChangedSource of(Class<?> changed) {
        String name = changed.getName();
        try {
            return new ChangedSource(name, Files.readString(MAIN.resolve(name.replace('.', '/') + ".java")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ChangedSource replacing(String old, String replacement) {
        int at = text.indexOf(old);
        if (at < 0 || text.indexOf(old, at + 1) >= 0) {
            throw new AssertionError("must be in the source of " + className + " exactly once: " + old);
        }
        return new ChangedSource(className, text.replace(old, replacement));
    }

    /**
     * A loader of everything that is on the class path, with this class compiled into a directory in front of it.
     *
     * @param directory to be empty
     */
    URLClassLoader load(Path directory) throws MalformedURLException {
        compileInto(directory);
        List<URL> urls = new ArrayList<>();
        urls.add(directory.toUri().toURL());
        for (String entry : classPath().split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }

    private void compileInto(Path directory) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        URI uri = URI.create("memory:///" + className.replace('.', '/') + JavaFileObject.Kind.SOURCE.extension);
        JavaFileObject source = new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
        List<String> options = List.of("-proc:none", "-nowarn", "-d", directory.toString(), "-cp", classPath());
        if (!compiler.getTask(problems, null, null, options, null, List.of(source))
                .call()) {
            throw new AssertionError("changed source is not compiled: " + problems);
        }
    }
}
