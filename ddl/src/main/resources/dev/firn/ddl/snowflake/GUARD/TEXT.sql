-- GUARD.TEXT: an attribute as text.
-- grain     scalar function of one attribute
-- reads     nothing
-- promises  never fails; NULL for an object or an array, whose text would differ between engines
-- checks    GuardTest, for the twin of this function in DuckDB
CREATE OR REPLACE FUNCTION GUARD.TEXT(V VARIANT)
RETURNS VARCHAR
LANGUAGE SQL
IMMUTABLE
AS
$$
    IFF(TYPEOF(V) IN ('OBJECT', 'ARRAY'), NULL, V::VARCHAR)
$$;
