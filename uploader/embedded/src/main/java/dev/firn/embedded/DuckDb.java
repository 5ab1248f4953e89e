package dev.firn.embedded;

import static java.util.Objects.requireNonNull;

import dev.firn.sink.duckdb.DuckDbSink;
import dev.firn.sink.duckdb.DuckDbWarehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The embedded warehouse as a sink. Needs {@code firn-sink-duckdb} on the class path, which is not there by itself. */
public final class DuckDb {
    private DuckDb() {}

    /**
     * A warehouse in one file, made if it is missing, and with it its directory, which its owner alone may then enter. That matters: the
     * file is private by itself, what DuckDB writes beside it follows the process's umask. While it is open no other process can open it, not even to read; to read in this
     * process, see {@link DuckDbWarehouse}: open it yourself, give {@code () -> new DuckDbSink(warehouse)}, close it after {@link Firn}.
     */
    public static SinkOpener file(Path file) {
        requireNonNull(file, "file");
        return () -> {
            createDirectory(file.toAbsolutePath().getParent());
            return DuckDbSink.open(file);
        };
    }

    private static void createDirectory(@Nullable Path directory) {
        if (directory == null) {
            return;
        }
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the warehouse's directory: directory=" + directory, e);
        }
    }
}
