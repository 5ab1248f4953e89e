package dev.firn.upload;

/**
 * The warehouse's offset token does not fit the journal, so that sending on could lose or repeat events without anybody
 * seeing it. An operator decides.
 */
public final class UnexplainedTokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnexplainedTokenException(String why, String producerId, long token, long first, long last) {
        super("upload refused: " + why + ": producer=" + producerId + " token=" + token + " journal=" + first + ".."
                + last);
    }
}
