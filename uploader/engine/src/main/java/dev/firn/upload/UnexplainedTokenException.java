package dev.firn.upload;

/**
 * The warehouse's offset token does not fit the journal, so that sending on could lose or repeat events without anybody
 * seeing it. An operator decides.
 */
public final class UnexplainedTokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnexplainedTokenException(String why, String producerId, long token, long first, long last) {
        super("upload refused: " + why + ", or accept that events up to the token are taken for uploaded, with"
                + " firn upload --accept-token: producer=" + producerId + " token=" + token + " journal=" + first + ".."
                + last);
    }
}
