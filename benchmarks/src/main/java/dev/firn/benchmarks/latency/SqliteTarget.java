package dev.firn.benchmarks.latency;

import dev.firn.event.ContentId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;

/**
 * Encodes, hashes and inserts each event in a transaction of its own, on the caller's thread under a lock: write-ahead log, {@code synchronous}
 * NORMAL, a prepared statement, no index.
 */
final class SqliteTarget implements Target {
    private final Path file;
    private final Connection connection;
    private final PreparedStatement insert;
    private final ChatMessage[] messages;
    private final LineEncoder encoder = new LineEncoder();
    private final ContentId contentId = new ContentId();
    private final byte[] hash = new byte[ContentId.HASH_LENGTH];

    SqliteTarget(Path file, ChatMessage[] messages) throws SQLException {
        this.file = file;
        this.messages = messages;
        this.connection = connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE EVENTS (EVENT_ID TEXT, PAYLOAD TEXT)");
        }
        this.insert = connection.prepareStatement("INSERT INTO EVENTS VALUES (?, ?)");
    }

    private Connection connect() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    @Override
    public synchronized void accept(int index) throws SQLException {
        int length = encoder.canonical(messages[index]);
        contentId.hash(encoder.buffer(), LineEncoder.CANONICAL_OFFSET, length, hash, 0);
        insert.setString(1, ContentId.hex(hash, 0));
        insert.setString(2, new String(encoder.buffer(), LineEncoder.CANONICAL_OFFSET, length, StandardCharsets.UTF_8));
        insert.executeUpdate();
    }

    @Override
    public void awaitWritten(long taken) {
        // An insert that has returned is in the write-ahead log.
    }

    @Override
    public void close() throws SQLException {
        try (connection;
                insert) {
            // Closing is all.
        }
    }

    @Override
    public long countStored() throws SQLException {
        Stored stored = new Stored();
        long count = 0;
        try (Connection reading = connect();
                Statement statement = reading.createStatement();
                ResultSet rows = statement.executeQuery("SELECT EVENT_ID, PAYLOAD FROM EVENTS")) {
            while (rows.next()) {
                stored.check(count, rows.getString(1), rows.getString(2));
                count++;
            }
        }
        return count;
    }
}
