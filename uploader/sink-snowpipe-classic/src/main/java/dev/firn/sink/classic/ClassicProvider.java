package dev.firn.sink.classic;

import dev.firn.snowflake.SnowflakeAccount;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkProvider;
import java.util.Optional;
import java.util.function.Function;

/** Makes a {@link ClassicSink} from the settings of an account. */
public final class ClassicProvider implements SinkProvider {
    @Override
    public String name() {
        return ClassicSink.NAME;
    }

    @Override
    public Sink open(Function<String, Optional<String>> settings) {
        return new ClassicSink(SnowflakeAccount.of(settings), ClassicConfig.DEFAULT);
    }
}
