package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnowflakeSettingsTest {
    @TempDir
    private Path directory;

    private CliFixture cli;

    @BeforeEach
    void setUp() {
        cli = new CliFixture(directory);
    }

    @Test
    void aMissingSettingIsNamed() {
        assertThat(cli.run("ddl", "deploy")).isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("SNOWFLAKE_ACCOUNT is not set");
    }

    @Test
    void aMisspeltVariableIsRefusedWithWhatWasMeant() {
        cli.environment("SNOWFLAKE_ACOUNT", "A");

        assertThat(cli.run("ddl", "deploy")).isEqualTo(Exit.USAGE);
        assertThat(cli.err()).contains("variable=SNOWFLAKE_ACOUNT: is SNOWFLAKE_ACCOUNT meant?");
    }

    @Test
    void variablesOfSnowflakesOtherToolsAreLeftAlone() {
        cli.environment("SNOWFLAKE_HOME", "/somewhere").environment("SNOWFLAKE_DISABLE_MINICORE", "true");

        assertThat(cli.run("ddl", "deploy")).isEqualTo(Exit.FAILED);
    }

    @Test
    void aMisspeltKeyOfTheFileIsRefused() throws Exception {
        Files.createDirectories(cli.data());
        Files.writeString(cli.data().resolve("firn.properties"), "snowflake_acount = A\n");

        assertThat(cli.run("ddl", "deploy")).isEqualTo(Exit.USAGE);
        assertThat(cli.err()).contains("key=snowflake_acount", "snowflake_account");
    }

    @Test
    void thePassphraseIsTakenFromTheEnvironmentOnly() throws Exception {
        Files.createDirectories(cli.data());
        Files.writeString(cli.data().resolve("firn.properties"), "snowflake_private_key_passphrase = planted\n");

        assertThat(cli.run("ddl", "deploy")).isEqualTo(Exit.USAGE);
        assertThat(cli.err())
                .contains("from the environment only", "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE")
                .doesNotContain("planted");
    }
}
