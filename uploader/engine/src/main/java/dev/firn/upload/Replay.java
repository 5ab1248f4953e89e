package dev.firn.upload;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.LongSupplier;

/**
 * Sends a part of a journal again: by default what of it is missing in the warehouse, on request all of it. Only what an
 * upload has passed already is sent, over a channel of its own, with producer and sequence as they were; so a repair
 * closes its gap, and the position of the upload does not move.
 */
public final class Replay {
    /** The source lane of rows that were sent again. */
    public static final String LANE = "REPLAY";

    /** The position beside the journal is the upload's. */
    private static final KeptPosition NOWHERE = new KeptPosition() {
        @Override
        public long read() {
            return 0;
        }

        @Override
        public void write(long sequence) {
            // Another replay compares with the warehouse.
        }
    };

    private final RecordSource source;
    private final SequenceSet selected;
    private final SequenceSet missing;
    private final long committed;

    /**
     * Which records are meant: all conditions together.
     *
     * @param fromSequence      first, at least 1
     * @param toSequence        last, included
     * @param fromReceivedMicros received at or after, microseconds since 1970-01-01 UTC
     * @param toReceivedMicros   received before
     */
    public record Selection(long fromSequence, long toSequence, long fromReceivedMicros, long toReceivedMicros) {
        public static final Selection ALL = new Selection(1, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE);

        public Selection {
            if (fromSequence < 1 || toSequence < fromSequence) {
                throw new IllegalArgumentException("sequences must be 1 or more, the first not behind the last: from="
                        + fromSequence + " to=" + toSequence);
            }
            if (toReceivedMicros <= fromReceivedMicros) {
                throw new IllegalArgumentException("the time range is empty");
            }
        }

        boolean takes(SinkRow row) {
            return row.receivedAtMicros() >= fromReceivedMicros && row.receivedAtMicros() < toReceivedMicros;
        }
    }

    Replay(RecordSource source, SequenceSet selected, SequenceSet missing, long committed) {
        this.source = source;
        this.selected = selected;
        this.missing = missing;
        this.committed = committed;
    }

    /**
     * Compares the selected part of the journal with the warehouse; changes nothing.
     *
     * @param warehouse a connection to it
     * @param committed the offset token of the producer's channel, or an earlier one
     */
    public static Replay plan(RecordSource source, Selection selection, Connection warehouse, long committed)
            throws SQLException {
        requireNonNull(warehouse, "warehouse");
        long from = Math.max(selection.fromSequence(), source.firstSequence());
        long to = Math.min(selection.toSequence(), committed);
        SequenceSet selected = new SequenceSet(from);
        source.scan(from, to, row -> {
            if (selection.takes(row)) {
                selected.add(row.sequence());
            }
        });
        SequenceSet present = new SequenceSet(from);
        String sql = "SELECT DISTINCT _SEQ FROM LANDING.RAW_EVENTS WHERE _PRODUCER_ID = ? AND _SEQ BETWEEN ? AND ?";
        try (PreparedStatement query = warehouse.prepareStatement(sql)) {
            query.setString(1, source.producerId());
            query.setLong(2, from);
            query.setLong(3, to);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    present.add(rows.getLong(1));
                }
            }
        }
        return new Replay(source, selected, selected.without(present), committed);
    }

    /** How many records the selection has, up to the committed token. */
    public long selected() {
        return selected.size();
    }

    /** Those of them that the warehouse does not have. */
    public SequenceSet missing() {
        return missing;
    }

    /** The last sequence that may be sent again. */
    public long committed() {
        return committed;
    }

    /** How many records are sent: the missing ones, or all selected ones. */
    public long wanted(boolean all) {
        return all ? selected.size() : missing.size();
    }

    /**
     * What sends the missing records, or all selected ones, and recovers from failures as an upload does. When it
     * is {@linkplain JournalUploader#isDrained drained}, all of them are committed; until then
     * {@link JournalUploader#pending} says how many are not known to be. Closing it leaves the journal open.
     *
     * <p>A record that the warehouse refuses leaves its dead letter there, also if it is refused only after it was
     * taken: none of the wanted sequences stays without a row. A copy that is refused so late, of a row that is
     * there already, goes unnoticed.
     *
     * @param replayId         names the channel; another one for each replay
     * @param receivedAtMicros the time of receipt of what is sent
     * @param config           with one attempt if the sink forgets the token of a replay's channel that is opened
     *                         again, as an embedded warehouse does: rows would be there twice
     * @param nanoClock        as {@code System::nanoTime}
     */
    public JournalUploader uploader(
            Sink sink,
            boolean all,
            String replayId,
            long receivedAtMicros,
            UploaderConfig config,
            LongSupplier nanoClock,
            UploadListener listener) {
        RecordSource wanted =
                new WantedSource(source, all ? selected : missing, row -> row.received(LANE, receivedAtMicros));
        return new JournalUploader(
                wanted,
                sink,
                ChannelName.replay(replayId, source.producerId()),
                config,
                nanoClock,
                NOWHERE,
                listener,
                new UploadMetrics());
    }
}
