-- WAREHOUSE: what refreshes ACTIVITY.EVENTS, the smallest size, asleep when idle.
-- grain     none
-- reads     nothing
-- promises  an existing warehouse of this name keeps its settings
-- checks    DdlTest
CREATE WAREHOUSE IF NOT EXISTS FIRN_WH
    WAREHOUSE_SIZE = XSMALL
    AUTO_SUSPEND = 60
    AUTO_RESUME = TRUE
    INITIALLY_SUSPENDED = TRUE;
