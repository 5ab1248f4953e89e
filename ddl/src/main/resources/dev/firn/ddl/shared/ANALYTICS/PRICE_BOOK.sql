-- ANALYTICS.PRICE_BOOK: what a million tokens of each model cost, and when.
-- grain     one row per (model, period of validity); VALID_FROM NULL is since ever, VALID_TO NULL is open, VALID_TO is not included
-- reads     ACTIVITY.EVENTS
-- promises  only tenant _system sets prices; of two prices from the same moment on, the later event counts; an event with a value that
--           cannot be read sets no price. A cache price that is not set is the input price
-- checks    views/ANALYTICS.PRICE_BOOK
CREATE OR REPLACE VIEW ANALYTICS.PRICE_BOOK AS
WITH SETTINGS AS (
    SELECT
        OBJECT_ID AS MODEL_NAME,
        EVENT_ID,
        OCCURRED_AT,
        GUARD.UTC_TIME(ATTRIBUTES['valid_from']) AS VALID_FROM,
        ATTRIBUTES['valid_from']::VARCHAR IS NOT NULL AS HAS_VALID_FROM,
        GUARD.MONEY(ATTRIBUTES['input_usd_per_mtok']) AS INPUT_USD_PER_MTOK,
        GUARD.MONEY(ATTRIBUTES['output_usd_per_mtok']) AS OUTPUT_USD_PER_MTOK,
        GUARD.MONEY(ATTRIBUTES['cache_read_usd_per_mtok']) AS CACHE_READ_USD_PER_MTOK,
        ATTRIBUTES['cache_read_usd_per_mtok']::VARCHAR IS NOT NULL AS HAS_CACHE_READ,
        GUARD.MONEY(ATTRIBUTES['cache_write_usd_per_mtok']) AS CACHE_WRITE_USD_PER_MTOK,
        ATTRIBUTES['cache_write_usd_per_mtok']::VARCHAR IS NOT NULL AS HAS_CACHE_WRITE
    FROM ACTIVITY.EVENTS
    WHERE ACTION = 'price.set' AND TENANT_ID = '_system' AND OBJECT_TYPE = 'model'
),
COUNTING AS (
    SELECT
        MODEL_NAME,
        EVENT_ID,
        VALID_FROM,
        INPUT_USD_PER_MTOK,
        OUTPUT_USD_PER_MTOK,
        CACHE_READ_USD_PER_MTOK,
        CACHE_WRITE_USD_PER_MTOK
    FROM SETTINGS
    WHERE
        INPUT_USD_PER_MTOK IS NOT NULL
        AND OUTPUT_USD_PER_MTOK IS NOT NULL
        AND (VALID_FROM IS NOT NULL OR NOT HAS_VALID_FROM)
        AND (CACHE_READ_USD_PER_MTOK IS NOT NULL OR NOT HAS_CACHE_READ)
        AND (CACHE_WRITE_USD_PER_MTOK IS NOT NULL OR NOT HAS_CACHE_WRITE)
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY MODEL_NAME, VALID_FROM ORDER BY OCCURRED_AT DESC NULLS LAST, EVENT_ID DESC NULLS LAST
        ) = 1
)
SELECT
    MODEL_NAME,
    VALID_FROM,
    LEAD(VALID_FROM) OVER (PARTITION BY MODEL_NAME ORDER BY VALID_FROM NULLS FIRST) AS VALID_TO,
    INPUT_USD_PER_MTOK,
    OUTPUT_USD_PER_MTOK,
    COALESCE(CACHE_READ_USD_PER_MTOK, INPUT_USD_PER_MTOK) AS CACHE_READ_USD_PER_MTOK,
    COALESCE(CACHE_WRITE_USD_PER_MTOK, INPUT_USD_PER_MTOK) AS CACHE_WRITE_USD_PER_MTOK,
    EVENT_ID AS LAST_EVENT_ID
FROM COUNTING;
