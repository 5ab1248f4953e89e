-- GUARD.UTC_TIME: an attribute as a moment in UTC, to the microsecond; finer digits are cut.
-- grain     scalar function of one attribute
-- reads     nothing
-- promises  never fails; NULL for all but RFC 3339 with an upper-case T and Z, years 0001 to 9999
-- checks    GuardTest, for the twin of this function in DuckDB
CREATE OR REPLACE FUNCTION GUARD.UTC_TIME(V VARIANT)
RETURNS TIMESTAMP_NTZ
LANGUAGE SQL
IMMUTABLE
AS
$$
    IFF(
        REGEXP_LIKE(V::VARCHAR, '[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?Z')
        AND NOT STARTSWITH(V::VARCHAR, '0000'),
        TRY_TO_TIMESTAMP_NTZ(REPLACE(RTRIM(LEFT(V::VARCHAR, 26), 'Z'), 'T', ' ')),
        NULL
    )
$$;
