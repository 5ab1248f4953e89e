-- LANDING.RAW_EVENTS: every received copy of every event, as it came in.
-- grain     one row per receipt
-- reads     nothing
-- promises  append-only; may hold an event more than once; PAYLOAD is the canonical form, byte for byte
-- checks    ContractTest, MCP.TABLE_COMPLIANCE_CHECK, MCP.INGEST_GAPS
CREATE TABLE IF NOT EXISTS LANDING.RAW_EVENTS (
    EVENT_ID      VARCHAR   NOT NULL,
    OCCURRED_DATE DATE      NOT NULL,
    OCCURRED_AT   TIMESTAMP NOT NULL,
    TENANT_ID     VARCHAR   NOT NULL,
    ACTION        VARCHAR   NOT NULL,
    ACTOR_ID      VARCHAR   NOT NULL,
    OBJECT_TYPE   VARCHAR,
    OBJECT_ID     VARCHAR,
    PAYLOAD       VARCHAR   NOT NULL,
    _SOURCE_LANE  VARCHAR   NOT NULL,
    _RECV_AT      TIMESTAMP NOT NULL,
    _PRODUCER_ID  VARCHAR,
    _SEQ          BIGINT
);
