package dev.firn.event;

import static java.util.Objects.requireNonNull;

/**
 * Content that the rules of an event refuse. The message names the field, the rule and lengths, never a value, so that
 * it can be logged and stored.
 */
public final class InvalidEventException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_SHOWN_NAME = 64;

    private final Reason reason;
    private final String field;

    public InvalidEventException(Reason reason, String field, String rule) {
        super((field.isEmpty() ? "" : field + ": ") + rule);
        this.reason = requireNonNull(reason, "reason");
        this.field = field;
    }

    public Reason reason() {
        return reason;
    }

    /** The field, such as {@code tenant_id} or {@code attributes.tokens}; empty where the record as a whole is meant. */
    public String field() {
        return field;
    }

    /**
     * A name that came in from outside, fit for a message: itself if it looks like an identifier, else its length, since
     * a key that is no identifier may be content.
     */
    public static String shownName(String name) {
        if (name.isEmpty()) {
            return "(empty name)";
        }
        if (name.length() > LONGEST_SHOWN_NAME) {
            return "(name of " + name.length() + " characters)";
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean identifier =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$';
            if (!identifier) {
                return "(name of " + name.length() + " characters)";
            }
        }
        return name;
    }
}
