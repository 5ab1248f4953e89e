package dev.firn.emulator;

/** A statement that is answered with an error, as Snowflake numbers them. */
final class SqlRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String sqlState;

    SqlRefusal(int code, String sqlState, String message) {
        super(message, null, false, false);
        this.code = code;
        this.sqlState = sqlState;
    }

    /** A statement, or a part of one, that the emulator does not know. */
    static SqlRefusal unknown(String what) {
        return new SqlRefusal(2, "0A000", "Unsupported feature: the emulator does not know " + what);
    }

    int code() {
        return code;
    }

    String sqlState() {
        return sqlState;
    }
}
