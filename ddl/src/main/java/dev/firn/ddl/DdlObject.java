package dev.firn.ddl;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One SQL file: one object and what it reads.
 *
 * @param schema       the schema's name, empty for an object that stands outside of schemas
 * @param name         the object's name
 * @param kind         what the file creates
 * @param reads        the tables and views that must exist before this object, {@code SCHEMA.OBJECT}, as its header says
 * @param text         the whole file, header included
 * @param resourcePath where the file stands below this package's resources, {@code shared/ACTIVITY/ACTIVITY_STREAM.sql}
 */
public record DdlObject(String schema, String name, Kind kind, List<String> reads, String text, String resourcePath) {

    /** What a file creates, in the order in which the kinds are installed. */
    public enum Kind {
        /** What stands outside of schemas: macros and types in DuckDB, the warehouse in Snowflake. */
        PRELUDE,
        /** A scalar function, a macro in DuckDB. */
        FUNCTION,
        /** One of the two tables. */
        TABLE,
        /** A view. */
        VIEW
    }

    public DdlObject {
        requireNonNull(schema, "schema");
        requireNonNull(name, "name");
        requireNonNull(kind, "kind");
        reads = List.copyOf(reads);
        requireNonNull(text, "text");
        requireNonNull(resourcePath, "resourcePath");
    }

    /** {@code SCHEMA.OBJECT}, or the name alone for an object outside of schemas. */
    public String qualifiedName() {
        return schema.isEmpty() ? name : schema + "." + name;
    }

    /** The statements of the file in order, without comments between them and without their semicolons. */
    public List<String> statements() {
        return SqlScript.statements(text);
    }
}
