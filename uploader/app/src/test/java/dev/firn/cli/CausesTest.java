package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CausesTest {
    @Test
    void problemsWithFilesAreSaidInWords() {
        assertThat(Causes.reason(new NoSuchFileException("/x"))).isEqualTo("no such file");
        assertThat(Causes.reason(new AccessDeniedException("/x"))).isEqualTo("access denied");
        assertThat(Causes.reason(new NotDirectoryException("/x"))).isEqualTo("not a directory");
        assertThat(Causes.reason(new FileSystemException("/x", null, "No space left on device")))
                .isEqualTo("no space left on device");
        assertThat(Causes.reason(new FileSystemException("/x"))).isEqualTo("the file system refused it");
        assertThat(Causes.reason(new FileNotFoundException("/x y (Too many open files)")))
                .isEqualTo("too many open files");
        assertThat(Causes.reason(new IOException("No space left on device"))).isEqualTo("no space left on device");
        assertThat(Causes.reason(new IOException())).contains("IOException");
    }

    @Test
    void theCauseIsLookedForInTheWholeChain() {
        IOException wrapped = new IOException("of no use", new AccessDeniedException("/x"));
        assertThat(Causes.reason(new IllegalStateException("nor this", new UncheckedIOException(wrapped))))
                .isEqualTo("access denied");
        assertThat(Causes.reason(new UncheckedIOException("/x", new IOException("Input/output error"))))
                .isEqualTo("input/output error");
    }

    @Test
    void aPathIsNamedOnce() {
        assertThat(Causes.explain("cannot open: directory=/x", new NoSuchFileException("/x")))
                .isEqualTo("cannot open: directory=/x: no such file");
        assertThat(Causes.explain("cannot open: directory=/x", new AccessDeniedException("/x/y")))
                .isEqualTo("cannot open: directory=/x: access denied: file=/x/y");
        String absolute = Path.of("data").toAbsolutePath().toString();
        assertThat(Causes.explain("cannot open: directory=data", new NoSuchFileException(absolute)))
                .isEqualTo("cannot open: directory=data: no such file");
    }
}
