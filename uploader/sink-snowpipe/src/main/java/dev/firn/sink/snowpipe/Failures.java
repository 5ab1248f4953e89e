package dev.firn.sink.snowpipe;

import com.snowflake.ingest.streaming.SFException;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkException.Remedy;
import java.util.Set;

/**
 * What an error of the library means to an uploader, by its name: those of the class {@code SFException} and the groups that
 * Snowflake's own Kafka connector makes of them.
 */
final class Failures {
    private static final Set<String> NOTHING_TAKEN = Set.of(
            "ReceiverSaturated",
            "MemoryThresholdExceeded",
            "MemoryThresholdExceededInContainer",
            "HttpRetryableClientError");
    private static final Set<String> CLIENT_DEAD =
            Set.of("InvalidClientError", "SfApiPipeFailedOverError", "ClosedClientError");
    private static final Set<String> OPERATOR = Set.of("SfApiAuthError", "SfApiUserError", "InvalidConfig");

    private Failures() {}

    /** The text of the error is left out: it may quote a row. */
    static SinkException of(String attempt, SFException e) {
        return new SinkException(remedy(e), attempt + describe(e), null);
    }

    /** Of an error before any row was handed over, whose text helps. */
    static SinkException ofConnecting(String attempt, SFException e) {
        Remedy remedy = OPERATOR.contains(e.getErrorCodeName()) ? Remedy.STOP : remedy(e);
        String advice = e.getErrorCodeName().equals("SfApiAuthError")
                ? ": does DESCRIBE USER show the fingerprint of this key, and may the user use the role?"
                : "";
        return new SinkException(remedy, attempt + describe(e) + advice, e);
    }

    private static Remedy remedy(SFException e) {
        if (NOTHING_TAKEN.contains(e.getErrorCodeName())) {
            return Remedy.RETRY;
        }
        return CLIENT_DEAD.contains(e.getErrorCodeName()) ? Remedy.RECREATE : Remedy.REOPEN;
    }

    private static String describe(SFException e) {
        return " error=" + e.getErrorCodeName() + " http=" + e.getHttpStatusCode();
    }
}
