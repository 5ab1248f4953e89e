/**
 * {@link dev.firn.embedded.Firn} runs client and uploader in one process: the application's own. Nothing else is to be started or watched.
 */
@NullMarked
package dev.firn.embedded;

import org.jspecify.annotations.NullMarked;
