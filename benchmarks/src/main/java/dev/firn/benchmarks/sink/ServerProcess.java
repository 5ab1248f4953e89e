package dev.firn.benchmarks.sink;

import com.sun.management.OperatingSystemMXBean;
import dev.firn.ddl.Ddl;
import dev.firn.ddl.DdlObject;
import dev.firn.ddl.Engine;
import dev.firn.emulator.Endpoint;
import dev.firn.emulator.Fault;
import dev.firn.emulator.Keys;
import dev.firn.emulator.SnowflakeEmulator;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/**
 * An emulator in a process of its own, with {@code LANDING.RAW_EVENTS} and nothing that would have to be kept up
 * to date with it. Commands come on standard input and are answered by one line each; at its end the process ends.
 */
final class ServerProcess {
    /** The library sends one request after the other: four a minute. */
    static final Duration DELAY = Duration.ofSeconds(15);

    private final SnowflakeEmulator emulator;
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private ServerProcess(SnowflakeEmulator emulator) {
        this.emulator = emulator;
    }

    /** What it can be told. */
    enum Command {
        /** Answers how many different rows there are, how many at all, and the process's processor time in ns. */
        COUNT,
        /** Removes all rows. */
        EMPTY,
        /** Commits nothing any more, though it acknowledges everything. */
        STALL,
        /** Answers everything late from now on. */
        DELAY
    }

    /** @param args folder, public key */
    public static void main(String[] args) throws Exception {
        try (SnowflakeEmulator emulator =
                        SnowflakeEmulator.start(Path.of(args[0]), 0, Map.of(Login.USER, Keys.publicKey(args[1])));
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            ServerProcess server = new ServerProcess(emulator);
            server.install();
            System.out.println(emulator.port());
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(server.execute(Command.valueOf(line)));
            }
        }
        System.exit(0);
    }

    private void install() throws SQLException {
        emulator.createDatabase(Login.DATABASE);
        DdlObject table = new Ddl()
                .objects(Engine.DUCKDB).stream()
                        .filter(object -> object.qualifiedName().equals("LANDING.RAW_EVENTS"))
                        .findFirst()
                        .orElseThrow();
        try (Connection connection = emulator.connect(Login.DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA LANDING");
            for (String sql : table.statements()) {
                statement.execute(sql);
            }
        }
    }

    private String execute(Command command) throws SQLException {
        switch (command) {
            case COUNT -> {
                return count();
            }
            case EMPTY -> empty();
            case STALL -> emulator.stallCommits();
            case DELAY -> {
                for (Endpoint endpoint : Endpoint.values()) {
                    emulator.faults().add(new Fault(endpoint, 0, Integer.MAX_VALUE, new Fault.Delay(DELAY)));
                }
            }
        }
        return "done";
    }

    private String count() throws SQLException {
        try (Connection connection = emulator.connect(Login.DATABASE);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT COUNT(DISTINCT (_PRODUCER_ID, _SEQ)), COUNT(*) FROM LANDING.RAW_EVENTS")) {
            row.next();
            return row.getLong(1) + " " + row.getLong(2) + " " + system.getProcessCpuTime();
        }
    }

    private void empty() throws SQLException {
        try (Connection connection = emulator.connect(Login.DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM LANDING.RAW_EVENTS");
        }
    }
}
