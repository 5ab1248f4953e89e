/** The embedded warehouse: one DuckDB file with the two tables and the views. The only home of DuckDB's classes. */
@NullMarked
package dev.firn.sink.duckdb;

import org.jspecify.annotations.NullMarked;
