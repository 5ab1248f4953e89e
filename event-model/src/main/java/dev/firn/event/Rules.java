package dev.firn.event;

/** The rules of the top-level fields ({@code docs/events.md}). Lengths count Unicode code points. */
final class Rules {
    static final String SYSTEM_TENANT = "_system";

    private static final int MAX_ACTION = 128;
    private static final int MAX_ACTION_PARTS = 5;

    private Rules() {}

    static void tenantId(String value) {
        length("tenant_id", value, 64);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!isLower(c) && !isUpper(c) && !isDigit(c) && c != '_' && c != '.' && c != '-') {
                throw format("tenant_id", "may only have the characters A-Z a-z 0-9 _ . -");
            }
        }
    }

    static void action(String value) {
        length("action", value, MAX_ACTION);
        int parts = 1;
        boolean startsPart = true;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean fits = startsPart ? isLower(c) : isLower(c) || isDigit(c) || c == '_' || c == '.';
            if (!fits) {
                throw badAction();
            }
            startsPart = c == '.';
            if (startsPart) {
                parts++;
            }
        }
        if (startsPart || parts < 2 || parts > MAX_ACTION_PARTS) {
            throw badAction();
        }
    }

    static void sourceLane(String value) {
        length("source_lane", value, 32);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!isUpper(c) && !isDigit(c) && c != '_') {
                throw format("source_lane", "may only have the characters A-Z 0-9 _");
            }
        }
    }

    /** 1 to {@code max} characters of any kind; what no string may hold is found when the canonical form is written. */
    static void length(String field, String value, int max) {
        int characters = value.length() <= max ? value.length() : value.codePointCount(0, value.length());
        if (characters < 1 || characters > max) {
            throw new InvalidEventException(
                    Reason.BAD_LENGTH, field, "must have 1 to " + max + " characters: length=" + characters);
        }
    }

    static boolean isSystemAction(String action) {
        return action.startsWith("pipeline.") || action.startsWith("quality.");
    }

    static boolean isAdmissible(String tenantId, String action) {
        return !isSystemAction(action) && (!action.startsWith("price.") || tenantId.equals(SYSTEM_TENANT));
    }

    private static InvalidEventException badAction() {
        return format(
                "action",
                "must be two to " + MAX_ACTION_PARTS
                        + " parts of a-z 0-9 _, each starting with a letter, joined by dots");
    }

    private static InvalidEventException format(String field, String rule) {
        return new InvalidEventException(Reason.BAD_FORMAT, field, rule);
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
