package dev.firn.snowflake;

import static java.util.Objects.requireNonNull;

/** A text that is never printed: not in logs, not in messages, not in a debugger's view of whoever holds it. */
public final class Secret {
    private final String text;

    public Secret(String text) {
        this.text = requireNonNull(text, "text");
    }

    /** The text itself, for whom it is meant. */
    public String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return "Secret[length=" + text.length() + "]";
    }
}
