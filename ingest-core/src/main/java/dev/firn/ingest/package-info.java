/**
 * The embedded client: {@link dev.firn.ingest.IngestClient} takes events from application threads through a ring in memory, and one thread
 * of its own writes them to the journal.
 */
@NullMarked
package dev.firn.ingest;

import org.jspecify.annotations.NullMarked;
