package dev.firn.ddl;

import java.util.Locale;

/** A warehouse that Firn writes SQL for. */
public enum Engine {
    /** The embedded warehouse. */
    DUCKDB,
    /** The cloud warehouse. */
    SNOWFLAKE;

    /** The folder of the files that only this engine can read. */
    String folder() {
        return name().toLowerCase(Locale.ROOT);
    }
}
