package dev.firn.sink.snowpipe;

import dev.firn.snowflake.SnowflakeAccount;
import dev.firn.upload.SinkException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Says which sequences of a producer are not in {@code LANDING.RAW_EVENTS}. */
@FunctionalInterface
public interface StoredSequences {
    /** Most of them that are named at once. */
    int MOST = 10_000;

    /** The sequences of a range, ends included, that have no row: in ascending order, the first {@value #MOST} of them. */
    List<Long> absent(String producerId, long first, long last);

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

    /** As {@link #absent}, over a connection: the gaps between the rows that are there, and behind the last one. */
    static List<Long> query(Connection connection, String producerId, long first, long last) throws SQLException {
        String gaps = String.format(Locale.ROOT, """
                SELECT PREVIOUS_SEQ + 1, SEQ - 1
                FROM (
                    SELECT SEQ, LAG(SEQ, 1, %1$d) OVER (ORDER BY SEQ) AS PREVIOUS_SEQ
                    FROM (
                        SELECT DISTINCT _SEQ AS SEQ FROM LANDING.RAW_EVENTS
                        WHERE _PRODUCER_ID = ? AND _SEQ BETWEEN %2$d AND %3$d
                        UNION ALL SELECT %4$d) S) T
                WHERE SEQ > PREVIOUS_SEQ + 1
                ORDER BY 1
                LIMIT %5$d""", first - 1, first, last, last + 1, MOST);
        List<Long> absent = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(gaps)) {
            query.setString(1, producerId);
            try (ResultSet gap = query.executeQuery()) {
                while (gap.next() && absent.size() < MOST) {
                    long end = gap.getLong(2);
                    for (long sequence = gap.getLong(1); sequence <= end && absent.size() < MOST; sequence++) {
                        absent.add(sequence);
                    }
                }
            }
        }
        return absent;
    }
}
