-- GUARD.WHOLE_NUMBER: an attribute as a count.
-- grain     scalar function of one attribute
-- reads     nothing
-- promises  never fails; NULL for all but 1 to 12 digits
-- checks    GuardTest
CREATE OR REPLACE MACRO GUARD.WHOLE_NUMBER(V) AS
    CASE WHEN regexp_full_match(V::VARCHAR, '[0-9]{1,12}') THEN TRY_CAST(V::VARCHAR AS BIGINT) END;
