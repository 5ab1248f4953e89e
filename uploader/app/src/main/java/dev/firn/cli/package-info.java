/** The {@code firn} command: everything an operator does. */
@NullMarked
package dev.firn.cli;

import org.jspecify.annotations.NullMarked;
