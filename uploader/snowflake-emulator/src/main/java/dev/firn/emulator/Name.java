package dev.firn.emulator;

import java.util.Arrays;
import java.util.List;

/** Where an object is. */
record Name(String database, String schema, String object) {
    /**
     * @param plain as {@link SqlText#plain} writes it: {@code DB . SCHEMA . TABLE}, less what the session says
     * @throws SqlRefusal if neither says where
     */
    static Name of(String plain, ShowStatements.Scope session) {
        List<String> parts = parts(plain);
        int count = parts.size();
        return new Name(
                count == 3 ? parts.get(0) : database(session),
                count >= 2 ? parts.get(count - 2) : schema(session),
                parts.get(count - 1));
    }

    static String database(ShowStatements.Scope session) {
        String database = session.database();
        if (database == null) {
            throw new SqlRefusal(
                    90105,
                    "22000",
                    "Cannot perform operation. This session does not have a current database. Call 'USE DATABASE', or use a"
                            + " qualified name.");
        }
        return database;
    }

    private static String schema(ShowStatements.Scope session) {
        String schema = session.schema();
        if (schema == null) {
            throw new SqlRefusal(
                    90106,
                    "22000",
                    "Cannot perform operation. This session does not have a current schema. Call 'USE SCHEMA', or use a"
                            + " qualified name.");
        }
        return schema;
    }

    static List<String> parts(String plain) {
        return Arrays.stream(plain.split(" \\. ")).map(Name::unquoted).toList();
    }

    private static String unquoted(String part) {
        return part.startsWith("\"") ? part.substring(1, part.length() - 1).replace("\"\"", "\"") : part;
    }

    boolean is(String otherSchema, String otherObject) {
        return schema.equalsIgnoreCase(otherSchema) && object.equalsIgnoreCase(otherObject);
    }

    @Override
    public String toString() {
        return database + '.' + schema + '.' + object;
    }
}
