package dev.firn.cli.input;

/** A mapping or an input that cannot be used as a whole; the message is for the person who wrote it and has no content. */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InputException(String message) {
        super(message);
    }
}
