package dev.firn.sink.snowpipe;

import com.snowflake.ingest.streaming.ChannelStatus;
import com.snowflake.ingest.streaming.OpenChannelResult;
import com.snowflake.ingest.streaming.SFException;
import com.snowflake.ingest.streaming.SnowflakeStreamingIngestChannel;
import dev.firn.snowflake.OffsetToken;
import dev.firn.snowflake.RowFields;
import dev.firn.snowflake.RowPiece;
import dev.firn.upload.ChannelName;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One channel of the table's pipe. */
final class SnowpipeChannel implements SinkChannel {
    private static final String FINE = "SUCCESS";

    private final ChannelName name;
    private final SnowflakeStreamingIngestChannel channel;
    private final StoredSequences stored;
    private final Pace pace;
    private final Runnable asker;
    private final UnaryOperator<SinkException> failures;
    private volatile ChannelStatus status;
    private volatile @Nullable SFException failure;
    /** How many the server had refused when it was last seen that nothing is missing. */
    private long refusedBefore;

    private @Nullable List<SinkRow> partial;
    private int taken;

    /**
     * @param asker    is told each time that news of the channel are of interest
     * @param failures sees each failure before it is thrown
     */
    SnowpipeChannel(
            ChannelName name,
            OpenChannelResult opened,
            StoredSequences stored,
            Pace pace,
            Runnable asker,
            UnaryOperator<SinkException> failures) {
        this.name = name;
        this.channel = opened.getChannel();
        this.status = opened.getChannelStatus();
        this.stored = stored;
        this.pace = pace;
        this.asker = asker;
        this.failures = failures;
    }

    String name() {
        return name.toString();
    }

    /** Learns what the library knows; called by the thread that polls. */
    void refresh() {
        try {
            ChannelStatus now = channel.getChannelStatus();
            // What was known before the opening is worth less than what the opening said.
            if (!now.getLastRefreshedOn().isBefore(status.getLastRefreshedOn())) {
                status = now;
            }
        } catch (SFException e) {
            failed(e);
        }
    }

    /** The server could not be asked; called by the thread that polls. */
    void failed(SFException e) {
        failure = e;
    }

    @Override
    public long committedToken() {
        asker.run();
        SFException failed = failure;
        if (failed != null) {
            failure = null;
            throw failures.apply(Failures.of("cannot ask for the committed token: channel=" + name, failed));
        }
        ChannelStatus now = status;
        if (!now.getStatusCode().equals(FINE)) {
            throw new SinkException(
                    SinkException.Remedy.REOPEN,
                    "the channel is not usable any more, as when another process has opened it: channel=" + name
                            + " status=" + now.getStatusCode(),
                    null);
        }
        return OffsetToken.sequence(name, now.getLatestCommittedOffsetToken());
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
            RowPiece piece = RowPiece.of(rows, taken, offsetToken);
            append(piece);
            taken += piece.rows().size();
        }
        partial = null;
    }

    private void append(RowPiece piece) {
        pace.spend(piece.bytes());
        List<SinkRow> rows = piece.rows();
        List<Map<String, Object>> fields = new ArrayList<>(rows.size());
        rows.forEach(row -> fields.add(RowFields.withTexts(row)));
        try {
            channel.appendRows(fields, Long.toString(rows.get(0).sequence()), Long.toString(piece.token()));
        } catch (SFException e) {
            throw failures.apply(Failures.of(
                    "append failed: channel=" + name + " rows=" + rows.size() + " token=" + piece.token(), e));
        }
    }

    /**
     * Snowflake counts the rows that it refuses and does not say which: those that are not there. A refused copy
     * of a row that is there, as a replay of everything sends it, is not among them: nothing is lost with it.
     */
    @Override
    public List<Long> refused(long afterSequence, long upToSequence) {
        long count = status.getRowsErrorCount();
        if (count == refusedBefore || afterSequence >= upToSequence) {
            return List.of();
        }
        List<Long> absent = stored.absent(name.producerId(), afterSequence + 1, upToSequence);
        if (absent.isEmpty()) {
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
