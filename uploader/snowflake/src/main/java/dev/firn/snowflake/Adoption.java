package dev.firn.snowflake;

import dev.firn.upload.ChannelName;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkException.Remedy;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a channel is given a token that it did not commit itself. */
public final class Adoption {
    private Adoption() {}

    /**
     * Opens the channel to see what it has, and then with the token: an opening with one replaces what the channel
     * had.
     *
     * @param open opens the channel, with an initial token or with null
     * @throws SinkException with {@link Remedy#STOP} if it has a greater one
     */
    public static void adopt(ChannelName name, long token, Function<@Nullable String, SinkChannel> open) {
        long own = tokenOf(open, null);
        if (own < token) {
            own = tokenOf(open, Long.toString(token));
        }
        if (own != token) {
            throw new SinkException(
                    Remedy.STOP,
                    "the channel is further than the one that is left: channel=" + name + " token=" + own + " wanted="
                            + token,
                    null);
        }
    }

    private static long tokenOf(Function<@Nullable String, SinkChannel> open, @Nullable String initialToken) {
        try (SinkChannel channel = open.apply(initialToken)) {
            return channel.committedToken();
        }
    }
}
