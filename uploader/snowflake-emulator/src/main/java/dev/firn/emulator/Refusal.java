package dev.firn.emulator;

/** A request that is answered with an error. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int http;
    private final String code;

    Refusal(int http, String code, String message) {
        super(message, null, false, false);
        this.http = http;
        this.code = code;
    }

    int http() {
        return http;
    }

    Reply reply() {
        return Reply.json(http, Json.object().put("code", code).put("message", getMessage()));
    }
}
