/** Who logs in to which Snowflake account. Nothing here talks to Snowflake but through the driver that the caller has. */
@NullMarked
package dev.firn.snowflake;

import org.jspecify.annotations.NullMarked;
