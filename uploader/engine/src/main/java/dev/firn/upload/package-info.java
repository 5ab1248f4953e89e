/**
 * From journals to a sink: batches, offset tokens, recovery, dead letters; and the port that a sink implements.
 *
 * <p>A sequence is the offset token of its record. The token that the warehouse committed together with its rows is the
 * only truth about what has arrived; after any doubt an uploader asks for it and reads on from there.
 */
@NullMarked
package dev.firn.upload;

import org.jspecify.annotations.NullMarked;
