package dev.firn.snowflake;

import dev.firn.upload.ChannelName;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkException.Remedy;
import org.jspecify.annotations.Nullable;

/** Firn's offset tokens at Snowflake: sequences in decimal digits. */
public final class OffsetToken {
    private OffsetToken() {}

    /**
     * The sequence of a token that a server gave.
     *
     * @param token null if nothing is committed
     * @throws SinkException with {@link Remedy#STOP} if it is not one of Firn's
     */
    public static long sequence(ChannelName channel, @Nullable String token) {
        if (token == null) {
            return SinkChannel.NOTHING;
        }
        try {
            return Long.parseLong(token);
        } catch (NumberFormatException e) {
            throw new SinkException(
                    Remedy.STOP,
                    "the channel has an offset token that is not Firn's, another program uses its name: channel="
                            + channel + " length=" + token.length(),
                    null);
        }
    }
}
