package dev.firn.event;

import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * The ID formula of the earlier two-table system ("v2"), for matching its rows; never the identity of a new event. It
 * has the time of receipt and the lane in it, leaves the attributes out, does not escape its separator and cannot tell
 * null from the empty string ({@code README.md} shows each with a command).
 */
public final class LegacyEventId {
    private LegacyEventId() {}

    /**
     * @param sourceLane       the lane that the earlier system stored
     * @param receivedAtMicros when it received the event, microseconds since 1970-01-01 UTC; cut to the millisecond
     * @return 64 lower-case hex digits
     */
    public static String v2(Event event, String sourceLane, long receivedAtMicros) {
        return DigestUtils.sha256Hex(String.join(
                "|",
                "v2",
                event.action(),
                event.actorId(),
                orEmpty(event.objectType()),
                orEmpty(event.objectId()),
                millis(event.occurredAtMicros()),
                sourceLane,
                millis(receivedAtMicros)));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String millis(long micros) {
        return EventTime.format(micros).substring(0, 23);
    }
}
