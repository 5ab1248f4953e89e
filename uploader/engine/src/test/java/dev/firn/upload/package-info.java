/** Tests of the engine, and for every sink: the contract that it must pass, and a sink in memory. */
@NullMarked
package dev.firn.upload;

import org.jspecify.annotations.NullMarked;
