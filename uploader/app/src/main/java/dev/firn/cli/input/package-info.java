/** From bytes to events: records of NDJSON and CSV, and the mappings that make events of them. */
@NullMarked
package dev.firn.cli.input;

import org.jspecify.annotations.NullMarked;
