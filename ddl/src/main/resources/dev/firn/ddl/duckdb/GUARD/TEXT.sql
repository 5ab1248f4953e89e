-- GUARD.TEXT: an attribute as text.
-- grain     scalar function of one attribute
-- reads     nothing
-- promises  never fails; NULL for an object or an array, whose text would differ between engines
-- checks    GuardTest
CREATE OR REPLACE MACRO GUARD.TEXT(V) AS
    CASE
        -- The type is costly to ask for, so the text is looked at first.
        WHEN starts_with(V::VARCHAR, '{') OR starts_with(V::VARCHAR, '[')
            THEN CASE WHEN variant_typeof(V) = 'VARCHAR' THEN V::VARCHAR END
        ELSE V::VARCHAR
    END;
