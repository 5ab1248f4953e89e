-- MCP.TABLE_COMPLIANCE_CHECK: the law of the two tables, over the whole database.
-- grain     one row per violation, and one for the verdict
-- reads     nothing
-- promises  looks at every schema of the current database and at temporary tables; a third table is a violation, and so is a missing one
-- checks    TableComplianceTest
CREATE OR REPLACE VIEW MCP.TABLE_COMPLIANCE_CHECK AS
WITH FOUND AS (
    SELECT
        schema_name AS SCHEMA_NAME,
        table_name AS TABLE_NAME,
        CASE WHEN temporary THEN 'TEMPORARY TABLE' ELSE 'TABLE' END AS TABLE_KIND,
        NOT temporary AND UPPER(schema_name || '.' || table_name) IN ('LANDING.RAW_EVENTS', 'ACTIVITY.EVENTS') AS IS_ALLOWED
    FROM duckdb_tables()
    WHERE NOT internal AND (database_name = current_database() OR temporary)
),
VIOLATIONS AS (
    SELECT
        SCHEMA_NAME,
        TABLE_NAME,
        TABLE_KIND,
        'a third table' AS MESSAGE
    FROM FOUND
    WHERE NOT IS_ALLOWED
    UNION ALL
    SELECT
        A.SCHEMA_NAME,
        A.TABLE_NAME,
        'TABLE' AS TABLE_KIND,
        'one of the two tables is missing' AS MESSAGE
    FROM (VALUES ('LANDING', 'RAW_EVENTS'), ('ACTIVITY', 'EVENTS')) AS A (SCHEMA_NAME, TABLE_NAME)
    LEFT JOIN FOUND AS F ON F.IS_ALLOWED AND UPPER(F.SCHEMA_NAME) = A.SCHEMA_NAME AND UPPER(F.TABLE_NAME) = A.TABLE_NAME
    WHERE F.TABLE_NAME IS NULL
)
SELECT
    'VIOLATION' AS RESULT,
    SCHEMA_NAME,
    TABLE_NAME,
    TABLE_KIND,
    MESSAGE
FROM VIOLATIONS
UNION ALL
SELECT
    CASE WHEN COUNT(*) = 0 THEN 'COMPLIANT' ELSE 'NOT COMPLIANT' END AS RESULT,
    NULL::VARCHAR AS SCHEMA_NAME,
    NULL::VARCHAR AS TABLE_NAME,
    NULL::VARCHAR AS TABLE_KIND,
    'violations: ' || COUNT(*)::VARCHAR AS MESSAGE
FROM VIOLATIONS;
