package dev.firn.embedded;

import dev.firn.upload.Sink;

/** Opens the warehouse: at the start, and again after a failure that ended the upload. {@link DuckDb#file} is one. */
@FunctionalInterface
public interface SinkOpener {
    /**
     * Opens it, on the uploader's thread; it may take its time. The sink is closed by whoever called, and then lets go of all that was
     * opened with it, so that it can be opened again.
     *
     * @throws RuntimeException if it cannot be opened now; it is asked again after {@link FirnConfig#restartDelay}
     */
    Sink open();
}
