package dev.firn.sink.classic;

import dev.firn.snowflake.OffsetToken;
import dev.firn.snowflake.RowFields;
import dev.firn.snowflake.RowPiece;
import dev.firn.upload.ChannelName;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkException.Remedy;
import dev.firn.upload.SinkRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import net.snowflake.ingest.streaming.SnowflakeStreamingIngestChannel;
import net.snowflake.ingest.utils.SFException;
import org.jspecify.annotations.Nullable;

/**
 * One channel of the table.
 *
 * <p>It is never closed at the library, which would wait up to a minute for commits that need not come: the next
 * opening of its name, by whomever, makes it invalid here and at the server. Until then the library goes on to
 * write what it was given, as if nothing had happened.
 */
final class ClassicChannel implements SinkChannel {
    private final ChannelName name;
    private final SnowflakeStreamingIngestChannel channel;
    private final int maxBufferedBytes;
    private final Runnable clientDied;
    private final Deque<Uncommitted> uncommitted = new ArrayDeque<>();
    private long uncommittedBytes;
    /** The token of what was last handed over. */
    private long given = NOTHING;

    private @Nullable List<SinkRow> checked;

    private record Uncommitted(long token, long bytes) {}

    /** @param clientDied is told when the client of this channel is of no use any more */
    ClassicChannel(
            ChannelName name, SnowflakeStreamingIngestChannel channel, int maxBufferedBytes, Runnable clientDied) {
        this.name = name;
        this.channel = channel;
        this.maxBufferedBytes = maxBufferedBytes;
        this.clientDied = clientDied;
    }

    @Override
    public long committedToken() {
        long token = OffsetToken.sequence(
                name,
                attempt("cannot ask for the committed token: channel=" + name, channel::getLatestCommittedOffsetToken));
        for (Uncommitted first = uncommitted.peek();
                first != null && first.token() <= token;
                first = uncommitted.peek()) {
            uncommitted.remove();
            uncommittedBytes -= first.bytes();
        }
        return token;
    }

    /**
     * Rows go in pieces with tokens of their own, and each piece is taken whole. If one is not, those before it
     * are, and are passed over when they come again.
     */
    @Override
    public void append(List<SinkRow> rows, long offsetToken) {
        if (rows != checked) {
            rows.forEach(RowFields::check);
            checked = rows;
        }
        int from = 0;
        while (from < rows.size() && rows.get(from).sequence() <= given) {
            from++;
        }
        while (from < rows.size()) {
            RowPiece piece = RowPiece.of(rows, from, offsetToken);
            requireRoom(piece.bytes());
            insert(piece.rows(), piece.token());
            uncommitted.add(new Uncommitted(piece.token(), piece.bytes()));
            uncommittedBytes += piece.bytes();
            given = piece.token();
            from += piece.rows().size();
        }
        checked = null;
    }

    private void requireRoom(long bytes) {
        if (uncommittedBytes > 0 && uncommittedBytes + bytes > maxBufferedBytes) {
            committedToken();
            if (uncommittedBytes > 0 && uncommittedBytes + bytes > maxBufferedBytes) {
                throw new SinkException(
                        Remedy.RETRY,
                        "too much is not committed yet: channel=" + name + " bytes=" + uncommittedBytes + " most="
                                + maxBufferedBytes,
                        null);
            }
        }
    }

    private void insert(List<SinkRow> piece, long token) {
        List<Map<String, Object>> fields = new ArrayList<>(piece.size());
        piece.forEach(row -> fields.add(RowFields.withTimes(row)));
        attempt(
                "append failed: channel=" + name + " rows=" + piece.size() + " token=" + token,
                () -> channel.insertRows(fields, Long.toString(piece.get(0).sequence()), Long.toString(token)));
    }

    private <T extends @Nullable Object> T attempt(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (SFException e) {
            throw failed(Failures.of(what, e));
        } catch (SecurityException e) {
            throw failed(Failures.of(what, e));
        }
    }

    private SinkException failed(SinkException failure) {
        if (failure.remedy() == Remedy.RECREATE) {
            clientDied.run();
        }
        return failure;
    }

    /** What is not committed is sent again by whoever opens the channel next, so there is nothing to do. */
    @Override
    public void close() {}
}
