package com.example.plain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.sink.duckdb.DuckDbWarehouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The application as it is started by hand. */
@Timeout(120)
class ChatTest {
    @TempDir
    private Path temporary;

    private void run(List<String> flags) throws Exception {
        Path output = temporary.resolve("output");
        Process chat = Children.start(flags, output, Chat.class, temporary.resolve("data"), 1_000);
        try {
            assertThat(chat.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            chat.destroyForcibly().waitFor();
        }
        assertThat(chat.exitValue()).as(Files.readString(output)).isZero();
        assertThat(output).content().endsWith("left in the journal 0\n");
    }

    @Test
    void everyMessageIsInTheWarehouseOnceWithAndWithoutJvmFlags() throws Exception {
        run(Children.flags());
        run(List.of());

        try (DuckDbWarehouse warehouse = DuckDbWarehouse.openToRead(temporary.resolve("data/warehouse.duckdb"));
                Connection connection = warehouse.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT COUNT(*), COUNT(DISTINCT ATTRIBUTES['message_id']::VARCHAR), MAX(COPIES) FROM ACTIVITY.EVENTS")) {
            assertThat(row.next()).isTrue();
            // The second run sent the same messages at another time: other events.
            assertThat(row.getLong(1)).isEqualTo(2_000);
            assertThat(row.getLong(2)).isEqualTo(1_000);
            assertThat(row.getLong(3)).isEqualTo(1);
        }
    }
}
