-- GUARD.FLAG: an attribute as a truth value.
-- grain     scalar function of one attribute
-- reads     nothing
-- promises  never fails; NULL for all but true and false
-- checks    GuardTest, for the twin of this function in DuckDB
CREATE OR REPLACE FUNCTION GUARD.FLAG(V VARIANT)
RETURNS BOOLEAN
LANGUAGE SQL
IMMUTABLE
AS
$$
    CASE V::VARCHAR WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END
$$;
