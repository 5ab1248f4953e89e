package dev.firn.sink.snowpipe;

import dev.firn.emulator.UploadProcessContract;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(Snowpipes.STORE)
class SnowpipeProcessTest extends UploadProcessContract {
    @Override
    protected String sink() {
        return SnowpipeSink.NAME;
    }

    @Override
    protected int port() {
        return Snowpipes.PORT;
    }
}
