package dev.firn.emulator;

/** Types of columns, in the words of both engines. */
final class SqlTypes {
    private SqlTypes() {}

    /**
     * @param name      Snowflake's, in upper case
     * @param arguments {@code ( 38 , 0 )}, or empty
     */
    static String forDuckDb(String name, String arguments) {
        return switch (name) {
            case "NUMBER", "NUMERIC", "DECIMAL", "DEC" -> "DECIMAL" + (arguments.isEmpty() ? "(38, 0)" : arguments);
            case "INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "BYTEINT" -> "BIGINT";
            case "FLOAT", "FLOAT4", "FLOAT8", "DOUBLE", "REAL" -> "DOUBLE";
            case "VARCHAR", "STRING", "TEXT", "CHAR", "CHARACTER" -> "VARCHAR";
            case "TIMESTAMP_NTZ", "TIMESTAMP", "DATETIME" -> "TIMESTAMP";
            case "TIMESTAMP_LTZ", "TIMESTAMP_TZ" -> "TIMESTAMPTZ";
            case "TIME" -> "TIME";
            case "BINARY", "VARBINARY" -> "BLOB";
            case "OBJECT", "ARRAY" -> "VARIANT";
            case "BOOLEAN", "DATE", "VARIANT" -> name;
            default -> throw SqlRefusal.unknown("the type " + name);
        };
    }

    /**
     * How Snowflake reports a type of DuckDB.
     *
     * @param wire      in a result's row type
     * @param precision 0 where there is none
     */
    record Reported(String wire, int precision, int scale) {
        boolean isJson() {
            return wire.equals("variant");
        }
    }

    static Reported reported(String duckDbType) {
        if (duckDbType.startsWith("DECIMAL(") && !duckDbType.endsWith("]")) {
            String[] digits = duckDbType.substring(8, duckDbType.length() - 1).split(",");
            return new Reported("fixed", Integer.parseInt(digits[0].strip()), Integer.parseInt(digits[1].strip()));
        }
        if (duckDbType.endsWith("]") || duckDbType.startsWith("STRUCT") || duckDbType.startsWith("MAP")) {
            return new Reported("variant", 0, 0);
        }
        return switch (duckDbType) {
            case "TINYINT",
                    "SMALLINT",
                    "INTEGER",
                    "BIGINT",
                    "HUGEINT",
                    "UTINYINT",
                    "USMALLINT",
                    "UINTEGER",
                    "UBIGINT" -> new Reported("fixed", 38, 0);
            case "DOUBLE", "FLOAT" -> new Reported("real", 0, 0);
            case "BOOLEAN" -> new Reported("boolean", 0, 0);
            case "DATE" -> new Reported("date", 0, 0);
            case "TIME" -> new Reported("time", 0, 9);
            case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" -> new Reported("timestamp_ntz", 0, 9);
            case "TIMESTAMP WITH TIME ZONE" -> new Reported("timestamp_ltz", 0, 9);
            case "VARIANT", "JSON" -> new Reported("variant", 0, 0);
            case "BLOB" -> new Reported("binary", 0, 0);
            default -> new Reported("text", 0, 0);
        };
    }
}
