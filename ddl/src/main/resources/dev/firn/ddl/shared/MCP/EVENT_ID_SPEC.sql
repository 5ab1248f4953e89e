-- MCP.EVENT_ID_SPEC: the formulas of the content ID, as an auditor can run them over the stored columns.
-- grain     one row per version
-- reads     nothing
-- promises  each FORMULA is an expression in Snowflake's SQL: of v3 over ACTIVITY.EVENTS, of v2 over LANDING.RAW_EVENTS
-- checks    EventIdSpecTest
CREATE OR REPLACE VIEW MCP.EVENT_ID_SPEC AS
SELECT
    S.VERSION,
    S.IS_CURRENT,
    S.FORMULA,
    S.MEANING
FROM (VALUES
    (
        'v3',
        TRUE,
        'SHA2(PAYLOAD, 256)',
        'Lower-case hex of SHA2-256 over the canonical form of the event (RFC 8785), which is the payload byte for byte.'
    ),
    (
        'v2',
        FALSE,
        'SHA2(CONCAT_WS(''|'', ''v2'', COALESCE(ACTION, ''''), COALESCE(ACTOR_ID, ''''), COALESCE(OBJECT_TYPE, ''''), COALESCE(OBJECT_ID, ''''), TO_VARCHAR(OCCURRED_AT, ''YYYY-MM-DD"T"HH24:MI:SS.FF3''), COALESCE(_SOURCE_LANE, ''''), TO_VARCHAR(_RECV_AT, ''YYYY-MM-DD"T"HH24:MI:SS.FF3'')), 256)',
        'The earlier system''s ID, only to match its data row for row: it includes the receipt and leaves the attributes out.'
    )
) AS S (VERSION, IS_CURRENT, FORMULA, MEANING);
