package dev.firn.sink.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.upload.ChannelName;
import dev.firn.upload.Rows;
import dev.firn.upload.SinkChannel;
import dev.firn.upload.SinkRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that appends batches; what it reported committed must be there, and no batch in part. */
class CommitAfterKillTest {
    private static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";
    private static final int BATCH = 3_000;

    @TempDir
    private Path directory;

    /** Appends batches behind the token for ever, and prints each committed token. */
    static final class Appender {
        public static void main(String[] args) {
            DuckDbWarehouse warehouse = DuckDbWarehouse.open(Path.of(args[0]));
            SinkChannel channel = new DuckDbSink(warehouse).openChannel(ChannelName.producer(PRODUCER));
            while (true) {
                long token = channel.committedToken();
                List<SinkRow> rows = new ArrayList<>();
                for (long sequence = token + 1; sequence <= token + BATCH; sequence++) {
                    rows.add(Rows.row(PRODUCER, sequence));
                }
                channel.append(rows, token + BATCH);
                System.out.println(token + BATCH);
            }
        }
    }

    @Test
    void committedBatchesAreWholeAfterAKill() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        Path file = directory.resolve("warehouse.duckdb");
        long reported = 0;
        for (int round = 0; round < 4; round++) {
            reported = Math.max(reported, runAndKill(file, 1 + random.nextInt(6)));
        }

        try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(file);
                Connection connection = warehouse.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*), COUNT(DISTINCT _SEQ), MAX(_SEQ),"
                        + " (SELECT COUNT(*) FROM ACTIVITY.EVENTS), (SELECT SUM(COPIES) FROM ACTIVITY.EVENTS)"
                        + " FROM LANDING.RAW_EVENTS")) {
            assertThat(row.next()).isTrue();
            long rows = row.getLong(1);
            assertThat(rows).isGreaterThanOrEqualTo(reported).isPositive();
            assertThat(rows % BATCH).isZero();
            for (int column = 2; column <= 5; column++) {
                assertThat(row.getLong(column)).isEqualTo(rows);
            }
        }
    }

    private static long runAndKill(Path file, int batches) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp",
                System.getProperty("java.class.path"),
                Appender.class.getName(),
                file.toString());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long reported = 0;
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < batches; i++) {
                reported = Long.parseLong(lines.readLine());
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return reported;
    }
}
