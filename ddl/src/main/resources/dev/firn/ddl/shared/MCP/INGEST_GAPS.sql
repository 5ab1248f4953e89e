-- MCP.INGEST_GAPS: what is missing in a producer's sequence; empty proves that nothing durable was lost.
-- grain     one row per unbroken range of missing sequences of a producer
-- reads     LANDING.RAW_EVENTS, ACTIVITY.EVENTS
-- promises  a sequence begins at 1 and ends at the last that came in: what is not yet uploaded is no gap. A sequence that the warehouse
--           refused is explained by its dead letter and is no gap
-- checks    views/MCP.INGEST_GAPS
CREATE OR REPLACE VIEW MCP.INGEST_GAPS AS
WITH RECEIVED AS (
    SELECT
        _PRODUCER_ID AS PRODUCER_ID,
        _SEQ AS SEQ
    FROM LANDING.RAW_EVENTS
    WHERE _PRODUCER_ID IS NOT NULL AND _SEQ >= 1
),
LAST_RECEIVED AS (
    SELECT
        PRODUCER_ID,
        MAX(SEQ) AS LAST_SEQ
    FROM RECEIVED
    GROUP BY PRODUCER_ID
),
REFUSED AS (
    SELECT
        GUARD.TEXT(ATTRIBUTES['producer_id']) AS PRODUCER_ID,
        GUARD.WHOLE_NUMBER(ATTRIBUTES['seq']) AS SEQ
    FROM ACTIVITY.EVENTS
    WHERE ACTION = 'quality.dead_lettered' AND TENANT_ID = '_system'
),
EXPLAINED AS (
    SELECT
        PRODUCER_ID,
        SEQ
    FROM RECEIVED
    UNION ALL
    SELECT
        R.PRODUCER_ID,
        R.SEQ
    FROM REFUSED AS R
    INNER JOIN LAST_RECEIVED AS L ON L.PRODUCER_ID = R.PRODUCER_ID
    WHERE R.SEQ >= 1 AND R.SEQ < L.LAST_SEQ
),
STEPS AS (
    SELECT
        PRODUCER_ID,
        SEQ,
        LAG(SEQ, 1, 0) OVER (PARTITION BY PRODUCER_ID ORDER BY SEQ) AS PREVIOUS_SEQ
    FROM EXPLAINED
)
SELECT
    PRODUCER_ID,
    PREVIOUS_SEQ + 1 AS FIRST_MISSING,
    SEQ - 1 AS LAST_MISSING,
    SEQ - PREVIOUS_SEQ - 1 AS MISSING
FROM STEPS
WHERE SEQ - PREVIOUS_SEQ > 1;
