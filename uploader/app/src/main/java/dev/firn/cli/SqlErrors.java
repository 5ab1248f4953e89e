package dev.firn.cli;

import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What may be shown of DuckDB's messages: many of them quote the value at which a statement failed. */
final class SqlErrors {
    private static final Pattern KIND = Pattern.compile("([A-Z][A-Za-z]*(?: [A-Za-z]+){0,4} Error): ");
    /** Of kinds that are about the statement and the files, not about the rows. */
    private static final Pattern WITHOUT_DATA = Pattern.compile("(Parser|Binder|Catalog|IO|Permission) Error: ");

    private static final Pattern LINE = Pattern.compile("^LINE ([0-9]{1,9}): ", Pattern.MULTILINE);

    private SqlErrors() {}

    /** The message if it cannot quote data, else its kind and the line of the statement. */
    static String shown(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        if (WITHOUT_DATA.matcher(message).lookingAt()) {
            return message;
        }
        Matcher kind = KIND.matcher(message);
        return (kind.lookingAt() ? kind.group(1) : "an error of another kind")
                + line(message)
                + " (the rest of the message is left out, it can quote values)";
    }

    /** The last one: what is quoted in front of it can look like one. */
    private static String line(String message) {
        Matcher line = LINE.matcher(message);
        String last = "";
        while (line.find()) {
            last = " in LINE " + line.group(1);
        }
        return last;
    }
}
