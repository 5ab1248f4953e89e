package dev.firn.benchmarks.sink;

import dev.firn.snowflake.SnowflakeAccount;
import dev.firn.upload.Sink;
import java.util.List;

/** A library of Snowflake's that takes rows: as Firn uses it, and alone. */
interface SinkLibrary {
    List<SinkLibrary> ALL = List.of(new SnowpipeLibrary(), new ClassicLibrary());

    /** As {@code --sink} has it. */
    String name();

    /** Firn's sink with its default settings, but as quick as it can. */
    Sink openSink(SnowflakeAccount account);

    /** Without Firn; settings that both have are the same. Connects. */
    BareLoop openBare(SnowflakeAccount account);

    /** @throws IllegalArgumentException if there is none of this name */
    static SinkLibrary named(String name) {
        return ALL.stream()
                .filter(library -> library.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such sink: value=" + name + " sinks=" + names()));
    }

    static List<String> names() {
        return ALL.stream().map(SinkLibrary::name).toList();
    }
}
