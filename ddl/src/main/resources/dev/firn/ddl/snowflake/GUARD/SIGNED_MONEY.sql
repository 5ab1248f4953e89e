-- GUARD.SIGNED_MONEY: an attribute as an amount of money that may be negative.
-- grain     scalar function of one attribute
-- reads     nothing
-- promises  never fails; NULL for all but a plain decimal between -10^8 and 10^8 with at most 10 digits behind the point
-- checks    GuardTest, for the twin of this function in DuckDB
CREATE OR REPLACE FUNCTION GUARD.SIGNED_MONEY(V VARIANT)
RETURNS NUMBER(38, 10)
LANGUAGE SQL
IMMUTABLE
AS
$$
    IFF(REGEXP_LIKE(V::VARCHAR, '-?[0-9]{1,8}([.][0-9]{1,10})?'), TRY_CAST(V::VARCHAR AS NUMBER(38, 10)), NULL)
$$;
