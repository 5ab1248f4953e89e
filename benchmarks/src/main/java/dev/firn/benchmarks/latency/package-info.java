/**
 * What a call costs the thread that makes it, in the middle and in the tail, beside what an application would use instead, and how many
 * events a second get through. How it is measured: {@code benchmarks/README.md}.
 */
@NullMarked
package dev.firn.benchmarks.latency;

import org.jspecify.annotations.NullMarked;
