-- GUARD.WHOLE_NUMBER: an attribute as a count.
-- grain     scalar function of one attribute
-- reads     nothing
-- promises  never fails; NULL for all but 1 to 12 digits
-- checks    GuardTest, for the twin of this function in DuckDB
CREATE OR REPLACE FUNCTION GUARD.WHOLE_NUMBER(V VARIANT)
RETURNS NUMBER(38, 0)
LANGUAGE SQL
IMMUTABLE
AS
$$
    IFF(REGEXP_LIKE(V::VARCHAR, '[0-9]{1,12}'), TRY_CAST(V::VARCHAR AS NUMBER(38, 0)), NULL)
$$;
