package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.ddl.Ddl;
import dev.firn.ddl.DdlObject;
import dev.firn.ddl.Engine;
import dev.firn.emulator.Endpoint;
import dev.firn.emulator.Fault;
import dev.firn.emulator.Keys;
import dev.firn.emulator.SnowflakeEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ddl deploy}, with Snowflake's own driver against the emulator. */
class DdlDeployTest {
    private static final KeyPair KEYS = Keys.generate();

    @TempDir
    private Path directory;

    private SnowflakeEmulator emulator;
    private CliFixture cli;

    @BeforeEach
    void start() throws IOException {
        emulator = SnowflakeEmulator.start(directory.resolve("snowflake"), 0, Map.of("FIRN", KEYS.getPublic()));
        cli = new CliFixture(directory)
                .environment("SNOWFLAKE_ACCOUNT", "EMULATED")
                .environment("SNOWFLAKE_USER", "FIRN")
                .environment("SNOWFLAKE_PROTOCOL", "http")
                .environment("SNOWFLAKE_HOST", "127.0.0.1")
                .environment("SNOWFLAKE_PORT", Integer.toString(emulator.port()))
                .environment("SNOWFLAKE_PRIVATE_KEY_FILE", keyFile(KEYS).toString());
    }

    @AfterEach
    void stop() {
        emulator.close();
    }

    private Path keyFile(KeyPair keys) throws IOException {
        return Files.writeString(
                directory.resolve("key.p8"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
    }

    private List<String> objects() throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = emulator.connect("FIRN");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT schema_name || '.' || table_name FROM duckdb_tables() UNION ALL"
                                + " SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1")) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    @Test
    void makesEverythingOnceAndChangesNothingTheSecondTime() throws SQLException {
        assertThat(cli.run("ddl", "deploy")).as(cli.err()).isEqualTo(Exit.DONE);
        assertThat(cli.err()).contains("deploying to database FIRN of EMULATED", "query tag firn_");
        assertThat(cli.out())
                .contains("deployed to database FIRN: ")
                .containsPattern("\\| table +\\| +1 \\| +1 \\| +0 \\| +0 \\|")
                .containsPattern("\\| view +\\| +17 \\| +0 \\| +17 \\| +0 \\|");
        List<String> made = objects();
        assertThat(made).contains("ACTIVITY.EVENTS", "LANDING.RAW_EVENTS", "SECURITY.CURRENT_PERMISSIONS");

        assertThat(cli.run("ddl", "deploy")).as(cli.err()).isEqualTo(Exit.DONE);

        assertThat(cli.out())
                .containsPattern("\\| database +\\| +1 \\| +0 \\| +0 \\| +1 \\|")
                .containsPattern("\\| dynamic table +\\| +1 \\| +0 \\| +0 \\| +1 \\|")
                .containsPattern("\\| schema +\\| +([0-9]+) \\| +0 \\| +0 \\| +\\1 \\|")
                .containsPattern("\\| table +\\| +1 \\| +0 \\| +0 \\| +1 \\|");
        assertThat(objects()).isEqualTo(made);
    }

    @Test
    void aStatementThatFailsIsNamedByFileAndLine() {
        emulator.faults().add(new Fault(Endpoint.QUERY, 20, 1, new Fault.Answer(3001)));

        assertThat(cli.run("ddl", "deploy")).isEqualTo(Exit.FAILED);

        Matcher place = Pattern.compile(
                        "cannot deploy: file=(\\S+) line=([0-9]+) statement=(.*) query_tag=firn_[0-9a-f-]+"
                                + " code=3001 sqlstate=XX000: .*told to answer so")
                .matcher(cli.err());
        assertThat(place.find()).as(cli.err()).isTrue();
        DdlObject object = new Ddl()
                .objects(Engine.SNOWFLAKE).stream()
                        .filter(one -> one.resourcePath().equals(place.group(1)))
                        .findFirst()
                        .orElseThrow();
        assertThat(object.text().lines().toList().get(Integer.parseInt(place.group(2)) - 1))
                .isEqualTo(place.group(3));
    }

    @Test
    void anotherKeyCannotLogIn() throws IOException {
        keyFile(Keys.generate());

        assertThat(cli.run("ddl", "deploy")).isEqualTo(Exit.FAILED);

        assertThat(cli.err()).contains("cannot log in to Snowflake: account=EMULATED user=FIRN", "code=390144");
    }

    @Test
    void whereNothingListensItSaysSoAtOnce() {
        emulator.close();

        assertThat(cli.run("ddl", "deploy")).isEqualTo(Exit.FAILED);

        assertThat(cli.err()).contains("cannot log in to Snowflake", "nothing listens at http://127.0.0.1:");
    }

    @Test
    void aFlagBeatsTheEnvironmentAndTheEnvironmentTheFile() throws Exception {
        Files.createDirectories(cli.data());
        Files.writeString(
                cli.data().resolve("firn.properties"),
                "snowflake_database = OF_FILE\nsnowflake_private_key_command = exit 1\n");
        assertThat(cli.run("ddl", "deploy")).as(cli.err()).isEqualTo(Exit.DONE);
        assertThat(cli.out()).contains("deployed to database OF_FILE");

        cli.environment("SNOWFLAKE_DATABASE", "OF_ENVIRONMENT");
        assertThat(cli.run("ddl", "deploy")).as(cli.err()).isEqualTo(Exit.DONE);
        assertThat(cli.out()).contains("deployed to database OF_ENVIRONMENT");

        String key = "cat " + directory.resolve("key.p8");
        assertThat(cli.run("ddl", "deploy", "--database", "OF_FLAG", "--private-key-command", key))
                .as(cli.err())
                .isEqualTo(Exit.DONE);
        assertThat(cli.out()).contains("deployed to database OF_FLAG");
    }
}
