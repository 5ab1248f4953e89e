package dev.firn.sink.snowpipe;

import dev.firn.snowflake.SnowflakeAccount;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkProvider;
import java.util.Optional;
import java.util.function.Function;

/** Makes a {@link SnowpipeSink} from the settings of an account. */
public final class SnowpipeProvider implements SinkProvider {
    @Override
    public String name() {
        return SnowpipeSink.NAME;
    }

    @Override
    public Sink open(Function<String, Optional<String>> settings) {
        SnowflakeAccount account = SnowflakeAccount.of(settings);
        return new SnowpipeSink(account, SnowpipeConfig.DEFAULT, StoredSequences.byQuery(account));
    }
}
