package dev.firn.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.journal.CommittedPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command {@code firn upload} and the emulator, each in a process of its own. A sink extends it and says its name. The long
 * form is {@code -Dfirn.kills=20}.
 */
public abstract class UploadProcessContract {
    private static final String USER = "FIRN_UPLOADER";
    private static final int KILLS = Integer.getInteger("firn.kills", 2);
    private static final int EVENTS_FOR_EACH_KILL = 3_000;
    private static final long LIFE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final int DEMO_EVENTS = 3_000;

    @TempDir
    Path directory;

    private final EmulatedSnowflake.Login login = EmulatedSnowflake.login(USER);
    private Process emulator;
    private Process uploader;

    /** As {@code --sink} has it. */
    protected abstract String sink();

    /** Where the emulator listens. */
    protected abstract int port();

    @AfterEach
    void killAll() throws Exception {
        kill(uploader);
        kill(emulator);
    }

    private static void kill(Process process) throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    private void startEmulator() throws IOException {
        emulator = EmulatorProcess.start(directory.resolve("snowflake"), port(), USER, login.publicKey());
    }

    private Path data() {
        return directory.resolve("data");
    }

    private Process firn(String... args) throws IOException {
        ProcessBuilder builder = JavaProcess.command("dev.firn.cli.Firn", args)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("output").toFile()));
        builder.environment().putAll(login.settings(directory, port()));
        return builder.start();
    }

    private void run(String... args) throws Exception {
        int code = firn(args).waitFor();
        assertThat(code).as(output()).isZero();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }

    @Test
    void uploaderAndServerKilledAtRandomMomentsGiveEachEventOnce() throws Exception {
        SplittableRandom random = new SplittableRandom(21);
        int events = EVENTS_FOR_EACH_KILL * KILLS;
        run("emit", "--dir", data().toString(), input(events).toString());
        int inTheMiddle = 0;
        startEmulator();
        uploader = follow();
        for (int kill = 0; kill < KILLS; kill++) {
            long before = committed();
            long target = before + random.nextInt(1, EVENTS_FOR_EACH_KILL);
            long startNs = System.nanoTime();
            while (committed() < target && System.nanoTime() - startNs < LIFE_NS) {
                assertThat(uploader.waitFor(random.nextInt(1, 20), TimeUnit.MILLISECONDS))
                        .as(output())
                        .isFalse();
            }
            inTheMiddle += committed() > before ? 1 : 0;
            if (kill % 2 == 0) {
                kill(uploader);
                uploader = follow();
            } else {
                kill(emulator);
                startEmulator();
            }
        }
        kill(uploader);
        assertThat(inTheMiddle).as("kills after rows were committed").isGreaterThanOrEqualTo(KILLS / 2);
        run("upload", "--dir", data().toString(), "--sink", sink());
        run("verify", "--dir", data().toString(), "--sink", sink());
        kill(emulator);

        try (Connection warehouse = snowflake()) {
            assertThat(Query.rows(
                            warehouse,
                            "SELECT COUNT(*), COUNT(DISTINCT EVENT_ID), MIN(_SEQ), MAX(_SEQ) FROM LANDING.RAW_EVENTS"))
                    .containsExactly(events + "|" + events + "|1|" + events);
            assertThat(Query.rows(warehouse, "SELECT COUNT(*), MAX(COPIES) FROM ACTIVITY.EVENTS"))
                    .containsExactly(events + "|1");
            assertThat(Query.rows(warehouse, "SELECT COUNT(*) FROM MCP.INGEST_GAPS"))
                    .containsExactly("0");
        }
        System.out.printf(
                "%s: kills=%d inTheMiddle=%d events=%d%n", getClass().getSimpleName(), KILLS, inTheMiddle, events);
    }

    private Process follow() throws IOException {
        return firn("upload", "--dir", data().toString(), "--sink", sink(), "--follow", "--batch-rows", "100");
    }

    private long committed() {
        return CommittedPosition.read(data().resolve("journals").resolve("cli"))
                .map(CommittedPosition::sequence)
                .orElse(0L);
    }

    private Path input(int events) throws IOException {
        StringBuilder lines = new StringBuilder();
        Instant at = Instant.parse("2026-11-20T09:30:00Z");
        for (int i = 0; i < events; i++) {
            lines.append("{\"tenant_id\":\"HCS0001\",\"action\":\"conversation.started\",\"actor_id\":\"user-")
                    .append(i % 50)
                    .append("\",\"object_type\":\"conversation\",\"object_id\":\"c-")
                    .append(i)
                    .append("\",\"occurred_at\":\"")
                    .append(at.plusMillis(i))
                    .append("\"}\n");
        }
        return Files.writeString(directory.resolve("input.ndjson"), lines, StandardCharsets.UTF_8);
    }

    /** The emulator's own file, which nobody has open any more. */
    private Connection snowflake() throws SQLException {
        return new DuckDBDriver()
                .connect("jdbc:duckdb:" + directory.resolve("snowflake").resolve("FIRN.duckdb"), new Properties());
    }

    @Test
    void everyTableAndViewIsThatOfTheEmbeddedWarehouse() throws Exception {
        run("demo", "--dir", data().toString(), "--events", Integer.toString(DEMO_EVENTS));
        // As the refusal says: all journals are to be sent there from the beginning.
        Files.delete(data().resolve("sink"));
        startEmulator();
        run("upload", "--dir", data().toString(), "--sink", sink());
        kill(emulator);

        Map<String, List<String>> embedded;
        try (Connection warehouse =
                new DuckDBDriver().connect("jdbc:duckdb:" + data().resolve("warehouse.duckdb"), new Properties())) {
            embedded = everything(warehouse);
        }
        try (Connection warehouse = snowflake()) {
            Map<String, List<String>> streamed = everything(warehouse);
            assertThat(streamed.keySet()).isEqualTo(embedded.keySet()).hasSizeGreaterThan(10);
            embedded.forEach(
                    (name, rows) -> assertThat(streamed.get(name)).as(name).isEqualTo(rows));
            assertThat(streamed.get("ACTIVITY.EVENTS")).hasSizeGreaterThan(DEMO_EVENTS);
        }
    }

    @Test
    void rowsThatWereDeletedThereAreBroughtBackByAReplay() throws Exception {
        String[] where = {"--dir", data().toString(), "--sink", sink()};
        run("emit", "--dir", data().toString(), input(50).toString());
        startEmulator();
        run(with("upload", where));
        kill(emulator);
        try (Connection warehouse = snowflake();
                Statement statement = warehouse.createStatement()) {
            statement.execute("DELETE FROM LANDING.RAW_EVENTS WHERE _SEQ IN (7, 31)");
            statement.execute("DELETE FROM ACTIVITY.EVENTS WHERE OBJECT_ID IN ('c-6', 'c-30')");
        }
        startEmulator();
        assertThat(firn(with("verify", where)).waitFor()).isEqualTo(1);
        assertThat(output()).contains("2 missing: 7, 31");

        run(with("replay", where));

        assertThat(output()).contains("sent 2 rows again").contains("the upload stays at 50");
        run(with("verify", where));
        run(with("replay", where));
        assertThat(output()).contains("there is nothing to send");
        run(with("upload", where));
        kill(emulator);
        try (Connection warehouse = snowflake()) {
            assertThat(
                            Query.rows(
                                    warehouse,
                                    "SELECT _SEQ FROM LANDING.RAW_EVENTS WHERE _SOURCE_LANE = 'REPLAY' AND _SEQ <= 50 ORDER BY _SEQ"))
                    .containsExactly("7", "31");
            assertThat(Query.rows(
                            warehouse, "SELECT COUNT(*), COUNT(DISTINCT EVENT_ID), MAX(_SEQ) FROM LANDING.RAW_EVENTS"))
                    .containsExactly("52|52|52");
        }
    }

    private static String[] with(String command, String[] where) {
        return Stream.concat(Stream.of(command), Stream.of(where)).toArray(String[]::new);
    }

    /** The rows of each table and view, in an order of their own. */
    private static Map<String, List<String>> everything(Connection warehouse) throws SQLException {
        Map<String, List<String>> everything = new TreeMap<>();
        for (String name : Query.rows(
                warehouse,
                "SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE table_catalog = current_database()")) {
            everything.put(
                    name,
                    Query.rows(warehouse, "SELECT * FROM " + name).stream()
                            .sorted()
                            .toList());
        }
        return everything;
    }
}
