package dev.firn.emulator;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SHOW and DESCRIBE as queries of DuckDB's catalogue, their columns in the order by which the drivers read them.
 */
final class ShowStatements {
    private static final String IN_ONE =
            "(?: (?<scope>ACCOUNT|DATABASE|SCHEMA|TABLE|VIEW))?(?: (?<name>" + SqlDialect.QUALIFIED + "))?";
    private static final Pattern SHOW =
            Pattern.compile("SHOW (?:TERSE )?(?<what>DATABASES|SCHEMAS|TABLES|VIEWS|OBJECTS|COLUMNS|DYNAMIC TABLES"
                    + "|PRIMARY KEYS|WAREHOUSES|PARAMETERS)(?: LIKE (?<like>'(?:[^'\\\\]|''|\\\\.)*'))?(?: IN" + IN_ONE
                    + ")?(?: LIMIT (?<limit>[0-9]+))?");
    private static final Pattern DESCRIBE =
            Pattern.compile("DESC(?:RIBE)? (?:TABLE|VIEW|DYNAMIC TABLE) (?<name>" + SqlDialect.QUALIFIED + ")");

    private static final String OURS = "NOT internal AND database_name NOT IN ('memory', 'system', 'temp')";
    private static final String EPOCH = "TIMESTAMPTZ '1970-01-01 00:00:00+00' AS \"created_on\", ";
    private static final String OWNER = "'SYSADMIN' AS \"owner\"";
    private static final String PLACE =
            "upper(database_name) AS \"database_name\", upper(schema_name) AS \"schema_name\"";
    private static final String FIXED = "'TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'UBIGINT'";
    private static final String TYPE_JSON = """
            CASE
                WHEN data_type IN (%s) THEN '{"type":"FIXED","precision":38,"scale":0,"nullable":' || is_nullable || '}'
                WHEN data_type LIKE 'DECIMAL%%' THEN '{"type":"FIXED","precision":' || numeric_precision || ',"scale":'
                    || numeric_scale || ',"nullable":' || is_nullable || '}'
                WHEN data_type IN ('DOUBLE', 'FLOAT') THEN '{"type":"REAL","nullable":' || is_nullable || '}'
                WHEN data_type IN ('BOOLEAN', 'DATE', 'VARIANT') THEN '{"type":"' || data_type || '","nullable":'
                    || is_nullable || '}'
                WHEN data_type LIKE 'TIMESTAMP WITH%%' THEN
                    '{"type":"TIMESTAMP_LTZ","precision":0,"scale":9,"nullable":' || is_nullable || '}'
                WHEN data_type LIKE 'TIMESTAMP%%' THEN
                    '{"type":"TIMESTAMP_NTZ","precision":0,"scale":9,"nullable":' || is_nullable || '}'
                WHEN data_type = 'TIME' THEN '{"type":"TIME","precision":0,"scale":9,"nullable":' || is_nullable || '}'
                WHEN data_type = 'BLOB' THEN '{"type":"BINARY","length":8388608,"byteLength":8388608,"nullable":'
                    || is_nullable || '}'
                ELSE '{"type":"TEXT","length":16777216,"byteLength":16777216,"nullable":' || is_nullable || '}'
            END""".formatted(FIXED);
    private static final String TYPE_TEXT = """
            CASE
                WHEN data_type IN (%s) THEN 'NUMBER(38,0)'
                WHEN data_type LIKE 'DECIMAL%%' THEN replace(data_type, 'DECIMAL', 'NUMBER')
                WHEN data_type IN ('DOUBLE', 'FLOAT') THEN 'FLOAT'
                WHEN data_type LIKE 'TIMESTAMP WITH%%' THEN 'TIMESTAMP_LTZ(9)'
                WHEN data_type LIKE 'TIMESTAMP%%' THEN 'TIMESTAMP_NTZ(9)'
                WHEN data_type = 'TIME' THEN 'TIME(9)'
                WHEN data_type = 'BLOB' THEN 'BINARY(8388608)'
                WHEN data_type = 'VARCHAR' THEN 'VARCHAR(16777216)'
                ELSE data_type
            END""".formatted(FIXED);

    /**
     * Where a session is.
     *
     * @param database null for none
     * @param schema   null for none
     */
    record Scope(@Nullable String database, @Nullable String schema) {}

    private ShowStatements() {}

    /** @throws SqlRefusal if it is none that the emulator knows */
    static SqlPlan plan(String plain, Scope session) {
        Matcher describe = DESCRIBE.matcher(plain);
        if (describe.matches()) {
            return new SqlPlan(
                    SqlPlan.Kind.QUERY,
                    describe.group("name"),
                    "OBJECT",
                    false,
                    List.of(describe(Name.of(describe.group("name"), session))));
        }
        // Its own remark, which the driver puts behind the first word, is gone already.
        Matcher show = SHOW.matcher(plain);
        if (!show.matches()) {
            throw SqlRefusal.unknown("this statement: " + plain.substring(0, Math.min(80, plain.length())));
        }
        String like = show.group("like") == null ? "%" : SqlText.text(show.group("like"));
        return switch (show.group("what")) {
            case "WAREHOUSES" -> SqlPlan.of(SqlPlan.Kind.SHOW_WAREHOUSES, like);
            case "PARAMETERS" -> SqlPlan.of(SqlPlan.Kind.SHOW_PARAMETERS, like);
            default ->
                SqlPlan.query(query(show, like, session)
                        + (show.group("limit") == null ? "" : " LIMIT " + show.group("limit")));
        };
    }

    private static String query(Matcher show, String like, Scope session) {
        Place place = Place.of(show.group("scope"), show.group("name"), session);
        return switch (show.group("what")) {
            case "DATABASES" ->
                "SELECT " + EPOCH + "upper(database_name) AS \"name\", 'N' AS \"is_default\", "
                        + "IF(upper(database_name) = current_database(), 'Y', 'N') AS \"is_current\", '' AS \"origin\", "
                        + OWNER
                        + ", '' AS \"comment\", '' AS \"options\", '1' AS \"retention_time\" FROM duckdb_databases() WHERE "
                        + OURS + like("database_name", like) + " ORDER BY 2";
            case "SCHEMAS" ->
                "SELECT " + EPOCH + "upper(schema_name) AS \"name\", 'N' AS \"is_default\", "
                        + "IF(upper(schema_name) = current_schema(), 'Y', 'N') AS \"is_current\", "
                        + "upper(database_name) AS \"database_name\", " + OWNER
                        + ", '' AS \"comment\", '' AS \"options\", '1' AS \"retention_time\" FROM duckdb_schemas() WHERE "
                        + OURS + " AND schema_name <> 'main'" + place.where(false) + like("schema_name", like)
                        + " ORDER BY 5, 2";
            case "TABLES" -> tables(place, like, "") + " ORDER BY 3, 4, 2";
            case "DYNAMIC TABLES" ->
                "SELECT " + EPOCH + "upper(table_name) AS \"name\", " + PLACE
                        + ", '' AS \"cluster_by\", estimated_size AS \"rows\", 0 AS \"bytes\", " + OWNER
                        + ", '1 minute' AS \"target_lag\", 'INCREMENTAL' AS \"refresh_mode\" FROM duckdb_tables() WHERE "
                        + OURS + " AND upper(schema_name) = 'ACTIVITY' AND upper(table_name) = 'EVENTS'"
                        + place.where(true) + like("table_name", like) + " ORDER BY 3, 4, 2";
            case "VIEWS" ->
                "SELECT " + EPOCH + "upper(view_name) AS \"name\", '' AS \"reserved\", " + PLACE + ", " + OWNER
                        + ", '' AS \"comment\", sql AS \"text\", 'false' AS \"is_secure\", 'false' AS \"is_materialized\""
                        + " FROM duckdb_views() WHERE " + OURS + place.where(true) + like("view_name", like)
                        + " ORDER BY 4, 5, 2";
            case "OBJECTS" ->
                tables(place, like, "") + " UNION ALL SELECT " + EPOCH + "upper(view_name), upper(database_name), "
                        + "upper(schema_name), 'VIEW', '', '', NULL, 0, 'SYSADMIN', '1' FROM duckdb_views() WHERE "
                        + OURS + place.where(true) + like("view_name", like) + " ORDER BY 3, 4, 2";
            case "COLUMNS" ->
                "SELECT upper(table_name) AS \"table_name\", upper(schema_name) AS \"schema_name\", "
                        + "upper(column_name) AS \"column_name\", " + TYPE_JSON
                        + " AS \"data_type\", upper(is_nullable::VARCHAR) AS \"null?\", '' AS \"default\", "
                        + "'COLUMN' AS \"kind\", '' AS \"expression\", '' AS \"comment\", "
                        + "upper(database_name) AS \"database_name\", '' AS \"autoincrement\" FROM duckdb_columns() WHERE "
                        + OURS + place.where(true) + place.table() + like("column_name", like)
                        + " ORDER BY database_name, schema_name, table_name, column_index";
            case "PRIMARY KEYS" ->
                tables(
                                place,
                                like,
                                "SELECT \"created_on\", \"database_name\", \"schema_name\", "
                                        + "\"name\" AS \"table_name\", '' AS \"column_name\", 1 AS \"key_sequence\", "
                                        + "'' AS \"constraint_name\", 'false' AS \"rely\", '' AS \"comment\" FROM (")
                        + ") WHERE FALSE";
            default -> throw new IllegalStateException("the pattern names all: what=" + show.group("what"));
        };
    }

    private static String tables(Place place, String like, String before) {
        return before + "SELECT " + EPOCH + "upper(table_name) AS \"name\", " + PLACE
                + ", 'TABLE' AS \"kind\", '' AS \"comment\", '' AS \"cluster_by\", estimated_size AS \"rows\", "
                + "0 AS \"bytes\", " + OWNER + ", '1' AS \"retention_time\" FROM duckdb_tables() WHERE " + OURS
                + place.where(true) + like("table_name", like);
    }

    private static String describe(Name name) {
        return "SELECT upper(column_name) AS \"name\", " + TYPE_TEXT
                + " AS \"type\", 'COLUMN' AS \"kind\", IF(is_nullable, 'Y', 'N') AS \"null?\", NULL::VARCHAR AS \"default\", "
                + "'N' AS \"primary key\", 'N' AS \"unique key\", NULL::VARCHAR AS \"check\", NULL::VARCHAR AS \"expression\", "
                + "NULL::VARCHAR AS \"comment\", NULL::VARCHAR AS \"policy name\" FROM duckdb_columns() WHERE " + OURS
                + " AND " + equal("database_name", name.database()) + " AND " + equal("schema_name", name.schema())
                + " AND " + equal("table_name", name.object()) + " ORDER BY column_index";
    }

    private static String like(String column, String pattern) {
        return pattern.equals("%") ? "" : " AND " + column + " ILIKE " + literal(pattern) + " ESCAPE '\\'";
    }

    private static String equal(String column, String value) {
        return "upper(" + column + ") = upper(" + literal(value) + ')';
    }

    private static String literal(String text) {
        return '\'' + text.replace("'", "''") + '\'';
    }

    /** Where SHOW looks; null for everywhere. */
    private record Place(
            @Nullable String database,
            @Nullable String schema,
            @Nullable String object) {
        static Place of(@Nullable String scope, @Nullable String named, Scope session) {
            if ("ACCOUNT".equals(scope)) {
                return new Place(null, null, null);
            }
            if (named == null) {
                return new Place(session.database(), "DATABASE".equals(scope) ? null : session.schema(), null);
            }
            List<String> parts = Name.parts(named);
            if ("TABLE".equals(scope) || "VIEW".equals(scope)) {
                Name name = Name.of(named, session);
                return new Place(name.database(), name.schema(), name.object());
            }
            if ("DATABASE".equals(scope) || scope == null && parts.size() == 1) {
                return new Place(parts.get(0), null, null);
            }
            return parts.size() > 1
                    ? new Place(parts.get(0), parts.get(1), null)
                    : new Place(session.database(), parts.get(0), null);
        }

        String where(boolean withSchema) {
            return (database == null ? "" : " AND " + equal("database_name", database))
                    + (schema == null || !withSchema ? "" : " AND " + equal("schema_name", schema));
        }

        String table() {
            return object == null ? "" : " AND " + equal("table_name", object);
        }
    }
}
