package dev.firn.emulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request of classic streaming that is answered with a status code in the body; HTTP has 200 then. */
final class ClassicRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int statusCode;

    /** @param statusCode as the enumeration {@code StreamingIngestResponseCode} of Snowflake's library has it */
    ClassicRefusal(int statusCode, String message) {
        super(message, null, false, false);
        this.statusCode = statusCode;
    }

    ObjectNode toJson() {
        return Json.object().put("status_code", statusCode).put("message", getMessage());
    }
}
