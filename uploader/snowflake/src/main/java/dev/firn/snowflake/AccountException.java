package dev.firn.snowflake;

import org.jspecify.annotations.Nullable;

/** The settings of an account are not to be used. Says which one and what to do, and shows no secret. */
public final class AccountException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AccountException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
