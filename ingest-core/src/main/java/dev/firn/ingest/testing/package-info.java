/**
 * For the tests of applications: {@link dev.firn.ingest.testing.RecordingClient} takes the place of the client, without a disk, a thread of
 * its own or JVM flags.
 */
@NullMarked
package dev.firn.ingest.testing;

import org.jspecify.annotations.NullMarked;
