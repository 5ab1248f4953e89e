package dev.firn.emulator;

import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What DuckDB says of a statement that failed, in Snowflake's numbers. */
final class SqlFailures {
    private static final String COMPILATION = "SQL compilation error:\n";

    /**
     * One kind of failure.
     *
     * @param message with {@code $1} for the first group of the pattern, {@code $0} for all that DuckDB says
     */
    private record Kind(Pattern pattern, int code, String sqlState, String message) {}

    private static final List<Kind> KINDS = List.of(
            kind("INTERRUPT Error", 604, "57014", "SQL execution canceled"),
            kind("Parser Error: (.*)", 1003, "42000", COMPILATION + "$1"),
            kind(".*read-only", 3001, "42501", "the emulator serves this database to read only"),
            kind(
                    "(?:Catalog|Binder) Error: .*because (?:schema|catalog) \"?(.+?)\"? does not exist",
                    2003,
                    "02000",
                    COMPILATION + "Schema '$1' does not exist or not authorized."),
            kind(
                    "Catalog Error: Schema with name \"?(.+?)\"? does not exist",
                    2003,
                    "02000",
                    COMPILATION + "Schema '$1' does not exist or not authorized."),
            kind(
                    "Catalog Error: \"?(.+?)\"? is not a catalog or schema",
                    2003,
                    "02000",
                    COMPILATION + "Database '$1' does not exist or not authorized."),
            kind(
                    "Catalog Error: (?:Table|View) with name \"?(.+?)\"? does not exist",
                    2003,
                    "42S02",
                    COMPILATION + "Object '$1' does not exist or not authorized."),
            kind(
                    "Catalog Error: .*Function with name \"?(.+?)\"? does not exist",
                    2140,
                    "42601",
                    COMPILATION + "Unknown function $1"),
            kind(
                    "Catalog Error: .* with name \"?(.+?)\"? already exists",
                    2002,
                    "42710",
                    COMPILATION + "Object '$1' already exists."),
            kind(
                    "Binder Error: Referenced column \"(.+?)\"",
                    904,
                    "42000",
                    COMPILATION + "error: invalid identifier '$1'"),
            kind("(?:Binder|Catalog) Error: (.*)", 2028, "42601", COMPILATION + "$1"),
            kind("Constraint Error: NOT NULL.*: (.*)", 100072, "22000", "NULL result in a non-nullable column: $1"),
            kind("(?:Conversion|Invalid Input|Out of Range) Error: (.*)", 100038, "22018", "$1"),
            kind("TransactionContext Error: (.*)", 603, "25000", "$1"),
            kind("(.*)", 603, "XX000", "$1"));

    private SqlFailures() {}

    private static Kind kind(String pattern, int code, String sqlState, String message) {
        return new Kind(Pattern.compile(pattern), code, sqlState, message);
    }

    static SqlRefusal refusal(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        for (Kind kind : KINDS) {
            Matcher matcher = kind.pattern().matcher(message);
            if (matcher.lookingAt()) {
                String said = matcher.groupCount() == 0
                        ? kind.message()
                        : kind.message().replace("$1", String.valueOf(matcher.group(1)));
                return new SqlRefusal(kind.code(), kind.sqlState(), said);
            }
        }
        throw new IllegalStateException("the last kind takes all", failure);
    }
}
