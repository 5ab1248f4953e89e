-- ACTIVITY.EVENTS: every event once.
-- grain     one row per EVENT_ID
-- reads     nothing
-- promises  extended in the transaction that appends to LANDING.RAW_EVENTS: never behind; _RECV_AT is the first receipt,
--           COPIES how often the event came
-- checks    ContractTest, MCP.TABLE_COMPLIANCE_CHECK
CREATE TABLE IF NOT EXISTS ACTIVITY.EVENTS (
    EVENT_ID      VARCHAR   NOT NULL,
    OCCURRED_DATE DATE      NOT NULL,
    OCCURRED_AT   TIMESTAMP NOT NULL,
    TENANT_ID     VARCHAR   NOT NULL,
    ACTION        VARCHAR   NOT NULL,
    ACTOR_ID      VARCHAR   NOT NULL,
    OBJECT_TYPE   VARCHAR,
    OBJECT_ID     VARCHAR,
    ATTRIBUTES    VARIANT   NOT NULL,
    PAYLOAD       VARCHAR   NOT NULL,
    _RECV_AT      TIMESTAMP NOT NULL,
    COPIES        BIGINT    NOT NULL
);
