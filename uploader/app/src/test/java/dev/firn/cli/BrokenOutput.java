package dev.firn.cli;

import java.io.IOException;
import java.io.OutputStream;

/** Standard output that takes some bytes and then none, as a full disk, or a pipe whose reader has ended. */
final class BrokenOutput extends OutputStream {
    private long room;
    private int refused;

    BrokenOutput(long room) {
        this.room = room;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (room < length) {
            refused++;
            throw new IOException("Broken pipe");
        }
        room -= length;
    }

    /** How often something was written after it broke. */
    int refused() {
        return refused;
    }
}
