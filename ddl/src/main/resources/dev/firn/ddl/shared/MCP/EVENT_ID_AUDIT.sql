-- MCP.EVENT_ID_AUDIT: the events whose ID is not the hash of their payload; empty is good.
-- grain     one row per EVENT_ID with at least one wrong row
-- reads     LANDING.RAW_EVENTS, ACTIVITY.EVENTS
-- promises  looks at every copy in both tables; PAYLOAD_SHA256 is the hash of one of the wrong payloads
-- checks    views/MCP.EVENT_ID_AUDIT
CREATE OR REPLACE VIEW MCP.EVENT_ID_AUDIT AS
WITH ROWS_OF_BOTH AS (
    SELECT
        EVENT_ID,
        OCCURRED_AT,
        TENANT_ID,
        SHA2(PAYLOAD, 256) AS PAYLOAD_SHA256,
        1 AS IS_RAW
    FROM LANDING.RAW_EVENTS
    UNION ALL
    SELECT
        EVENT_ID,
        OCCURRED_AT,
        TENANT_ID,
        SHA2(PAYLOAD, 256) AS PAYLOAD_SHA256,
        0 AS IS_RAW
    FROM ACTIVITY.EVENTS
)
SELECT
    EVENT_ID,
    MIN(PAYLOAD_SHA256) AS PAYLOAD_SHA256,
    MIN(OCCURRED_AT) AS OCCURRED_AT,
    MIN(TENANT_ID) AS TENANT_ID,
    COUNT_IF(IS_RAW = 1)::BIGINT AS WRONG_RAW_ROWS,
    COUNT_IF(IS_RAW = 0)::BIGINT AS WRONG_EVENT_ROWS
FROM ROWS_OF_BOTH
WHERE PAYLOAD_SHA256 <> EVENT_ID
GROUP BY EVENT_ID;
