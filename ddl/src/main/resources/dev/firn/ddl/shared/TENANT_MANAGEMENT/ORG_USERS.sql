-- TENANT_MANAGEMENT.ORG_USERS: the members of every tenant, at this moment.
-- grain     one row per (tenant, user) that is a member
-- reads     ACTIVITY.EVENTS
-- promises  a removed user has no row; one added again starts afresh and keeps nothing from before. A lock and a deactivation stand
--           side by side: each is lifted by its own opposite only, and the later of those in force is the status. An unreadable
--           attribute changes nothing; ties in time are broken by EVENT_ID
-- checks    views/TENANT_MANAGEMENT.ORG_USERS
CREATE OR REPLACE VIEW TENANT_MANAGEMENT.ORG_USERS AS
WITH CHANGES AS (
    SELECT
        TENANT_ID,
        OBJECT_ID AS USER_ID,
        EVENT_ID,
        OCCURRED_AT,
        ACTION,
        ROW_NUMBER() OVER (PARTITION BY TENANT_ID, OBJECT_ID ORDER BY OCCURRED_AT, EVENT_ID) AS N,
        GUARD.TEXT(ATTRIBUTES['email']) AS EMAIL,
        IFF(
            ACTION IN ('user.added', 'user.role_changed') AND ATTRIBUTES['role']::VARCHAR IN ('admin', 'user', 'viewer'),
            ATTRIBUTES['role']::VARCHAR,
            NULL
        ) AS ROLE
    FROM ACTIVITY.EVENTS
    WHERE
        ACTION IN (
            'user.added', 'user.role_changed', 'user.locked', 'user.unlocked', 'user.deactivated', 'user.reactivated', 'user.removed'
        )
        AND OBJECT_TYPE = 'user'
        AND OCCURRED_AT <= SYSDATE()
),
REMOVALS AS (
    SELECT
        C.TENANT_ID,
        C.USER_ID,
        C.EVENT_ID,
        C.OCCURRED_AT,
        C.ACTION,
        C.N,
        C.EMAIL,
        C.ROLE,
        COALESCE(MAX(IFF(C.ACTION = 'user.removed', C.N, NULL)) OVER (PARTITION BY C.TENANT_ID, C.USER_ID), 0) AS REMOVED_N
    FROM CHANGES AS C
),
MEMBERSHIPS AS (
    SELECT
        R.TENANT_ID,
        R.USER_ID,
        R.EVENT_ID,
        R.OCCURRED_AT,
        R.ACTION,
        R.N,
        R.EMAIL,
        R.ROLE,
        R.REMOVED_N,
        MIN(IFF(R.ACTION = 'user.added', R.N, NULL)) OVER (PARTITION BY R.TENANT_ID, R.USER_ID) AS ADDED_N
    FROM REMOVALS AS R
    WHERE R.N > R.REMOVED_N
),
FOLDED AS (
    SELECT
        TENANT_ID,
        USER_ID,
        MAX_BY(EMAIL, IFF(EMAIL IS NULL, NULL, N)) AS EMAIL,
        MAX_BY(ROLE, IFF(ROLE IS NULL, NULL, N)) AS ROLE,
        COALESCE(MAX(IFF(ACTION = 'user.locked', N, NULL)), 0) AS LOCKED_N,
        COALESCE(MAX(IFF(ACTION = 'user.unlocked', N, NULL)), 0) AS UNLOCKED_N,
        COALESCE(MAX(IFF(ACTION = 'user.deactivated', N, NULL)), 0) AS DEACTIVATED_N,
        COALESCE(MAX(IFF(ACTION = 'user.reactivated', N, NULL)), 0) AS REACTIVATED_N,
        MIN(IFF(ACTION = 'user.added', OCCURRED_AT, NULL)) AS ADDED_AT,
        MIN(OCCURRED_AT) AS SEEN_AT,
        MAX(OCCURRED_AT) AS UPDATED_AT,
        MAX_BY(EVENT_ID, N) AS LAST_EVENT_ID
    FROM MEMBERSHIPS
    -- What stands between a removal and the next addition belongs to nobody.
    WHERE REMOVED_N = 0 OR N >= ADDED_N
    GROUP BY TENANT_ID, USER_ID
)
SELECT
    TENANT_ID AS ORG_ID,
    USER_ID,
    EMAIL,
    ROLE,
    CASE
        WHEN DEACTIVATED_N > REACTIVATED_N AND LOCKED_N > UNLOCKED_N THEN IFF(LOCKED_N > DEACTIVATED_N, 'locked', 'inactive')
        WHEN DEACTIVATED_N > REACTIVATED_N THEN 'inactive'
        WHEN LOCKED_N > UNLOCKED_N THEN 'locked'
        ELSE 'active'
    END AS STATUS,
    COALESCE(ADDED_AT, SEEN_AT) AS ADDED_AT,
    UPDATED_AT,
    LAST_EVENT_ID
FROM FOLDED;
