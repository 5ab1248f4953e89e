package dev.firn.emulator;

import java.util.List;

/**
 * What a statement of Snowflake asks for.
 *
 * @param kind      what is done
 * @param name      the object that it is about, as {@code plain} text writes it; the value, of a setting
 * @param what      the kind of object, such as {@code TABLE}; the parameter, of a setting
 * @param ifMissing whether the object may be there already
 * @param sql       what DuckDB runs for it, in order
 */
record SqlPlan(Kind kind, String name, String what, boolean ifMissing, List<String> sql) {
    /** What is done, with the number that Snowflake gives the type of the statement. */
    enum Kind {
        QUERY(4096),
        INSERT(12544),
        UPDATE(12800),
        DELETE(13056),
        MERGE(13312),
        SET(16640),
        USE(17152),
        BEGIN(20480),
        COMMIT(20480),
        ROLLBACK(20480),
        CREATE_DATABASE(24576),
        CREATE_SCHEMA(24576),
        CREATE_WAREHOUSE(24576),
        SHOW_WAREHOUSES(4096),
        SHOW_PARAMETERS(4096),
        CREATE(24576),
        DROP(24576),
        ALTER(24576);

        private final int statementType;

        Kind(int statementType) {
            this.statementType = statementType;
        }

        int statementType() {
            return statementType;
        }

        boolean changesRows() {
            return this == INSERT || this == UPDATE || this == DELETE || this == MERGE;
        }

        boolean defines() {
            return statementType == 24576;
        }
    }

    static SqlPlan of(Kind kind, String name, String... sql) {
        return new SqlPlan(kind, name, "", false, List.of(sql));
    }

    static SqlPlan query(String sql) {
        return of(Kind.QUERY, "", sql);
    }
}
