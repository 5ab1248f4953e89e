-- MCP.TABLE_COMPLIANCE_CHECK: the law of the two tables, over the whole database.
-- grain     one row per violation, and one for the verdict
-- reads     nothing
-- promises  looks at every schema of the database that the reader's role may see, at tables of every kind (dynamic, temporary, transient,
--           external, event, Iceberg) and at materialized views; a third table is a violation, and so is a missing one
-- checks    the twin for DuckDB: TableComplianceTest
-- Follows the page "TABLES view" of the information schema (docs.snowflake.com). Names are compared case-exact, because a quoted name in
-- another case is another table.
CREATE OR REPLACE VIEW MCP.TABLE_COMPLIANCE_CHECK AS
WITH FOUND AS (
    SELECT
        TABLE_SCHEMA AS SCHEMA_NAME,
        TABLE_NAME,
        TABLE_TYPE AS TABLE_KIND,
        TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA || '.' || TABLE_NAME IN ('LANDING.RAW_EVENTS', 'ACTIVITY.EVENTS') AS IS_ALLOWED
    FROM INFORMATION_SCHEMA.TABLES
    WHERE TABLE_SCHEMA <> 'INFORMATION_SCHEMA' AND TABLE_TYPE <> 'VIEW'
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
        'BASE TABLE' AS TABLE_KIND,
        'one of the two tables is missing' AS MESSAGE
    FROM (VALUES ('LANDING', 'RAW_EVENTS'), ('ACTIVITY', 'EVENTS')) AS A (SCHEMA_NAME, TABLE_NAME)
    LEFT JOIN FOUND AS F ON F.IS_ALLOWED AND F.SCHEMA_NAME = A.SCHEMA_NAME AND F.TABLE_NAME = A.TABLE_NAME
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
    IFF(COUNT(*) = 0, 'COMPLIANT', 'NOT COMPLIANT') AS RESULT,
    NULL::VARCHAR AS SCHEMA_NAME,
    NULL::VARCHAR AS TABLE_NAME,
    NULL::VARCHAR AS TABLE_KIND,
    'violations: ' || COUNT(*)::VARCHAR AS MESSAGE
FROM VIOLATIONS;
