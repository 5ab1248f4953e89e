-- ACTIVITY.EVENTS: every event once.
-- grain     one row per EVENT_ID
-- reads     LANDING.RAW_EVENTS
-- promises  at most a minute behind LANDING.RAW_EVENTS; _RECV_AT is the first receipt, COPIES how often the event came. Copies of
--           one EVENT_ID are equal but for receipt, so the MIN of each column is the event
-- checks    MCP.TABLE_COMPLIANCE_CHECK, MCP.EVENT_ID_AUDIT
-- Follows the pages "Supported queries for dynamic tables" and "Optimize queries for incremental refresh" (docs.snowflake.com):
-- the grouping keys are plain columns at the top level, every aggregate is one of those whose state is reused, each key and
-- each VARCHAR aggregate is selected unwrapped. MIN over VARIANT is documented nowhere and ANY_VALUE is ruled out, so
-- ATTRIBUTES is taken out of MIN(PAYLOAD), which also stands unwrapped beside it: a deterministic scalar expression over an
-- aggregate, recomputed for changed keys only.
CREATE DYNAMIC TABLE IF NOT EXISTS ACTIVITY.EVENTS
    TARGET_LAG = '1 minute'
    WAREHOUSE = FIRN_WH
    REFRESH_MODE = INCREMENTAL
    INITIALIZE = ON_CREATE
    CLUSTER BY (OCCURRED_DATE, TENANT_ID, ACTION)
AS
SELECT
    EVENT_ID,
    OCCURRED_DATE,
    MIN(OCCURRED_AT) AS OCCURRED_AT,
    MIN(TENANT_ID) AS TENANT_ID,
    MIN(ACTION) AS ACTION,
    MIN(ACTOR_ID) AS ACTOR_ID,
    MIN(OBJECT_TYPE) AS OBJECT_TYPE,
    MIN(OBJECT_ID) AS OBJECT_ID,
    PARSE_JSON(MIN(PAYLOAD))['attributes'] AS ATTRIBUTES,
    MIN(PAYLOAD) AS PAYLOAD,
    MIN(_RECV_AT) AS _RECV_AT,
    COUNT(*) AS COPIES
FROM LANDING.RAW_EVENTS
GROUP BY OCCURRED_DATE, EVENT_ID;
ALTER DYNAMIC TABLE ACTIVITY.EVENTS ADD SEARCH OPTIMIZATION ON EQUALITY(EVENT_ID, ACTOR_ID, ACTION);
