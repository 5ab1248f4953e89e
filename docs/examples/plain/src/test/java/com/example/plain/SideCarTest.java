package com.example.plain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.journal.CommittedPosition;
import dev.firn.journal.JournalReader;
import dev.firn.sink.duckdb.DuckDbWarehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the compose file sets up: the application in one process, the uploader in another, one directory. Either is killed at random. */
@Timeout(300)
class SideCarTest {
    private static final long MESSAGES = 300;
    private static final int KILLS = 4;

    @TempDir
    private Path temporary;

    private Process application;
    private Process uploader;

    private Path data() {
        return temporary.resolve("data");
    }

    private Path journal() {
        return data().resolve("journals/chat");
    }

    private void startApplication() throws IOException {
        application = Children.start(
                Children.flags(), temporary.resolve("application"), ChatWithSideCar.class, data(), MESSAGES);
    }

    private void startUploader() throws IOException {
        uploader = Children.start(
                Children.flags(),
                temporary.resolve("uploader"),
                dev.firn.cli.Firn.class,
                "upload",
                "--follow",
                "--dir",
                data());
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : new Process[] {application, uploader}) {
            if (process != null) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private long journaled() {
        if (!JournalReader.isJournal(journal())) {
            return 0;
        }
        try (JournalReader reader = JournalReader.open(journal())) {
            return reader.lastSequence();
        }
    }

    private long committed() {
        return CommittedPosition.read(journal())
                .map(CommittedPosition::sequence)
                .orElse(0L);
    }

    @Test
    void everyMessageArrivesOnceWhicheverIsKilled() throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        startUploader();
        startApplication();
        for (int kill = 1; kill <= KILLS; kill++) {
            long target = MESSAGES * kill / (KILLS + 2) + random.nextInt(10);
            if (random.nextBoolean()) {
                Children.await("journal's sequence " + target, () -> journaled() >= target);
                application.destroyForcibly().waitFor();
                startApplication();
            } else {
                Children.await("committed sequence " + target, () -> committed() >= target);
                uploader.destroyForcibly().waitFor();
                startUploader();
            }
        }
        assertThat(application.waitFor(60, TimeUnit.SECONDS))
                .as("the application ends")
                .isTrue();
        assertThat(application.exitValue()).isZero();
        long last = journaled();
        Children.await("upload of everything", () -> committed() == last);
        uploader.destroy();
        assertThat(uploader.waitFor(60, TimeUnit.SECONDS))
                .as("the uploader ends")
                .isTrue();

        try (DuckDbWarehouse warehouse = DuckDbWarehouse.openToRead(data().resolve("warehouse.duckdb"));
                Connection connection = warehouse.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT ATTRIBUTES['message_id']::VARCHAR, COPIES FROM ACTIVITY.EVENTS ORDER BY 1")) {
            TreeSet<String> arrived = new TreeSet<>();
            while (rows.next()) {
                assertThat(arrived.add(rows.getString(1))).as(rows.getString(1)).isTrue();
                assertThat(rows.getLong(2)).isEqualTo(1);
            }
            assertThat(arrived).hasSize((int) MESSAGES).containsAll(toldDurable());
        }
    }

    /** A killed process may have left half a line. */
    private List<String> toldDurable() throws IOException {
        return Files.readAllLines(temporary.resolve("application")).stream()
                .filter(line -> line.matches("durable m-[0-9]+"))
                .map(line -> line.substring("durable ".length()))
                .toList();
    }
}
