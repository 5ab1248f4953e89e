package dev.firn.sink.snowpipe;

import com.snowflake.ingest.streaming.ChannelStatus;
import com.snowflake.ingest.streaming.OpenChannelResult;
import com.snowflake.ingest.streaming.SFException;
import com.snowflake.ingest.streaming.SnowflakeStreamingIngestChannel;
import dev.firn.snowflake.RowFields;
import dev.firn.upload.ChannelName;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One channel of the table's pipe. */
final class SnowpipeChannel implements SinkChannel {
    private static final String FINE = "SUCCESS";
    /** What one request carries at most, and what Snowflake's page recommends for a batch. */
    private static final long MOST_PIECE_BYTES = 4_000_000;

    private final ChannelName name;
    private final SnowflakeStreamingIngestChannel channel;
    private final StoredSequences stored;
    private final Pace pace;
    /**
     * For a second after an opening the library may answer what it was told before: it keeps statuses by the channel's name. Rows
     * behind an old token would be sent twice.
     */
    private final long tokenAtOpening;

    private ChannelStatus status;
    private long refusedBefore;
    private boolean isFirstLook = true;
    private @Nullable List<SinkRow> partial;
    private int taken;

    SnowpipeChannel(ChannelName name, OpenChannelResult opened, StoredSequences stored, Pace pace) {
        this.name = name;
        this.channel = opened.getChannel();
        this.status = opened.getChannelStatus();
        this.stored = stored;
        this.pace = pace;
        this.tokenAtOpening = token(status.getLatestCommittedOffsetToken());
    }

    @Override
    public long committedToken() {
        try {
            status = channel.getChannelStatus();
        } catch (SFException e) {
            throw Failures.of("cannot ask for the committed token: channel=" + name, e);
        }
        if (!status.getStatusCode().equals(FINE)) {
            throw new SinkException(
                    SinkException.Remedy.REOPEN,
                    "the channel is not usable any more, as when another process has opened it: channel=" + name
                            + " status=" + status.getStatusCode(),
                    null);
        }
        return Math.max(tokenAtOpening, token(status.getLatestCommittedOffsetToken()));
    }

    private long token(@Nullable String text) {
        if (text == null) {
            return NOTHING;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new SinkException(
                    SinkException.Remedy.STOP,
                    "the channel has an offset token that is not Firn's, another program uses its name: channel=" + name
                            + " length=" + text.length(),
                    null);
        }
    }

    /**
     * Rows go in pieces with tokens of their own, and each piece is taken whole. If one is not, the next call with the same rows
     * begins with it.
     */
    @Override
    public void append(List<SinkRow> rows, long offsetToken) {
        if (rows != partial) {
            rows.forEach(RowFields::check);
            partial = rows;
            taken = 0;
        }
        while (taken < rows.size()) {
            int end = taken;
            long bytes = 0;
            while (end < rows.size() && (end == taken || bytes < MOST_PIECE_BYTES)) {
                bytes += rows.get(end).payload().length;
                end++;
            }
            append(
                    rows.subList(taken, end),
                    end == rows.size() ? offsetToken : rows.get(end - 1).sequence(),
                    bytes);
            taken = end;
        }
        partial = null;
    }

    private void append(List<SinkRow> piece, long token, long bytes) {
        pace.spend(bytes);
        List<Map<String, Object>> fields = new ArrayList<>(piece.size());
        piece.forEach(row -> fields.add(RowFields.withTexts(row)));
        try {
            channel.appendRows(fields, Long.toString(piece.get(0).sequence()), Long.toString(token));
        } catch (SFException e) {
            throw Failures.of("append failed: channel=" + name + " rows=" + piece.size() + " token=" + token, e);
        }
    }

    /** Snowflake counts the rows that it refuses and does not say which: those that are not there. */
    @Override
    public List<Long> refused(long afterSequence, long upToSequence) {
        long count = status.getRowsErrorCount();
        boolean isUnchanged = count == (isFirstLook ? 0 : refusedBefore);
        if (isUnchanged || afterSequence >= upToSequence) {
            return List.of();
        }
        long first = afterSequence + 1;
        BitSet present = stored.of(name.id(), first, upToSequence);
        List<Long> absent = new ArrayList<>();
        for (long sequence = first; sequence <= upToSequence; sequence++) {
            if (!present.get(Math.toIntExact(sequence - first))) {
                absent.add(sequence);
            }
        }
        if (absent.isEmpty()) {
            isFirstLook = false;
            refusedBefore = count;
        }
        return absent;
    }

    /** What is not committed is sent again by whoever opens the channel next, so there is nothing to wait for. */
    @Override
    public void close() {
        try {
            channel.close(false, Duration.ZERO);
        } catch (SFException | TimeoutException e) {
            // It is of no use to anybody any more, whatever it says.
            return;
        }
    }
}
