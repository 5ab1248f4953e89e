-- LANDING.RAW_EVENTS: every received copy of every event, as it came in.
-- grain     one row per receipt
-- reads     nothing
-- promises  append-only; may hold an event more than once; PAYLOAD is the canonical form, byte for byte
-- checks    MCP.TABLE_COMPLIANCE_CHECK, MCP.INGEST_GAPS
-- Follows the pages "CREATE TABLE" and "Error logging in Snowpipe Streaming with high-performance architecture"
-- (docs.snowflake.com): streaming drops a bad row without a word unless ERROR_LOGGING is on; incremental refresh of
-- ACTIVITY.EVENTS needs CHANGE_TRACKING and a retention longer than any pause of the refresh. Schema evolution stays off: it
-- would add columns and lift NOT NULL.
CREATE TABLE IF NOT EXISTS LANDING.RAW_EVENTS (
    EVENT_ID      VARCHAR(64)      NOT NULL,
    OCCURRED_DATE DATE             NOT NULL,
    OCCURRED_AT   TIMESTAMP_NTZ(6) NOT NULL,
    TENANT_ID     VARCHAR          NOT NULL,
    ACTION        VARCHAR          NOT NULL,
    ACTOR_ID      VARCHAR          NOT NULL,
    OBJECT_TYPE   VARCHAR,
    OBJECT_ID     VARCHAR,
    PAYLOAD       VARCHAR          NOT NULL,
    _SOURCE_LANE  VARCHAR          NOT NULL,
    _RECV_AT      TIMESTAMP_NTZ(6) NOT NULL,
    _PRODUCER_ID  VARCHAR,
    _SEQ          BIGINT
)
    CLUSTER BY (OCCURRED_DATE, TENANT_ID, ACTION)
    DATA_RETENTION_TIME_IN_DAYS = 14
    CHANGE_TRACKING = TRUE
    ERROR_LOGGING = TRUE;
