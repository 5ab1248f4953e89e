/** The SQL of both engines: two tables and the views on them, and what renders, orders and installs it. */
@NullMarked
package dev.firn.ddl;

import org.jspecify.annotations.NullMarked;
