/** Rows into Snowflake, by Snowpipe Streaming with classic architecture. The only home of its library. */
@NullMarked
package dev.firn.sink.classic;

import org.jspecify.annotations.NullMarked;
