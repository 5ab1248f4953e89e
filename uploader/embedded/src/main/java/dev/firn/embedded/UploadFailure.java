package dev.firn.embedded;

import static java.util.Objects.requireNonNull;

import dev.firn.journal.DamagedJournalException;
import dev.firn.upload.SinkException;
import dev.firn.upload.UnexplainedTokenException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Instant;

/**
 * Why nothing is uploaded at the moment. Events are taken and kept all the same. Holds no exception, since a driver's may quote content.
 *
 * @param kind     what kind of trouble it is
 * @param message  what happened, without content
 * @param since    when it began; it has not worked since
 * @param attempts how often it was tried since, 1 or more
 */
public record UploadFailure(Kind kind, String message, Instant since, long attempts) {
    /** What an operator has to look at. */
    public enum Kind {
        /** The warehouse is not there, or refuses. */
        WAREHOUSE("look after the warehouse, the upload then goes on by itself"),
        /** Warehouse and journal do not belong together any more. */
        UNEXPLAINED_TOKEN(
                "restore the journal or the warehouse as the message says, the upload then goes on by itself"),
        /** A record is not as it was written. What stands before it is uploaded. */
        DAMAGED_JOURNAL("keep the journal's directory, and look at it with firn verify; what is before the damage is"
                + " uploaded"),
        /** Anything else, such as a directory that may not be written. */
        OTHER("see the message, the upload then goes on by itself");

        private final String advice;

        Kind(String advice) {
            this.advice = advice;
        }

        /** What an operator does about it. */
        public String advice() {
            return advice;
        }
    }

    private static final String OWN_PACKAGES = "dev.firn.";

    public UploadFailure {
        requireNonNull(kind, "kind");
        requireNonNull(message, "message");
        requireNonNull(since, "since");
    }

    static Kind kind(Throwable failure) {
        if (failure instanceof SinkException) {
            return Kind.WAREHOUSE;
        }
        if (failure instanceof UnexplainedTokenException) {
            return Kind.UNEXPLAINED_TOKEN;
        }
        return failure instanceof DamagedJournalException ? Kind.DAMAGED_JOURNAL : Kind.OTHER;
    }

    /** What can be shown of a failure: Firn's own messages, which hold no content; of all others their kind and their place. */
    static String describe(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        boolean own = failure instanceof SinkException
                || trace.length > 0 && trace[0].getClassName().startsWith(OWN_PACKAGES);
        if (!own) {
            return failure.getClass().getName() + (trace.length > 0 ? " at " + trace[0] : "");
        }
        Throwable cause = failure.getCause();
        return failure.getMessage() + (cause == null ? "" : " cause=" + cause(cause));
    }

    /** What the operating system says is shown: "No space left on device". */
    private static String cause(Throwable cause) {
        boolean ofSystem = cause.getClass() == IOException.class || cause instanceof FileSystemException;
        return ofSystem ? cause.toString() : cause.getClass().getName();
    }
}
