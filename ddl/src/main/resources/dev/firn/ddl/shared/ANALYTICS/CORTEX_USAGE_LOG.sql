-- ANALYTICS.CORTEX_USAGE_LOG: every Cortex call with its tokens and what it cost.
-- grain     one row per call, completed or failed
-- reads     ACTIVITY.EVENTS, ANALYTICS.PRICE_BOOK
-- promises  COST_USD is what the caller knew, else nothing for a hit of the prompt cache, else the price in force at the call; NULL where
--           no price is known, or tokens are missing, unreadable, or more of them came from or went into the cache than there were.
--           COST_SOURCE says which: CALLER, CACHE, PRICE or NONE. CACHE_SAVED_USD is what a hit would have cost, zero for no hit.
--           Decimal throughout, rounded once, to the tenth digit
-- checks    views/ANALYTICS.CORTEX_USAGE_LOG
CREATE OR REPLACE VIEW ANALYTICS.CORTEX_USAGE_LOG AS
WITH CALLS AS (
    SELECT
        TENANT_ID,
        EVENT_ID,
        OCCURRED_AT,
        ACTION,
        ACTOR_ID,
        OBJECT_ID,
        ATTRIBUTES,
        GUARD.TEXT(ATTRIBUTES['model']) AS MODEL_NAME,
        GUARD.WHOLE_NUMBER(ATTRIBUTES['prompt_tokens']) AS PROMPT_TOKENS,
        GUARD.WHOLE_NUMBER(ATTRIBUTES['completion_tokens']) AS COMPLETION_TOKENS,
        IFF(ATTRIBUTES['cached_tokens']::VARCHAR IS NULL, 0, GUARD.WHOLE_NUMBER(ATTRIBUTES['cached_tokens'])) AS CACHED_TOKENS,
        IFF(
            ATTRIBUTES['cache_write_tokens']::VARCHAR IS NULL, 0, GUARD.WHOLE_NUMBER(ATTRIBUTES['cache_write_tokens'])
        ) AS CACHE_WRITE_TOKENS,
        GUARD.MONEY(ATTRIBUTES['cost_usd']) AS CALLER_USD,
        COALESCE(GUARD.FLAG(ATTRIBUTES['cache_hit']), FALSE) AS CACHE_HIT
    FROM ACTIVITY.EVENTS
    WHERE ACTION IN ('cortex.completed', 'cortex.failed')
),
PRICED AS (
    SELECT
        C.TENANT_ID,
        C.EVENT_ID,
        C.OCCURRED_AT,
        C.ACTION,
        C.ACTOR_ID,
        C.OBJECT_ID,
        C.ATTRIBUTES,
        C.MODEL_NAME,
        C.PROMPT_TOKENS,
        C.COMPLETION_TOKENS,
        C.CACHED_TOKENS,
        C.CACHE_WRITE_TOKENS,
        C.CALLER_USD,
        C.CACHE_HIT,
        -- A millionth of four digits is ten digits on both engines; of ten it would be rounded on one of them on the way.
        IFF(
            C.CACHED_TOKENS + C.CACHE_WRITE_TOKENS <= C.PROMPT_TOKENS,
            (
                ROUND(
                    (C.PROMPT_TOKENS - C.CACHED_TOKENS - C.CACHE_WRITE_TOKENS)::DECIMAL(19, 0) * P.INPUT_USD_PER_MTOK::DECIMAL(19, 10)
                    + C.CACHED_TOKENS::DECIMAL(19, 0) * P.CACHE_READ_USD_PER_MTOK::DECIMAL(19, 10)
                    + C.CACHE_WRITE_TOKENS::DECIMAL(19, 0) * P.CACHE_WRITE_USD_PER_MTOK::DECIMAL(19, 10)
                    + C.COMPLETION_TOKENS::DECIMAL(19, 0) * P.OUTPUT_USD_PER_MTOK::DECIMAL(19, 10),
                    4
                )::DECIMAL(31, 4) * 0.000001
            )::DECIMAL(38, 10),
            NULL
        ) AS PRICE_USD
    FROM CALLS AS C
    LEFT JOIN ANALYTICS.PRICE_BOOK AS P
        ON
            P.MODEL_NAME = C.MODEL_NAME
            AND (P.VALID_FROM IS NULL OR P.VALID_FROM <= C.OCCURRED_AT)
            AND (P.VALID_TO IS NULL OR P.VALID_TO > C.OCCURRED_AT)
)
SELECT
    OCCURRED_AT AS TIMESTAMP,
    TENANT_ID AS ORG_ID,
    ACTOR_ID AS USER_NAME,
    GUARD.TEXT(ATTRIBUTES['function']) AS FUNCTION_NAME,
    MODEL_NAME,
    PROMPT_TOKENS AS INPUT_TOKENS,
    COMPLETION_TOKENS AS OUTPUT_TOKENS,
    GUARD.MONEY(ATTRIBUTES['credits']) AS CREDITS_USED,
    GUARD.TEXT(ATTRIBUTES['query_tag']) AS QUERY_TAG,
    GUARD.TEXT(ATTRIBUTES['session_id']) AS SESSION_ID,
    CASE
        WHEN CALLER_USD IS NOT NULL THEN CALLER_USD
        WHEN CACHE_HIT THEN 0::DECIMAL(38, 10)
        ELSE PRICE_USD
    END AS COST_USD,
    CACHE_HIT,
    GUARD.WHOLE_NUMBER(ATTRIBUTES['latency_ms']) AS LATENCY_MS,
    ACTION = 'cortex.completed' AS SUCCESS,
    GUARD.TEXT(ATTRIBUTES['error']) AS ERROR,
    CASE
        WHEN CALLER_USD IS NOT NULL THEN 'CALLER'
        WHEN CACHE_HIT THEN 'CACHE'
        WHEN PRICE_USD IS NOT NULL THEN 'PRICE'
        ELSE 'NONE'
    END AS COST_SOURCE,
    IFF(CACHE_HIT, PRICE_USD, 0::DECIMAL(38, 10)) AS CACHE_SAVED_USD,
    CACHED_TOKENS,
    CACHE_WRITE_TOKENS,
    GUARD.WHOLE_NUMBER(ATTRIBUTES['compression_saved_tokens']) AS COMPRESSION_SAVED_TOKENS,
    GUARD.TEXT(ATTRIBUTES['query_type']) AS QUERY_TYPE,
    GUARD.TEXT(ATTRIBUTES['prompt_preview']) AS PROMPT_PREVIEW,
    GUARD.TEXT(ATTRIBUTES['prompt_sha256']) AS PROMPT_SHA256,
    GUARD.TEXT(ATTRIBUTES['conversation_id']) AS CONVERSATION_ID,
    OBJECT_ID AS REQUEST_ID,
    EVENT_ID
FROM PRICED;
