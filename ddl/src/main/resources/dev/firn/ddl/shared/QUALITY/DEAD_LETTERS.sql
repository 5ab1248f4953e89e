-- QUALITY.DEAD_LETTERS: the records that were set aside and are not resolved.
-- grain     one row per (SHA2-256 of the record, source, position)
-- reads     ACTIVITY.EVENTS
-- promises  setting the same record aside again adds no row, the first time counts. A record in several parts is one row with its bytes
--           joined; BYTES_BASE64 is NULL while a part is missing. A quality.dead_letter_resolved that names a source or a position
--           resolves what it names, without them all records with these bytes
-- checks    views/QUALITY.DEAD_LETTERS
CREATE OR REPLACE VIEW QUALITY.DEAD_LETTERS AS
WITH SET_ASIDE AS (
    SELECT
        OBJECT_ID AS RECORD_SHA256,
        EVENT_ID,
        OCCURRED_AT,
        GUARD.TEXT(ATTRIBUTES['source']) AS SOURCE,
        GUARD.TEXT(ATTRIBUTES['position']) AS POSITION,
        COALESCE(GUARD.WHOLE_NUMBER(ATTRIBUTES['part']), 1) AS PART,
        COALESCE(GUARD.WHOLE_NUMBER(ATTRIBUTES['parts']), 1) AS PARTS,
        ATTRIBUTES
    FROM ACTIVITY.EVENTS
    WHERE ACTION = 'quality.dead_lettered' AND TENANT_ID = '_system' AND OBJECT_TYPE = 'record'
),
FIRST_OF_EACH_PART AS (
    SELECT
        RECORD_SHA256,
        EVENT_ID,
        OCCURRED_AT,
        SOURCE,
        POSITION,
        PART,
        PARTS,
        ATTRIBUTES
    FROM SET_ASIDE
    QUALIFY ROW_NUMBER() OVER (PARTITION BY RECORD_SHA256, SOURCE, POSITION, PART ORDER BY OCCURRED_AT, EVENT_ID) = 1
),
-- Sorted as texts, because each part begins with its number, in signs that are in no base64 text, so that they come out again.
-- A part beyond PARTS, or under two counts of PARTS, is a contradiction: the bytes are then not given.
JOINED AS (
    SELECT
        RECORD_SHA256,
        SOURCE,
        POSITION,
        IFF(
            COUNT(*) = MAX(PARTS) AND MAX(PART) = MAX(PARTS) AND MIN(PART) = 1 AND MIN(PARTS) = MAX(PARTS),
            TRANSLATE(
                ARRAY_TO_STRING(
                    ARRAY_SORT(
                        ARRAY_AGG(
                            TRANSLATE(LPAD(PART::VARCHAR, 12, '0'), '0123456789', '!#$%&()*,-')
                            || COALESCE(GUARD.TEXT(ATTRIBUTES['bytes_base64']), '')
                        )
                    ),
                    ''
                ),
                '!#$%&()*,-',
                ''
            ),
            NULL
        ) AS BYTES_BASE64,
        COUNT(*) AS PARTS_PRESENT
    FROM FIRST_OF_EACH_PART
    GROUP BY RECORD_SHA256, SOURCE, POSITION
),
FIRST_PART AS (
    SELECT
        RECORD_SHA256,
        EVENT_ID,
        OCCURRED_AT,
        SOURCE,
        POSITION,
        PARTS,
        ATTRIBUTES
    FROM FIRST_OF_EACH_PART
    QUALIFY ROW_NUMBER() OVER (PARTITION BY RECORD_SHA256, SOURCE, POSITION ORDER BY PART) = 1
),
RESOLUTIONS AS (
    SELECT DISTINCT
        OBJECT_ID AS RECORD_SHA256,
        GUARD.TEXT(ATTRIBUTES['source']) AS SOURCE,
        GUARD.TEXT(ATTRIBUTES['position']) AS POSITION
    FROM ACTIVITY.EVENTS
    WHERE ACTION = 'quality.dead_letter_resolved' AND TENANT_ID = '_system' AND OBJECT_TYPE = 'record'
),
RESOLVED AS (
    SELECT DISTINCT
        F.EVENT_ID
    FROM FIRST_PART AS F
    INNER JOIN RESOLUTIONS AS R
        ON
            R.RECORD_SHA256 = F.RECORD_SHA256
            AND (R.SOURCE IS NULL OR R.SOURCE = F.SOURCE)
            AND (R.POSITION IS NULL OR R.POSITION = F.POSITION)
)
SELECT
    F.EVENT_ID,
    F.OCCURRED_AT AS SET_ASIDE_AT,
    GUARD.TEXT(F.ATTRIBUTES['reason']) AS REASON,
    GUARD.TEXT(F.ATTRIBUTES['field']) AS FIELD,
    GUARD.TEXT(F.ATTRIBUTES['message']) AS MESSAGE,
    F.SOURCE,
    F.POSITION,
    GUARD.WHOLE_NUMBER(F.ATTRIBUTES['size_bytes']) AS SIZE_BYTES,
    J.BYTES_BASE64,
    F.RECORD_SHA256,
    F.PARTS,
    J.PARTS_PRESENT,
    GUARD.TEXT(F.ATTRIBUTES['producer_id']) AS PRODUCER_ID,
    GUARD.WHOLE_NUMBER(F.ATTRIBUTES['seq']) AS SEQ,
    F.EVENT_ID AS LAST_EVENT_ID
FROM FIRST_PART AS F
INNER JOIN JOINED AS J
    ON
        J.RECORD_SHA256 = F.RECORD_SHA256
        AND COALESCE(J.SOURCE, '') = COALESCE(F.SOURCE, '')
        AND COALESCE(J.POSITION, '') = COALESCE(F.POSITION, '')
        AND (J.SOURCE IS NULL) = (F.SOURCE IS NULL)
        AND (J.POSITION IS NULL) = (F.POSITION IS NULL)
LEFT JOIN RESOLVED AS R ON R.EVENT_ID = F.EVENT_ID
WHERE R.EVENT_ID IS NULL;
