/**
 * What both ways into Snowflake share: who logs in to which account, the row, how a client is made. Nothing here
 * talks to Snowflake but through the driver or the library that the caller has.
 */
@NullMarked
package dev.firn.snowflake;

import org.jspecify.annotations.NullMarked;
