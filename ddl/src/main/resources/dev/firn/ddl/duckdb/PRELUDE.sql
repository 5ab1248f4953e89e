-- PRELUDE: the words of the shared SQL subset that DuckDB does not know, under Snowflake's names.
-- grain     none: macros and one type
-- reads     nothing
-- promises  can be run again; the same results as Snowflake's functions for the arguments that the views pass
-- checks    every test of a view
CREATE TYPE IF NOT EXISTS TIMESTAMP_NTZ AS TIMESTAMP;

CREATE OR REPLACE MACRO IFF(CONDITION, A, B) AS CASE WHEN CONDITION THEN A ELSE B END;

CREATE OR REPLACE MACRO SHA2(X, BITS) AS CASE WHEN BITS = 256 THEN sha256(X) ELSE error('SHA2: 256 bits only') END;

-- The present moment in UTC; a test replaces it to own the clock.
CREATE OR REPLACE MACRO SYSDATE() AS (now() AT TIME ZONE 'UTC');

CREATE OR REPLACE MACRO CONVERT_TIMEZONE(SOURCE_ZONE, TARGET_ZONE, MOMENT) AS ((MOMENT AT TIME ZONE SOURCE_ZONE) AT TIME ZONE TARGET_ZONE);

-- The formats allowed in shared files are made of YYYY, MM and DD only.
CREATE OR REPLACE MACRO TO_VARCHAR(X, FORMAT) AS
    strftime(X, replace(replace(replace(FORMAT, 'YYYY', '%Y'), 'MM', '%m'), 'DD', '%d'));

CREATE OR REPLACE MACRO TRY_PARSE_JSON(X) AS CAST(TRY_CAST(X AS JSON) AS VARIANT);
