package dev.firn.cli;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What a query may be: one SELECT, which reads the warehouse and nothing beside it. */
final class OneSelect {
    private static final String PARSE = "SELECT P->>'error', P->>'error_type', P->>'error_message',"
            + " json_array_length(P->'statements') FROM (SELECT json_serialize_sql(?)::JSON AS P)";

    private OneSelect() {}

    /** From here on no statement on this connection reaches files, other databases or the network, or changes that. */
    static void confine(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET enable_external_access = false");
            statement.execute("SET lock_configuration = true");
        }
    }

    /**
     * DuckDB's own parser decides, so that the text can stand in brackets within another statement.
     *
     * @throws CommandFailure if it is anything else
     */
    static void require(Connection connection, String sql) throws SQLException {
        try (PreparedStatement parse = connection.prepareStatement(PARSE)) {
            parse.setString(1, sql);
            try (ResultSet parsed = parse.executeQuery()) {
                parsed.next();
                boolean refused = !"false".equals(parsed.getString(1));
                if (refused && "parser".equals(parsed.getString(2))) {
                    throw notOne(": Parser Error: " + parsed.getString(3));
                }
                if (refused || parsed.getInt(4) != 1) {
                    throw notOne("");
                }
            }
        }
    }

    private static CommandFailure notOne(String why) {
        return new CommandFailure("the query failed: it must be one SELECT, nothing else" + why);
    }
}
