-- GUARD.SIGNED_MONEY: an attribute as an amount of money that may be negative.
-- grain     scalar function of one attribute
-- reads     nothing
-- promises  never fails; NULL for all but a plain decimal between -10^8 and 10^8 with at most 10 digits behind the point
-- checks    GuardTest
CREATE OR REPLACE MACRO GUARD.SIGNED_MONEY(V) AS
    CASE
        WHEN regexp_full_match(V::VARCHAR, '-?[0-9]{1,8}([.][0-9]{1,10})?') THEN TRY_CAST(V::VARCHAR AS DECIMAL(38, 10))
        -- A JSON number such as 0.00001 is plain in the payload; DuckDB keeps it as a DOUBLE and writes 1e-05.
        WHEN regexp_full_match(V::VARCHAR, '-?[0-9]([.][0-9]{1,5})?e-05|-?[0-9]([.][0-9]{1,4})?e-06')
            THEN CASE WHEN variant_typeof(V) = 'DOUBLE' THEN TRY_CAST(V::VARCHAR AS DECIMAL(38, 10)) END
    END;
