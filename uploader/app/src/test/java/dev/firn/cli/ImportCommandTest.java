package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.event.DeadLetter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
    private static final String MAPPING = "{\"format\":\"csv\",\"tenant_id\":\"{T}\",\"action\":\"{A}\","
            + "\"actor_id\":\"x\",\"occurred_at\":\"2025-01-01T00:00:00Z\",\"when\":{\"column\":\"T\",\"matches\":\"(?!skip).*\"},"
            + "\"attributes\":{\"n\":{\"column\":\"N\",\"type\":\"integer\"}}}";

    @TempDir
    Path directory;

    private CliFixture cli;
    private String mapping = "";

    @BeforeEach
    void setUp() throws IOException {
        cli = new CliFixture(directory);
        mapping = Files.writeString(directory.resolve("mapping.json"), MAPPING).toString();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    @Test
    void makesEventsAndSetsAsideWhatDoesNotFit() throws IOException {
        String file = file("rows.csv", "T,A,N\r\nt,a.b,1\r\nt,a.b,planted\r\nskip,a.b,3\r\nt,pipeline.x,4\r\nt,a.b,5");
        assertThat(cli.run("import", "--mapping", mapping, file)).isEqualTo(Exit.SET_ASIDE);
        assertThat(cli.out())
                .isEqualToNormalizingNewlines("rows read: 5\nevents accepted: 2\nrows skipped: 1\ndead letters: 2\n"
                        + "  RESERVED_NAMESPACE: 1\n  UNMAPPED: 1\njournal: "
                        + cli.data().resolve("journals/cli")
                        + "\nsequences: 1..4\ndurable: yes\n");
        assertThat(cli.out() + cli.err()).doesNotContain("planted");
        List<CliFixture.Entry> journal = cli.journal();
        assertThat(journal).extracting(CliFixture.Entry::lane).containsOnly("IMPORT");
        assertThat(journal.get(1).fields().attributes())
                .contains(
                        "\"position\":2",
                        "\"reason\":\"UNMAPPED\"",
                        "\"field\":\"attributes.n\"",
                        "\"source\":\"" + file + "\"",
                        Base64.getEncoder().encodeToString("t,a.b,planted".getBytes(StandardCharsets.UTF_8)));
        assertThat(journal.get(2).fields().attributes()).contains("\"position\":4", "RESERVED_NAMESPACE");
    }

    @Test
    void aQuoteThatIsNeverClosedIsKeptWhateverItsLength() throws IOException {
        byte[] rest = new byte[64 << 20];
        Arrays.fill(rest, (byte) 'x');
        String file = file("open.csv", "T,A,N\nt,a.b,1\n\"");
        Files.write(Path.of(file), rest, StandardOpenOption.APPEND);
        assertThat(cli.run("import", "--mapping", mapping, file)).isEqualTo(Exit.SET_ASIDE);
        assertThat(cli.out()).contains("rows read: 2", "events accepted: 1", "dead letters: 1", "  TOO_LONG: 1");
        assertThat(cli.journal()).hasSize(1 + DeadLetter.parts(rest.length + 1L));
    }

    @Test
    void importingTwiceGivesTheSameEvents() throws IOException {
        String file = file("rows.csv", "T,A,N\nt,a.b,1\nt,a.b,2\n");
        assertThat(cli.run("import", "--mapping", mapping, file)).isEqualTo(Exit.DONE);
        assertThat(cli.run("import", "--mapping=" + mapping, file)).isEqualTo(Exit.DONE);
        List<String> ids = cli.journal().stream().map(CliFixture.Entry::eventId).toList();
        assertThat(ids).hasSize(4);
        assertThat(ids.subList(2, 4)).isEqualTo(ids.subList(0, 2));
    }

    @Test
    void readsStandardInputAndReadyMappings() {
        cli.input("TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:15:46.6805900,374,44");
        assertThat(cli.run("import", "--mapping", "azure-llm-inference", "-")).isEqualTo(Exit.DONE);
        assertThat(cli.journal())
                .singleElement()
                .satisfies(entry -> assertThat(entry.canonical()).contains("\"prompt_tokens\":374"));
    }

    @Test
    void nothingIsWrittenIfALaterFileCannotBeUsed() throws IOException {
        String good = file("good.csv", "T,A,N\nt,a.b,1\n");
        String bad = file("bad.csv", "T,A\nt,a.b\n");
        assertThat(cli.run("import", "--mapping", mapping, good, bad)).isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("file=" + bad, "attributes.n.column: the file has no such column: column=N");
        assertThat(cli.run("import", "--mapping", mapping, good, file("empty.csv", "")))
                .isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("must begin with a header row");
        assertThat(cli.run("import", "--mapping", mapping, good, directory + "/missing"))
                .isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("there is no such file");
        assertThat(cli.data()).doesNotExist();
    }

    @Test
    void aMappingThatCannotBeUsedIsNamed() throws IOException {
        String rows = file("rows.csv", "T,A,N\nt,a.b,1\n");
        String wrong = file("wrong.json", "{\"format\":\"csv\",\"tenant\":\"t\"}");
        assertThat(cli.run("import", "--mapping", wrong, rows)).isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("mapping=" + wrong + ": tenant: is not a key");
        assertThat(cli.run("import", "--mapping", "no-such", rows)).isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("neither a readable file nor one of", "genai-prices");
        assertThat(cli.data()).doesNotExist();
    }

    @Test
    void listsAndShowsReadyMappings() throws IOException {
        assertThat(cli.run("import", "--list")).isEqualTo(Exit.DONE);
        assertThat(cli.out()).contains("aci-bench: ", "azure-llm-inference: ", "genai-prices: ", "octokit-webhooks: ");
        assertThat(cli.run("import", "--show", "genai-prices")).isEqualTo(Exit.DONE);
        String copy = file("copy.json", cli.out());
        String prices = file(
                "prices.csv",
                "provider,model,valid_from,input_usd_per_mtok,output_usd_per_mtok,cache_read_usd_per_mtok,"
                        + "cache_write_usd_per_mtok\nopenai,o3,,10,40,0.5,\n");
        assertThat(cli.run("import", "--mapping", copy, prices)).isEqualTo(Exit.DONE);
        assertThat(cli.run("import", "--show", "nope")).isEqualTo(Exit.FAILED);
    }

    @Test
    void wrongUsageIsExitTwo() {
        assertThat(cli.run("import")).isEqualTo(Exit.USAGE);
        assertThat(cli.run("import", "--mapping", mapping)).isEqualTo(Exit.USAGE);
        assertThat(cli.run("import", "--list", "file")).isEqualTo(Exit.USAGE);
        assertThat(cli.run("import", "--list", "--mapping", mapping)).isEqualTo(Exit.USAGE);
    }
}
