package dev.firn.sink.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.firn.upload.ChannelName;
import dev.firn.upload.Rows;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkContract;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkRow;
import dev.firn.upload.StoredRows;
import dev.firn.upload.StripedSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbSinkTest extends SinkContract {
    @TempDir
    private Path directory;

    private DuckDbWarehouse warehouse;

    private Path file() {
        return directory.resolve("warehouse.duckdb");
    }

    @Override
    protected Sink openSink() {
        DuckDbWarehouse opened = DuckDbWarehouse.open(file());
        warehouse = opened;
        Sink sink = new DuckDbSink(opened);
        return new Sink() {
            @Override
            public String name() {
                return sink.name();
            }

            @Override
            public SinkChannel openChannel(ChannelName name) {
                return sink.openChannel(name);
            }

            @Override
            public void close() {
                sink.close();
                opened.close();
            }
        };
    }

    @Override
    protected List<SinkRow> rawRows() throws SQLException {
        try (Connection connection = warehouse.connect()) {
            return StoredRows.raw(connection);
        }
    }

    @Override
    protected Map<String, StoredEvent> events() throws SQLException {
        try (Connection connection = warehouse.connect()) {
            return StoredRows.events(connection);
        }
    }

    private String single(String sql) throws SQLException {
        try (Connection connection = warehouse.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    @Test
    void attributesCanBeReadByName() throws SQLException {
        try (SinkChannel channel = sink.openChannel(ChannelName.producer(PRODUCER))) {
            channel.append(List.of(Rows.row(PRODUCER, 1)), 1);
        }

        assertThat(single("SELECT ATTRIBUTES['label']::VARCHAR FROM ACTIVITY.EVENTS"))
                .isEqualTo("event-1");
    }

    @Test
    void aRefusalShowsNothingOfTheContent() {
        try (SinkChannel channel = sink.openChannel(ChannelName.producer(PRODUCER))) {
            SinkException refused = catchThrowableOfType(
                    SinkException.class, () -> channel.append(List.of(Rows.unreadable(PRODUCER, 1)), 1));

            assertThat(refused.getCause()).isNull();
            assertThat(refused).hasMessageNotContaining("{!").hasMessageContaining("rows=1 token=1 committed=0");
        }
    }

    @Test
    void noThirdTableIsLeftBehind() throws SQLException {
        try (SinkChannel channel = sink.openChannel(ChannelName.producer(PRODUCER))) {
            channel.append(List.of(Rows.row(PRODUCER, 1)), 1);
        }

        assertThat(single("SELECT string_agg(table_schema || '.' || table_name, ' ' ORDER BY table_name)"
                        + " FROM information_schema.tables WHERE table_type <> 'VIEW'"))
                .isEqualTo("ACTIVITY.EVENTS LANDING.RAW_EVENTS");
    }

    @Test
    void theFileIsReadableByItsOwnerOnly() throws Exception {
        assertPrivate(file());
    }

    @Test
    void theLogOfChangesIsReadableByItsOwnerOnlyAlsoOnceItIsMadeAnew() throws Exception {
        Path log = directory.resolve("warehouse.duckdb.wal");
        try (SinkChannel channel = sink.openChannel(ChannelName.producer(PRODUCER))) {
            channel.append(List.of(Rows.row(PRODUCER, 1)), 1);
            assertPrivate(log);
            try (Connection connection = warehouse.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("CHECKPOINT");
            }
            channel.append(List.of(Rows.row(PRODUCER, 2)), 2);
            assertPrivate(log);
        }
    }

    private static void assertPrivate(Path file) throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aWarehouseThatIsNotThereIsSaidSo() {
        Path nowhere = directory.resolve("nowhere.duckdb");

        assertThatThrownBy(() -> DuckDbWarehouse.openToRead(nowhere))
                .isInstanceOf(SinkException.class)
                .hasMessageContaining("upload first: file=" + nowhere);
    }

    @Test
    void aTokenThatDoesNotGrowIsRefused() {
        try (SinkChannel channel = sink.openChannel(ChannelName.producer(PRODUCER))) {
            channel.append(List.of(Rows.row(PRODUCER, 1)), 1);

            assertThatThrownBy(() -> channel.append(List.of(Rows.row(PRODUCER, 1)), 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("token=1 committed=1");
        }
    }

    @Test
    void aBatchWithARefusedRowIsTakenNotAtAll() throws SQLException {
        try (SinkChannel channel = sink.openChannel(ChannelName.producer(PRODUCER))) {
            assertThatThrownBy(() -> channel.append(
                            List.of(Rows.row(PRODUCER, 1), Rows.unreadable(PRODUCER, 2), Rows.row(PRODUCER, 3)), 3))
                    .isInstanceOf(SinkException.class);
        }

        assertThat(rawRows()).isEmpty();
        assertThat(events()).isEmpty();
    }

    @Test
    void aStripeIsRefusedSinceTheTokenIsOfAllRowsOfAProducer() {
        assertThatThrownBy(() -> new StripedSink(sink, 2).openChannel(ChannelName.producer(PRODUCER)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("channel=" + PRODUCER + "-0-of-2");
    }
}
