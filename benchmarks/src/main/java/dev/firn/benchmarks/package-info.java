/**
 * What Firn costs, measured beside what one would use instead, and the figures of the README, measured again. How to run
 * and read it all: {@code benchmarks/README.md}.
 */
@NullMarked
package dev.firn.benchmarks;

import org.jspecify.annotations.NullMarked;
