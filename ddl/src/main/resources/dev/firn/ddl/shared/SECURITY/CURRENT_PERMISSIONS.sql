-- SECURITY.CURRENT_PERMISSIONS: what every principal may and may not do, at this moment.
-- grain     one row per (tenant, principal, permission, scope) that is in force
-- reads     ACTIVITY.EVENTS
-- promises  DENY, own or inherited, beats GRANT, GRANT beats INHERIT. Inheritance reaches through 128 principals; a cycle adds nothing.
--           Fails safe: a grant whose EXPIRES_AT cannot be read is not in force, a denial with one never expires, a revocation without
--           a readable EFFECT ends grants only, a SCOPE that is no text grants nothing and denies everywhere. An inheritance may carry
--           EXPIRES_AT too; then UNTIL is the end of what comes through it. LAST_EVENT_ID is the later of the principal's own last
--           change for this permission and scope and the deciding entry
-- checks    views/SECURITY.CURRENT_PERMISSIONS, PermissionRulesTest
CREATE OR REPLACE VIEW SECURITY.CURRENT_PERMISSIONS AS
WITH CHANGES AS (
    SELECT
        TENANT_ID,
        OBJECT_ID AS PRINCIPAL,
        ACTION,
        EVENT_ID,
        OCCURRED_AT,
        ROW_NUMBER() OVER (PARTITION BY TENANT_ID ORDER BY OCCURRED_AT, EVENT_ID) AS N,
        GUARD.TEXT(ATTRIBUTES['permission']) AS PERMISSION,
        CASE
            WHEN ATTRIBUTES['scope']::VARCHAR IS NULL THEN '*'
            WHEN ACTION = 'permission.denied' THEN COALESCE(GUARD.TEXT(ATTRIBUTES['scope']), '*')
            ELSE GUARD.TEXT(ATTRIBUTES['scope'])
        END AS SCOPE,
        GUARD.TEXT(ATTRIBUTES['from']) AS FROM_PRINCIPAL,
        COALESCE(ATTRIBUTES['effect']::VARCHAR, 'grant') AS EFFECT,
        ATTRIBUTES['expires_at']::VARCHAR IS NOT NULL AS HAS_EXPIRES_AT,
        GUARD.UTC_TIME(ATTRIBUTES['expires_at']) AS EXPIRES_AT
    FROM ACTIVITY.EVENTS
    WHERE
        ACTION IN (
            'permission.granted', 'permission.denied', 'permission.revoked', 'permission.inherited', 'permission.inheritance_removed',
            'permission.all_revoked', 'permission.restored'
        )
        AND OBJECT_TYPE = 'principal'
        AND OCCURRED_AT <= SYSDATE()
),
-- Those of all_revoked that no later restored has cancelled, by their object.
ALL_REVOKED AS (
    SELECT
        TENANT_ID,
        PRINCIPAL,
        MAX(IFF(ACTION = 'permission.all_revoked', N, 0)) AS REVOKED_N
    FROM CHANGES
    WHERE ACTION IN ('permission.all_revoked', 'permission.restored')
    GROUP BY TENANT_ID, PRINCIPAL
    HAVING MAX(IFF(ACTION = 'permission.all_revoked', N, 0)) > MAX(IFF(ACTION = 'permission.restored', N, 0))
),
REVOKED AS (
    SELECT
        TENANT_ID,
        PRINCIPAL,
        PERMISSION,
        SCOPE,
        MAX(IFF(EFFECT = 'deny', 0, N)) AS GRANT_N,
        MAX(IFF(EFFECT IN ('deny', 'both'), N, 0)) AS DENY_N
    FROM CHANGES
    WHERE ACTION = 'permission.revoked'
    GROUP BY TENANT_ID, PRINCIPAL, PERMISSION, SCOPE
),
-- Grants and denials in force. ENDS_AT of 9999 is open.
ENTRIES AS (
    SELECT
        C.TENANT_ID,
        C.PRINCIPAL,
        C.PERMISSION,
        C.SCOPE,
        IFF(C.ACTION = 'permission.denied', 'DENY', 'GRANT') AS EFFECT,
        C.N,
        C.EVENT_ID,
        C.OCCURRED_AT,
        COALESCE(C.EXPIRES_AT, '9999-12-31 23:59:59.999999'::TIMESTAMP_NTZ) AS ENDS_AT
    FROM CHANGES AS C
    LEFT JOIN REVOKED AS R
        ON R.TENANT_ID = C.TENANT_ID AND R.PRINCIPAL = C.PRINCIPAL AND R.PERMISSION = C.PERMISSION AND R.SCOPE = C.SCOPE
    LEFT JOIN ALL_REVOKED AS A ON A.TENANT_ID = C.TENANT_ID AND A.PRINCIPAL = C.PRINCIPAL
    LEFT JOIN ALL_REVOKED AS T ON T.TENANT_ID = C.TENANT_ID AND T.PRINCIPAL = '*'
    WHERE
        C.PERMISSION IS NOT NULL
        AND C.SCOPE IS NOT NULL
        AND (C.EXPIRES_AT IS NULL OR C.EXPIRES_AT > SYSDATE())
        AND (
            (C.ACTION = 'permission.denied' AND C.N > COALESCE(R.DENY_N, 0))
            OR (
                C.ACTION = 'permission.granted'
                AND (C.EXPIRES_AT IS NOT NULL OR NOT C.HAS_EXPIRES_AT)
                AND C.N > COALESCE(R.GRANT_N, 0)
                AND C.N > COALESCE(A.REVOKED_N, 0)
                AND C.N > COALESCE(T.REVOKED_N, 0)
            )
        )
),
REMOVED AS (
    SELECT
        TENANT_ID,
        PRINCIPAL,
        PERMISSION,
        SCOPE,
        FROM_PRINCIPAL,
        MAX(N) AS REMOVED_N
    FROM CHANGES
    WHERE ACTION = 'permission.inheritance_removed'
    GROUP BY TENANT_ID, PRINCIPAL, PERMISSION, SCOPE, FROM_PRINCIPAL
),
OWN_GRANTS AS (
    SELECT DISTINCT
        TENANT_ID,
        PRINCIPAL,
        PERMISSION,
        SCOPE
    FROM ENTRIES
    WHERE EFFECT = 'GRANT'
),
-- Inheritances in force, each with the moment until which it passes grants on and denials on. A principal passes on what it
-- effectively has: with a grant of its own that is this grant and no grant from further up, so nothing arrives through it;
-- '0001' says so.
LINKS AS (
    SELECT
        C.TENANT_ID,
        C.PERMISSION,
        C.SCOPE,
        C.PRINCIPAL,
        C.FROM_PRINCIPAL,
        MAX(
            IFF(
                G.PRINCIPAL IS NOT NULL OR (C.EXPIRES_AT IS NULL AND C.HAS_EXPIRES_AT),
                '0001-01-01 00:00:00'::TIMESTAMP_NTZ,
                COALESCE(C.EXPIRES_AT, '9999-12-31 23:59:59.999999'::TIMESTAMP_NTZ)
            )
        ) AS GRANTS_UNTIL,
        MAX(COALESCE(C.EXPIRES_AT, '9999-12-31 23:59:59.999999'::TIMESTAMP_NTZ)) AS DENIALS_UNTIL
    FROM CHANGES AS C
    LEFT JOIN REMOVED AS R
        ON
            R.TENANT_ID = C.TENANT_ID
            AND R.PRINCIPAL = C.PRINCIPAL
            AND R.PERMISSION = C.PERMISSION
            AND R.SCOPE = C.SCOPE
            AND R.FROM_PRINCIPAL = C.FROM_PRINCIPAL
    LEFT JOIN ALL_REVOKED AS A ON A.TENANT_ID = C.TENANT_ID AND A.PRINCIPAL = C.PRINCIPAL
    LEFT JOIN ALL_REVOKED AS T ON T.TENANT_ID = C.TENANT_ID AND T.PRINCIPAL = '*'
    LEFT JOIN OWN_GRANTS AS G
        ON G.TENANT_ID = C.TENANT_ID AND G.PRINCIPAL = C.PRINCIPAL AND G.PERMISSION = C.PERMISSION AND G.SCOPE = C.SCOPE
    WHERE
        C.ACTION = 'permission.inherited'
        AND C.PERMISSION IS NOT NULL
        AND C.SCOPE IS NOT NULL
        AND C.FROM_PRINCIPAL IS NOT NULL
        AND C.FROM_PRINCIPAL <> C.PRINCIPAL
        AND (C.EXPIRES_AT IS NULL OR C.EXPIRES_AT > SYSDATE())
        AND C.N > COALESCE(R.REMOVED_N, 0)
        AND C.N > COALESCE(A.REVOKED_N, 0)
        AND C.N > COALESCE(T.REVOKED_N, 0)
    GROUP BY C.TENANT_ID, C.PERMISSION, C.SCOPE, C.PRINCIPAL, C.FROM_PRINCIPAL
),
-- Each step joins the paths found so far end to end and so doubles their length; of several paths between two principals the one
-- that lasts longest counts.
REACH_2 AS (
    SELECT
        TENANT_ID,
        PERMISSION,
        SCOPE,
        PRINCIPAL,
        FROM_PRINCIPAL,
        MAX(GRANTS_UNTIL) AS GRANTS_UNTIL,
        MAX(DENIALS_UNTIL) AS DENIALS_UNTIL
    FROM (
        SELECT
            TENANT_ID,
            PERMISSION,
            SCOPE,
            PRINCIPAL,
            FROM_PRINCIPAL,
            GRANTS_UNTIL,
            DENIALS_UNTIL
        FROM LINKS
        UNION ALL
        SELECT
            A.TENANT_ID,
            A.PERMISSION,
            A.SCOPE,
            A.PRINCIPAL,
            B.FROM_PRINCIPAL,
            IFF(A.GRANTS_UNTIL < B.GRANTS_UNTIL, A.GRANTS_UNTIL, B.GRANTS_UNTIL) AS GRANTS_UNTIL,
            IFF(A.DENIALS_UNTIL < B.DENIALS_UNTIL, A.DENIALS_UNTIL, B.DENIALS_UNTIL) AS DENIALS_UNTIL
        FROM LINKS AS A
        INNER JOIN LINKS AS B
            ON B.TENANT_ID = A.TENANT_ID AND B.PERMISSION = A.PERMISSION AND B.SCOPE = A.SCOPE AND B.PRINCIPAL = A.FROM_PRINCIPAL
    ) AS P
    GROUP BY TENANT_ID, PERMISSION, SCOPE, PRINCIPAL, FROM_PRINCIPAL
),
REACH_4 AS (
    SELECT
        TENANT_ID,
        PERMISSION,
        SCOPE,
        PRINCIPAL,
        FROM_PRINCIPAL,
        MAX(GRANTS_UNTIL) AS GRANTS_UNTIL,
        MAX(DENIALS_UNTIL) AS DENIALS_UNTIL
    FROM (
        SELECT
            TENANT_ID,
            PERMISSION,
            SCOPE,
            PRINCIPAL,
            FROM_PRINCIPAL,
            GRANTS_UNTIL,
            DENIALS_UNTIL
        FROM REACH_2
        UNION ALL
        SELECT
            A.TENANT_ID,
            A.PERMISSION,
            A.SCOPE,
            A.PRINCIPAL,
            B.FROM_PRINCIPAL,
            IFF(A.GRANTS_UNTIL < B.GRANTS_UNTIL, A.GRANTS_UNTIL, B.GRANTS_UNTIL) AS GRANTS_UNTIL,
            IFF(A.DENIALS_UNTIL < B.DENIALS_UNTIL, A.DENIALS_UNTIL, B.DENIALS_UNTIL) AS DENIALS_UNTIL
        FROM REACH_2 AS A
        INNER JOIN REACH_2 AS B
            ON B.TENANT_ID = A.TENANT_ID AND B.PERMISSION = A.PERMISSION AND B.SCOPE = A.SCOPE AND B.PRINCIPAL = A.FROM_PRINCIPAL
    ) AS P
    GROUP BY TENANT_ID, PERMISSION, SCOPE, PRINCIPAL, FROM_PRINCIPAL
),
REACH_8 AS (
    SELECT
        TENANT_ID,
        PERMISSION,
        SCOPE,
        PRINCIPAL,
        FROM_PRINCIPAL,
        MAX(GRANTS_UNTIL) AS GRANTS_UNTIL,
        MAX(DENIALS_UNTIL) AS DENIALS_UNTIL
    FROM (
        SELECT
            TENANT_ID,
            PERMISSION,
            SCOPE,
            PRINCIPAL,
            FROM_PRINCIPAL,
            GRANTS_UNTIL,
            DENIALS_UNTIL
        FROM REACH_4
        UNION ALL
        SELECT
            A.TENANT_ID,
            A.PERMISSION,
            A.SCOPE,
            A.PRINCIPAL,
            B.FROM_PRINCIPAL,
            IFF(A.GRANTS_UNTIL < B.GRANTS_UNTIL, A.GRANTS_UNTIL, B.GRANTS_UNTIL) AS GRANTS_UNTIL,
            IFF(A.DENIALS_UNTIL < B.DENIALS_UNTIL, A.DENIALS_UNTIL, B.DENIALS_UNTIL) AS DENIALS_UNTIL
        FROM REACH_4 AS A
        INNER JOIN REACH_4 AS B
            ON B.TENANT_ID = A.TENANT_ID AND B.PERMISSION = A.PERMISSION AND B.SCOPE = A.SCOPE AND B.PRINCIPAL = A.FROM_PRINCIPAL
    ) AS P
    GROUP BY TENANT_ID, PERMISSION, SCOPE, PRINCIPAL, FROM_PRINCIPAL
),
REACH_16 AS (
    SELECT
        TENANT_ID,
        PERMISSION,
        SCOPE,
        PRINCIPAL,
        FROM_PRINCIPAL,
        MAX(GRANTS_UNTIL) AS GRANTS_UNTIL,
        MAX(DENIALS_UNTIL) AS DENIALS_UNTIL
    FROM (
        SELECT
            TENANT_ID,
            PERMISSION,
            SCOPE,
            PRINCIPAL,
            FROM_PRINCIPAL,
            GRANTS_UNTIL,
            DENIALS_UNTIL
        FROM REACH_8
        UNION ALL
        SELECT
            A.TENANT_ID,
            A.PERMISSION,
            A.SCOPE,
            A.PRINCIPAL,
            B.FROM_PRINCIPAL,
            IFF(A.GRANTS_UNTIL < B.GRANTS_UNTIL, A.GRANTS_UNTIL, B.GRANTS_UNTIL) AS GRANTS_UNTIL,
            IFF(A.DENIALS_UNTIL < B.DENIALS_UNTIL, A.DENIALS_UNTIL, B.DENIALS_UNTIL) AS DENIALS_UNTIL
        FROM REACH_8 AS A
        INNER JOIN REACH_8 AS B
            ON B.TENANT_ID = A.TENANT_ID AND B.PERMISSION = A.PERMISSION AND B.SCOPE = A.SCOPE AND B.PRINCIPAL = A.FROM_PRINCIPAL
    ) AS P
    GROUP BY TENANT_ID, PERMISSION, SCOPE, PRINCIPAL, FROM_PRINCIPAL
),
REACH_32 AS (
    SELECT
        TENANT_ID,
        PERMISSION,
        SCOPE,
        PRINCIPAL,
        FROM_PRINCIPAL,
        MAX(GRANTS_UNTIL) AS GRANTS_UNTIL,
        MAX(DENIALS_UNTIL) AS DENIALS_UNTIL
    FROM (
        SELECT
            TENANT_ID,
            PERMISSION,
            SCOPE,
            PRINCIPAL,
            FROM_PRINCIPAL,
            GRANTS_UNTIL,
            DENIALS_UNTIL
        FROM REACH_16
        UNION ALL
        SELECT
            A.TENANT_ID,
            A.PERMISSION,
            A.SCOPE,
            A.PRINCIPAL,
            B.FROM_PRINCIPAL,
            IFF(A.GRANTS_UNTIL < B.GRANTS_UNTIL, A.GRANTS_UNTIL, B.GRANTS_UNTIL) AS GRANTS_UNTIL,
            IFF(A.DENIALS_UNTIL < B.DENIALS_UNTIL, A.DENIALS_UNTIL, B.DENIALS_UNTIL) AS DENIALS_UNTIL
        FROM REACH_16 AS A
        INNER JOIN REACH_16 AS B
            ON B.TENANT_ID = A.TENANT_ID AND B.PERMISSION = A.PERMISSION AND B.SCOPE = A.SCOPE AND B.PRINCIPAL = A.FROM_PRINCIPAL
    ) AS P
    GROUP BY TENANT_ID, PERMISSION, SCOPE, PRINCIPAL, FROM_PRINCIPAL
),
REACH_64 AS (
    SELECT
        TENANT_ID,
        PERMISSION,
        SCOPE,
        PRINCIPAL,
        FROM_PRINCIPAL,
        MAX(GRANTS_UNTIL) AS GRANTS_UNTIL,
        MAX(DENIALS_UNTIL) AS DENIALS_UNTIL
    FROM (
        SELECT
            TENANT_ID,
            PERMISSION,
            SCOPE,
            PRINCIPAL,
            FROM_PRINCIPAL,
            GRANTS_UNTIL,
            DENIALS_UNTIL
        FROM REACH_32
        UNION ALL
        SELECT
            A.TENANT_ID,
            A.PERMISSION,
            A.SCOPE,
            A.PRINCIPAL,
            B.FROM_PRINCIPAL,
            IFF(A.GRANTS_UNTIL < B.GRANTS_UNTIL, A.GRANTS_UNTIL, B.GRANTS_UNTIL) AS GRANTS_UNTIL,
            IFF(A.DENIALS_UNTIL < B.DENIALS_UNTIL, A.DENIALS_UNTIL, B.DENIALS_UNTIL) AS DENIALS_UNTIL
        FROM REACH_32 AS A
        INNER JOIN REACH_32 AS B
            ON B.TENANT_ID = A.TENANT_ID AND B.PERMISSION = A.PERMISSION AND B.SCOPE = A.SCOPE AND B.PRINCIPAL = A.FROM_PRINCIPAL
    ) AS P
    GROUP BY TENANT_ID, PERMISSION, SCOPE, PRINCIPAL, FROM_PRINCIPAL
),
REACH_128 AS (
    SELECT
        TENANT_ID,
        PERMISSION,
        SCOPE,
        PRINCIPAL,
        FROM_PRINCIPAL,
        MAX(GRANTS_UNTIL) AS GRANTS_UNTIL,
        MAX(DENIALS_UNTIL) AS DENIALS_UNTIL
    FROM (
        SELECT
            TENANT_ID,
            PERMISSION,
            SCOPE,
            PRINCIPAL,
            FROM_PRINCIPAL,
            GRANTS_UNTIL,
            DENIALS_UNTIL
        FROM REACH_64
        UNION ALL
        SELECT
            A.TENANT_ID,
            A.PERMISSION,
            A.SCOPE,
            A.PRINCIPAL,
            B.FROM_PRINCIPAL,
            IFF(A.GRANTS_UNTIL < B.GRANTS_UNTIL, A.GRANTS_UNTIL, B.GRANTS_UNTIL) AS GRANTS_UNTIL,
            IFF(A.DENIALS_UNTIL < B.DENIALS_UNTIL, A.DENIALS_UNTIL, B.DENIALS_UNTIL) AS DENIALS_UNTIL
        FROM REACH_64 AS A
        INNER JOIN REACH_64 AS B
            ON B.TENANT_ID = A.TENANT_ID AND B.PERMISSION = A.PERMISSION AND B.SCOPE = A.SCOPE AND B.PRINCIPAL = A.FROM_PRINCIPAL
    ) AS P
    GROUP BY TENANT_ID, PERMISSION, SCOPE, PRINCIPAL, FROM_PRINCIPAL
),
ARRIVALS AS (
    SELECT
        TENANT_ID,
        PRINCIPAL,
        PERMISSION,
        SCOPE,
        EFFECT,
        N,
        EVENT_ID,
        OCCURRED_AT,
        ENDS_AT
    FROM ENTRIES
    UNION ALL
    SELECT
        P.TENANT_ID,
        P.PRINCIPAL,
        P.PERMISSION,
        P.SCOPE,
        IFF(E.EFFECT = 'DENY', 'DENY', 'INHERIT') AS EFFECT,
        E.N,
        E.EVENT_ID,
        E.OCCURRED_AT,
        IFF(
            E.EFFECT = 'DENY',
            IFF(P.DENIALS_UNTIL < E.ENDS_AT, P.DENIALS_UNTIL, E.ENDS_AT),
            IFF(P.GRANTS_UNTIL < E.ENDS_AT, P.GRANTS_UNTIL, E.ENDS_AT)
        ) AS ENDS_AT
    FROM REACH_128 AS P
    INNER JOIN ENTRIES AS E
        ON E.TENANT_ID = P.TENANT_ID AND E.PERMISSION = P.PERMISSION AND E.SCOPE = P.SCOPE AND E.PRINCIPAL = P.FROM_PRINCIPAL
    WHERE P.PRINCIPAL <> P.FROM_PRINCIPAL
),
ALIKE AS (
    SELECT
        TENANT_ID,
        PRINCIPAL,
        PERMISSION,
        SCOPE,
        EFFECT,
        MIN(N) AS DECIDING_N,
        MIN_BY(EVENT_ID, N) AS DECIDING_EVENT_ID,
        MIN_BY(OCCURRED_AT, N) AS SINCE,
        MAX(ENDS_AT) AS ENDS_AT
    FROM ARRIVALS
    WHERE ENDS_AT > SYSDATE()
    GROUP BY TENANT_ID, PRINCIPAL, PERMISSION, SCOPE, EFFECT
),
DECIDED AS (
    SELECT
        TENANT_ID,
        PRINCIPAL,
        PERMISSION,
        SCOPE,
        EFFECT,
        DECIDING_N,
        DECIDING_EVENT_ID,
        SINCE,
        ENDS_AT
    FROM ALIKE
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY TENANT_ID, PRINCIPAL, PERMISSION, SCOPE
            ORDER BY CASE EFFECT WHEN 'DENY' THEN 1 WHEN 'GRANT' THEN 2 ELSE 3 END
        ) = 1
),
OWN_CHANGES AS (
    SELECT
        TENANT_ID,
        PRINCIPAL,
        PERMISSION,
        SCOPE,
        MAX(N) AS LAST_N,
        MAX_BY(EVENT_ID, N) AS LAST_EVENT_ID
    FROM CHANGES
    WHERE ACTION NOT IN ('permission.all_revoked', 'permission.restored')
    GROUP BY TENANT_ID, PRINCIPAL, PERMISSION, SCOPE
)
SELECT
    D.TENANT_ID,
    D.PRINCIPAL,
    D.PERMISSION,
    D.SCOPE,
    D.EFFECT,
    D.DECIDING_EVENT_ID,
    D.SINCE,
    NULLIF(D.ENDS_AT, '9999-12-31 23:59:59.999999'::TIMESTAMP_NTZ) AS UNTIL,
    IFF(C.LAST_N > D.DECIDING_N, C.LAST_EVENT_ID, D.DECIDING_EVENT_ID) AS LAST_EVENT_ID
FROM DECIDED AS D
LEFT JOIN OWN_CHANGES AS C
    ON C.TENANT_ID = D.TENANT_ID AND C.PRINCIPAL = D.PRINCIPAL AND C.PERMISSION = D.PERMISSION AND C.SCOPE = D.SCOPE;
