/** What an uploader costs beside its warehouse's library, and what memory it takes while the warehouse is stuck. */
@NullMarked
package dev.firn.benchmarks.sink;

import org.jspecify.annotations.NullMarked;
