/** A simulated health-care chat platform: what {@code firn demo} feeds the pipeline with. */
@NullMarked
package dev.firn.cli.demo;

import org.jspecify.annotations.NullMarked;
