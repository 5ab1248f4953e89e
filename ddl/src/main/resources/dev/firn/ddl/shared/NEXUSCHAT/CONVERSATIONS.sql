-- NEXUSCHAT.CONVERSATIONS: every conversation with what it has amounted to, at this moment.
-- grain     one row per (tenant, conversation)
-- reads     ACTIVITY.EVENTS
-- promises  deleted stays deleted unless the conversation is started again; totals go on counting what a deleted conversation used. A
--           message sent twice counts once, as it came first; ties in time are broken by EVENT_ID
-- checks    views/NEXUSCHAT.CONVERSATIONS
CREATE OR REPLACE VIEW NEXUSCHAT.CONVERSATIONS AS
WITH CHANGES AS (
    SELECT
        TENANT_ID,
        OBJECT_ID AS CONVERSATION_ID,
        EVENT_ID,
        OCCURRED_AT,
        ACTION,
        ACTOR_ID,
        ROW_NUMBER() OVER (PARTITION BY TENANT_ID, OBJECT_ID ORDER BY OCCURRED_AT, EVENT_ID) AS N,
        GUARD.TEXT(ATTRIBUTES['model']) AS MODEL,
        IFF(ACTION = 'conversation.message_sent', NULL, GUARD.TEXT(ATTRIBUTES['title'])) AS TITLE,
        IFF(ACTION = 'conversation.message_sent', COALESCE(GUARD.TEXT(ATTRIBUTES['message_id']), EVENT_ID), NULL) AS MESSAGE_ID,
        IFF(ACTION = 'conversation.message_sent', GUARD.WHOLE_NUMBER(ATTRIBUTES['tokens']), NULL) AS TOKENS,
        IFF(ACTION = 'conversation.message_sent', GUARD.MONEY(ATTRIBUTES['cost_usd']), NULL) AS COST_USD
    FROM ACTIVITY.EVENTS
    WHERE
        ACTION IN (
            'conversation.started', 'conversation.renamed', 'conversation.archived', 'conversation.deleted', 'conversation.message_sent'
        )
        AND OBJECT_TYPE = 'conversation'
        AND OCCURRED_AT <= SYSDATE()
),
MARKED AS (
    SELECT
        C.TENANT_ID,
        C.CONVERSATION_ID,
        C.EVENT_ID,
        C.OCCURRED_AT,
        C.ACTION,
        C.ACTOR_ID,
        C.N,
        C.MODEL,
        C.TITLE,
        C.MESSAGE_ID,
        C.TOKENS,
        C.COST_USD,
        C.MESSAGE_ID IS NOT NULL
            AND ROW_NUMBER() OVER (PARTITION BY C.TENANT_ID, C.CONVERSATION_ID, C.MESSAGE_ID ORDER BY C.N) = 1 AS IS_MESSAGE
    FROM CHANGES AS C
),
FOLDED AS (
    SELECT
        TENANT_ID,
        CONVERSATION_ID,
        MIN_BY(ACTOR_ID, IFF(ACTION = 'conversation.started', N, NULL)) AS STARTED_BY,
        MIN_BY(ACTOR_ID, N) AS SEEN_FROM,
        MAX_BY(TITLE, IFF(TITLE IS NULL, NULL, N)) AS TITLE,
        MAX_BY(MODEL, IFF(MODEL IS NULL OR MESSAGE_ID IS NOT NULL, NULL, N)) AS CHOSEN_MODEL,
        MAX_BY(MODEL, IFF(MODEL IS NULL OR MESSAGE_ID IS NULL, NULL, N)) AS MESSAGE_MODEL,
        COALESCE(MAX(IFF(ACTION = 'conversation.started', N, NULL)), 0) AS STARTED_N,
        COALESCE(MAX(IFF(ACTION = 'conversation.archived', N, NULL)), 0) AS ARCHIVED_N,
        COALESCE(MAX(IFF(ACTION = 'conversation.deleted', N, NULL)), 0) AS DELETED_N,
        COUNT_IF(IS_MESSAGE)::BIGINT AS MESSAGE_COUNT,
        COALESCE(SUM(IFF(IS_MESSAGE, TOKENS::DECIMAL(38, 0), NULL)), 0)::DECIMAL(38, 0) AS TOTAL_TOKENS,
        COALESCE(SUM(IFF(IS_MESSAGE, COST_USD, NULL)), 0)::DECIMAL(38, 10) AS TOTAL_COST,
        MIN(IFF(ACTION = 'conversation.started', OCCURRED_AT, NULL)) AS STARTED_AT,
        MIN(OCCURRED_AT) AS SEEN_AT,
        MAX(IFF(IS_MESSAGE, OCCURRED_AT, NULL)) AS LAST_MESSAGE_AT,
        MAX_BY(EVENT_ID, N) AS LAST_EVENT_ID
    FROM MARKED
    GROUP BY TENANT_ID, CONVERSATION_ID
)
SELECT
    TENANT_ID AS ORG_ID,
    CONVERSATION_ID,
    COALESCE(STARTED_BY, SEEN_FROM) AS USER_ID,
    TITLE,
    COALESCE(CHOSEN_MODEL, MESSAGE_MODEL) AS MODEL,
    CASE
        WHEN DELETED_N > STARTED_N THEN 'deleted'
        WHEN ARCHIVED_N > STARTED_N THEN 'archived'
        ELSE 'active'
    END AS STATUS,
    MESSAGE_COUNT,
    TOTAL_TOKENS,
    TOTAL_COST,
    COALESCE(STARTED_AT, SEEN_AT) AS CREATED_AT,
    LAST_MESSAGE_AT,
    LAST_EVENT_ID
FROM FOLDED;
