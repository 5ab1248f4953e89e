package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.firn.event.DeadLetter;
import dev.firn.event.Reason;
import dev.firn.ingest.IngestConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EmitCommandTest {
    private static final String PLANTED = "planted-5f3a";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path directory;

    private CliFixture cli;

    @BeforeEach
    void setUp() {
        cli = new CliFixture(directory);
    }

    private static String event(String objectId) {
        return "{\"tenant_id\":\"t\",\"action\":\"a.b\",\"actor_id\":\"x\",\"object_type\":\"o\",\"object_id\":\""
                + objectId + "\",\"occurred_at\":\"2025-01-01T00:00:00Z\"}";
    }

    private List<String> objects() {
        return cli.journal().stream()
                .filter(entry -> entry.fields().action().equals("a.b"))
                .map(entry -> String.valueOf(entry.fields().objectId()))
                .toList();
    }

    @Test
    void takesStandardInputIfNoFileIsNamed() {
        assertThat(cli.input(event("1") + "\r\n" + event("2")).run("emit")).isEqualTo(Exit.DONE);
        assertThat(objects()).containsExactly("1", "2");
        assertThat(cli.journal()).extracting(CliFixture.Entry::lane).containsOnly("APPLICATION");
        assertThat(cli.out())
                .isEqualToNormalizingNewlines("lines read: 2\nevents accepted: 2\ndead letters: 0\njournal: "
                        + cli.data().resolve("journals/cli") + "\nsequences: 1..2\ndurable: yes\n");
    }

    @Test
    void readsFilesInOrderAndStandardInputAmongThem() throws IOException {
        Path first = Files.writeString(directory.resolve("first"), "\uFEFF" + event("1") + "\n");
        Path second = Files.writeString(directory.resolve("second"), "\uFEFF" + event("3"));
        int code = cli.input(event("2")).run("emit", first.toString(), "-", second.toString());
        assertThat(code).isEqualTo(Exit.DONE);
        assertThat(objects()).containsExactly("1", "2", "3");
    }

    @Test
    void anEventsOwnLaneCounts() {
        cli.input(event("1").replace("{\"tenant_id\"", "{\"source_lane\":\"MCP\",\"tenant_id\""))
                .run("emit");
        assertThat(cli.journal()).extracting(CliFixture.Entry::lane).containsExactly("MCP");
    }

    @Test
    void nothingIsWrittenIfAFileIsMissing() throws IOException {
        Path there = Files.writeString(directory.resolve("there"), event("1"));
        assertThat(cli.run("emit", there.toString(), directory + "/missing")).isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("file=" + directory + "/missing: there is no such file");
        assertThat(cli.data()).doesNotExist();
        assertThat(cli.run("emit", directory.toString())).isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("it is a directory");
        assertThat(cli.run("emit", "-", "-")).isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("- stands twice");
        assertThat(cli.data()).doesNotExist();
    }

    @Test
    void emptyInputIsDone() {
        assertThat(cli.run("emit")).isEqualTo(Exit.DONE);
        assertThat(cli.out()).contains("lines read: 0", "sequences: none");
    }

    @Test
    void sequencesGoOnWhereTheyWere() {
        cli.input(event("1")).run("emit");
        cli.input(event("2")).run("emit");
        assertThat(cli.out()).contains("sequences: 2..2");
    }

    @Test
    void aJournalThatIsInUseIsAFailureWithAReason() {
        CliJournal other = CliJournal.open(
                new DataDirectory(cli.data()), "APPLICATION", Clock.systemUTC(), IngestConfig.DEFAULT_MIN_FREE_BYTES);
        try (other) {
            assertThat(cli.input(event("1")).run("emit")).isEqualTo(Exit.FAILED);
            assertThat(cli.err()).contains("journal has another writer", "use another --dir");
        }
    }

    @Test
    void withAckStandardOutputSaysHowFarTheJournalIsDurableAndNothingElse() {
        cli.input(event("1")).run("emit");

        assertThat(cli.input(event("2") + "\n" + event("3") + "\nnope").run("emit", "--ack"))
                .isEqualTo(Exit.SET_ASIDE);

        assertThat(cli.out()).startsWith("durable 1\n").endsWith("durable 4\n");
        assertThat(cli.out().lines()).allMatch(line -> line.matches("durable [1-4]"));
        assertThat(cli.err()).contains("lines read: 3\n", "durable: yes\n");
    }

    @Test
    void whereTheDiskHasTooLittleRoomNothingIsTakenAndTheLineIsSaid() {
        int code =
                cli.environment("FIRN_MIN_FREE_MB", "1048576").input(event("1")).run("emit");

        assertThat(code).isEqualTo(Exit.FAILED);
        assertThat(cli.err())
                .startsWith("firn: the journal did not take everything: ")
                .contains("taken=0 durable up to sequence=0: the disk has too little room: free=")
                .contains("least=1048576 MB (FIRN_MIN_FREE_MB): make room")
                .contains("or go on from line=1 of file=-: everything before it is durable");
        assertThat(cli.journal()).isEmpty();
    }

    @Test
    void namespacesOfFirnAreSetAside() {
        String system = event("1").replace("a.b", "pipeline.replay_started");
        String quality = event("1").replace("a.b", "quality.dead_lettered");
        String price = event("1").replace("a.b", "price.set");
        String ours = price.replace("\"t\"", "\"_system\"");
        assertThat(cli.input(String.join("\n", system, quality, price, ours)).run("emit"))
                .isEqualTo(Exit.SET_ASIDE);
        assertThat(cli.out()).contains("events accepted: 1", "dead letters: 3", "  RESERVED_NAMESPACE: 3");
        assertThat(cli.journal())
                .filteredOn(entry -> entry.fields().action().equals("price.set"))
                .hasSize(1);
    }

    @Test
    void everyGoodLineArrivesAndEveryBadOneIsKept() throws IOException {
        List<BadLines.Line> bad = BadLines.all(PLANTED);
        assertThat(bad).hasSizeGreaterThanOrEqualTo(40);
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        List<String> good = new ArrayList<>();
        for (BadLines.Line line : bad) {
            reasons.add(line.reason());
            good.add("good-" + good.size());
            file.writeBytes((event(good.get(good.size() - 1)) + "\r\n").getBytes(StandardCharsets.UTF_8));
            file.writeBytes(line.bytes());
            file.write('\n');
        }
        // These two are not for lines of events.
        assertThat(EnumSet.complementOf(EnumSet.copyOf(reasons)))
                .containsExactlyInAnyOrder(Reason.UNMAPPED, Reason.REFUSED);
        Path path = Files.write(directory.resolve("mixed.ndjson"), file.toByteArray());

        ByteArrayOutputStream logs = new ByteArrayOutputStream();
        PrintStream systemErr = System.err;
        System.setErr(new PrintStream(logs, true, StandardCharsets.UTF_8));
        try {
            assertThat(cli.run("emit", path.toString())).isEqualTo(Exit.SET_ASIDE);
        } finally {
            System.setErr(systemErr);
        }

        assertThat(logs.toString(StandardCharsets.UTF_8)).doesNotContain(PLANTED);
        assertThat(objects()).isEqualTo(good);
        List<JsonNode> letters = deadLetters();
        List<JsonNode> first = letters.stream()
                .filter(letter -> letter.path("part").asInt(1) == 1)
                .toList();
        assertThat(first).hasSameSizeAs(bad);
        for (int i = 0; i < bad.size(); i++) {
            JsonNode letter = first.get(i);
            assertThat(letter.path("position").asInt()).isEqualTo(2 * i + 2);
            assertThat(letter.path("reason").asText())
                    .as("line %d: %s", 2 * i + 2, letter.path("message").asText())
                    .isEqualTo(bad.get(i).reason().name());
            assertThat(letter.path("source").asText()).isEqualTo(path.toString());
            assertThat(letter.path("size_bytes").asInt()).isEqualTo(bad.get(i).bytes().length);
            assertThat(bytesAt(letters, 2 * i + 2)).isEqualTo(bad.get(i).bytes());
            assertThat(letter.path("message").asText()).isNotEmpty().doesNotContain(PLANTED);
            assertThat(letter.path("field").asText()).doesNotContain(PLANTED);
        }
        assertThat(cli.out()).doesNotContain(PLANTED).contains("dead letters: " + bad.size());
        assertThat(cli.err()).doesNotContain(PLANTED);
    }

    private List<JsonNode> deadLetters() throws IOException {
        List<JsonNode> letters = new ArrayList<>();
        for (CliFixture.Entry entry : cli.journal()) {
            if (entry.fields().action().equals(DeadLetter.ACTION)) {
                letters.add(JSON.readTree(entry.fields().attributes()));
            }
        }
        return letters;
    }

    private static byte[] bytesAt(List<JsonNode> letters, int position) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        letters.stream()
                .filter(letter -> letter.path("position").asInt() == position)
                .forEach(letter -> bytes.writeBytes(
                        Base64.getDecoder().decode(letter.path("bytes_base64").asText())));
        return bytes.toByteArray();
    }

    @Test
    void aLineTooLongForMemoryIsKeptInParts() throws IOException {
        byte[] line = new byte[(64 << 20) + 1];
        Arrays.fill(line, (byte) 'x');
        Path path = directory.resolve("long.ndjson");
        Files.write(path, line);
        Files.writeString(path, "\n" + event("1"), StandardOpenOption.APPEND);
        assertThat(cli.run("emit", path.toString())).isEqualTo(Exit.SET_ASIDE);
        List<JsonNode> letters = deadLetters();
        assertThat(letters).hasSize(DeadLetter.parts(line.length)).allSatisfy(letter -> {
            assertThat(letter.path("reason").asText()).isEqualTo("TOO_LONG");
            assertThat(letter.path("size_bytes").asInt()).isEqualTo(line.length);
            assertThat(letter.path("position").asInt()).isEqualTo(1);
        });
        assertThat(bytesAt(letters, 1)).isEqualTo(line);
        assertThat(objects()).containsExactly("1");
        assertThat(cli.out()).contains("dead letters: 1");
        try (var files = Files.list(cli.data())) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("journals");
        }
    }

    @Test
    void aDeadLetterOccursWhenItIsSetAside() {
        Clock clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05.123456Z"), ZoneOffset.UTC);
        EmitCommand command = new EmitCommand(cli.input("nope").console(), clock);
        int code = new CommandLine(command).execute("--dir", cli.data().toString());
        assertThat(code).isEqualTo(Exit.SET_ASIDE);
        assertThat(cli.journal()).singleElement().satisfies(entry -> {
            assertThat(entry.canonical()).contains("\"occurred_at\":\"2026-01-02T03:04:05.123456Z\"");
            assertThat(entry.canonical()).contains("\"source\":\"-\"", "\"position\":1");
        });
    }
}
