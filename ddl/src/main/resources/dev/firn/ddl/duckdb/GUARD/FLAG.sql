-- GUARD.FLAG: an attribute as a truth value.
-- grain     scalar function of one attribute
-- reads     nothing
-- promises  never fails; NULL for all but true and false
-- checks    GuardTest
CREATE OR REPLACE MACRO GUARD.FLAG(V) AS
    CASE V::VARCHAR WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END;
