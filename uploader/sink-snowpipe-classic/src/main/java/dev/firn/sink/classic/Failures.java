package dev.firn.sink.classic;

import dev.firn.upload.SinkException;
import dev.firn.upload.SinkException.Remedy;
import java.util.Arrays;
import java.util.Set;
import net.snowflake.ingest.utils.ErrorCode;
import net.snowflake.ingest.utils.SFException;

/**
 * What an error of the library means to an uploader, by its vendor code. A refused login is no {@link SFException}
 * but a {@link SecurityException}, and its client does not get over it.
 */
final class Failures {
    private static final Set<String> CLIENT_DEAD =
            codes(ErrorCode.CLOSED_CLIENT, ErrorCode.CLIENT_DEPLOYMENT_ID_MISMATCH);
    private static final Set<String> CONTENT =
            codes(ErrorCode.INVALID_FORMAT_ROW, ErrorCode.INVALID_VALUE_ROW, ErrorCode.MAX_ROW_SIZE_EXCEEDED);
    private static final Set<String> OPERATOR = codes(
            ErrorCode.MISSING_CONFIG,
            ErrorCode.INVALID_CONFIG_PARAMETER,
            ErrorCode.INVALID_URL,
            ErrorCode.INVALID_PRIVATE_KEY,
            ErrorCode.INVALID_ENCRYPTED_KEY,
            ErrorCode.KEYPAIR_CREATION_FAILURE);

    private Failures() {}

    private static Set<String> codes(ErrorCode... codes) {
        return Set.of(Arrays.stream(codes).map(ErrorCode::getMessageCode).toArray(String[]::new));
    }

    /** The text of the error is left out: it may quote a row. */
    static SinkException of(String attempt, SFException e) {
        return new SinkException(remedy(e.getVendorCode()), attempt + describe(e), null);
    }

    private static Remedy remedy(String vendorCode) {
        if (CONTENT.contains(vendorCode)) {
            return Remedy.DEAD_LETTER;
        }
        return CLIENT_DEAD.contains(vendorCode) ? Remedy.RECREATE : Remedy.REOPEN;
    }

    /** The client was logged in once, so another one may be. */
    static SinkException of(String attempt, SecurityException e) {
        return new SinkException(Remedy.RECREATE, attempt + ": the login is refused", e);
    }

    /** Of an error before any row was handed over, whose text helps. */
    static SinkException ofConnecting(String attempt, Throwable e) {
        if (e instanceof SecurityException) {
            return new SinkException(
                    Remedy.STOP,
                    attempt
                            + ": the login is refused: check SNOWFLAKE_USER, SNOWFLAKE_ROLE and that the public key is the"
                            + " user's",
                    e);
        }
        if (e instanceof SFException known) {
            Remedy remedy = OPERATOR.contains(known.getVendorCode()) ? Remedy.STOP : remedy(known.getVendorCode());
            return new SinkException(remedy, attempt + describe(known), e);
        }
        return new SinkException(Remedy.REOPEN, attempt + ": " + e.getClass().getSimpleName(), e);
    }

    private static String describe(SFException e) {
        return " code=" + e.getVendorCode();
    }
}
