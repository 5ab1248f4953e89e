package dev.firn.sink.snowpipe;

import dev.firn.snowflake.SnowflakeAccount;
import dev.firn.upload.SinkException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.Map;

/** Says which sequences of a producer are in {@code LANDING.RAW_EVENTS}. */
@FunctionalInterface
public interface StoredSequences {
    /** The sequences of a range, ends included; bit 0 stands for the first. A range is that of a few batches. */
    BitSet of(String producerId, long first, long last);

    /**
     * Asks through the JDBC driver, over a connection for each question: they are rare, one after the warehouse has refused a
     * row.
     */
    static StoredSequences byQuery(SnowflakeAccount account) {
        return (producerId, first, last) -> {
            try (Connection connection = account.connect(Map.of())) {
                return query(connection, producerId, first, last);
            } catch (SQLException e) {
                throw new SinkException(
                        SinkException.Remedy.REOPEN,
                        "cannot ask which rows the warehouse refused: producer=" + producerId + " sequences=" + first
                                + ".." + last + " error=" + e.getErrorCode(),
                        e);
            }
        };
    }

    /** As {@link #of}, over a connection. */
    static BitSet query(Connection connection, String producerId, long first, long last) throws SQLException {
        BitSet stored = new BitSet();
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT DISTINCT _SEQ FROM LANDING.RAW_EVENTS WHERE _PRODUCER_ID = ? AND _SEQ BETWEEN ? AND ?")) {
            query.setString(1, producerId);
            query.setLong(2, first);
            query.setLong(3, last);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    stored.set(Math.toIntExact(row.getLong(1) - first));
                }
            }
        }
        return stored;
    }
}
