/**
 * A Snowflake on the loopback interface: Snowflake's own client libraries talk to it unmodified, and what they write is in a
 * DuckDB file. It serves tests; the page docs/emulator.md lists what it does not imitate.
 */
@NullMarked
package dev.firn.emulator;

import org.jspecify.annotations.NullMarked;
