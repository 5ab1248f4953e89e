/** Rows into Snowflake, by Snowpipe Streaming with high-performance architecture. The only home of its library. */
@NullMarked
package dev.firn.sink.snowpipe;

import org.jspecify.annotations.NullMarked;
