package dev.firn.sink.classic;

import dev.firn.emulator.UploadProcessContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;

class ClassicProcessTest extends UploadProcessContract {
    private final int port = freePort();

    private static int freePort() {
        try (ServerSocket any = new ServerSocket(0)) {
            return any.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected String sink() {
        return ClassicSink.NAME;
    }

    @Override
    protected int port() {
        return port;
    }
}
