-- GUARD.UTC_TIME: an attribute as a moment in UTC, to the microsecond; finer digits are cut.
-- grain     scalar function of one attribute
-- reads     nothing
-- promises  never fails; NULL for all but RFC 3339 with an upper-case T and Z, years 0001 to 9999
-- checks    GuardTest
CREATE OR REPLACE MACRO GUARD.UTC_TIME(V) AS
    CASE
        WHEN
            regexp_full_match(V::VARCHAR, '[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?Z')
            AND NOT starts_with(V::VARCHAR, '0000')
            THEN TRY_CAST(replace(rtrim(left(V::VARCHAR, 26), 'Z'), 'T', ' ') AS TIMESTAMP)
    END;
