package dev.firn.cli.input;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a stream in chunks, without the byte order mark that may stand at its start. */
final class ByteInput implements Closeable {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private boolean started;
    private int at;
    private int end;

    ByteInput(InputStream in) {
        this.in = in;
    }

    /** Makes sure that there is a byte; false at the end of the stream. */
    boolean available() throws IOException {
        if (!started) {
            started = true;
            skipMark();
        }
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(chunk, 0, CHUNK_BYTES));
        }
        return at < end;
    }

    /** Asks for more only while what came may be a mark, so that a terminal's first short line is not waited behind. */
    private void skipMark() throws IOException {
        while (end < MARK.length && isMark(end)) {
            int count = in.read(chunk, end, CHUNK_BYTES - end);
            if (count < 0) {
                return;
            }
            end += count;
        }
        if (end >= MARK.length && isMark(MARK.length)) {
            at = MARK.length;
        }
    }

    private boolean isMark(int length) {
        for (int i = 0; i < length; i++) {
            if (chunk[i] != MARK[i]) {
                return false;
            }
        }
        return true;
    }

    byte[] chunk() {
        return chunk;
    }

    int at() {
        return at;
    }

    int end() {
        return end;
    }

    void advanceTo(int position) {
        at = position;
    }

    boolean hasBuffered() {
        return at < end;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
