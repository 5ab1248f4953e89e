package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.ingest.IngestClient;
import dev.firn.ingest.IngestConfig;
import dev.firn.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the damage to a warehouse that has all the rest, and says what is lost. */
class RepairCommandTest {
    @TempDir
    private Path directory;

    private CliFixture cli;
    private Path app;
    private Path other;

    /** Three files: 1..2, 3..4, 5..6. */
    @BeforeEach
    void setUp() {
        cli = new CliFixture(directory);
        DataDirectory data = new DataDirectory(cli.data());
        app = data.journal("app");
        other = data.journal("other");
        Journals.append(app, Instant.parse("2020-01-01T01:00:00Z"), 2);
        Journals.append(app, Instant.parse("2020-01-01T02:00:00Z"), 2);
        Journals.append(app, Instant.parse("2020-01-01T03:00:00Z"), 2);
        Journals.append(other, Instant.parse("2020-01-01T01:00:00Z"), 1);
    }

    private String query(String sql) {
        cli.run("query", "--format", "csv", sql);
        return cli.out();
    }

    @Test
    void aWholeJournalIsLeftAsItIs() throws IOException {
        assertThat(cli.run("repair")).as(cli.err()).isEqualTo(Exit.DONE);

        assertThat(cli.out())
                .containsPattern("app +\\| +3 \\| +6 \\| +0 \\| +0 \\| whole")
                .containsPattern("other +\\| +1 \\| +1 \\| +0 \\| +0 \\| whole");
        assertThat(app.resolve("damaged")).doesNotExist();
        assertThat(cli.journal()).isEmpty();
    }

    @Test
    void aDamagedRecordIsLostAndNamedAndAllOthersAreKept() throws IOException {
        Journals.damage(app, 4);

        assertThat(cli.run("repair")).as(cli.err()).isEqualTo(Exit.DONE);

        assertThat(cli.out())
                .containsPattern("app +\\| +3 \\| +5 \\| +1 \\| +1 \\| repaired")
                .contains("journal app: lost: 4 (WRONG_HASH, file 20200101-02F.cq4)")
                .contains("journal app: set aside: " + app.resolve("damaged"))
                .contains("journal app: told by 1 pipeline.journal_damaged, at sequence 7 on");
        assertThat(cli.run("upload")).as(cli.err()).isEqualTo(Exit.DONE);
        assertThat(cli.out()).contains("journal app lost 1 sequences to damage: 4;");
        assertThat(query("SELECT _SEQ AS S, ACTION AS A FROM LANDING.RAW_EVENTS WHERE _SEQ > 2 ORDER BY _SEQ"))
                .isEqualTo("S,A\r\n3,conversation.started\r\n5,conversation.started\r\n6,conversation.started\r\n"
                        + "7,pipeline.journal_damaged\r\n");
    }

    @Test
    void verifyNamesTheLossWithItsEventAndNothingElse() throws IOException {
        Journals.damage(app, 4);
        cli.run("repair");

        assertThat(cli.run("verify")).isEqualTo(Exit.FAILED);
        assertThat(cli.out()).contains("LOST   journal app: 1 lost for good: 4; no pipeline.journal_damaged");

        cli.run("upload");
        String event = query("SELECT EVENT_ID AS E FROM ACTIVITY.EVENTS WHERE ACTION = 'pipeline.journal_damaged'")
                .lines()
                .toList()
                .get(1);
        assertThat(cli.run("verify")).isEqualTo(Exit.FAILED);
        assertThat(cli.out())
                .contains("LOST   journal app: 1 lost for good: 4; told by pipeline.journal_damaged " + event)
                .contains("not verified: 1 known loss")
                .doesNotContain("WRONG");
    }

    @Test
    void whatTheWarehouseHadBeforeIsNotLost() throws IOException {
        cli.run("upload");
        Journals.damage(app, 4);
        assertThat(cli.run("verify")).isEqualTo(Exit.FAILED);
        cli.run("repair");

        assertThat(cli.run("upload")).as(cli.err()).isEqualTo(Exit.DONE);
        assertThat(cli.run("verify")).as(cli.out()).isEqualTo(Exit.DONE);
        assertThat(cli.out())
                .contains("NOTE   journal app: lost by the journal only, RAW_EVENTS has all of it: 4; told by");
    }

    @Test
    void aSecondRunFindsNothing() throws IOException {
        Journals.damage(app, 4);
        cli.run("repair");

        assertThat(cli.run("repair")).isEqualTo(Exit.DONE);

        assertThat(cli.out())
                .containsPattern("app +\\| +4 \\| +6 \\| +0 \\| +0 \\| whole")
                .doesNotContain("told");
    }

    @Test
    void aDryRunChangesNothing() throws IOException {
        Journals.damage(app, 4);
        byte[] damaged = Files.readAllBytes(Journals.files(app).get(1));

        assertThat(cli.run("repair", "--dry-run", "app")).isEqualTo(Exit.FAILED);

        assertThat(cli.out())
                .containsPattern("app +\\| +3 \\| +5 \\| +1 \\| +1 \\| damaged")
                .contains("journal app: would be lost: 4 (WRONG_HASH")
                .doesNotContain("other");
        assertThat(Files.readAllBytes(Journals.files(app).get(1))).isEqualTo(damaged);
        assertThat(app.resolve("damaged")).doesNotExist();
    }

    @Test
    void aJournalInUseIsNamedWithItsOwnerAndTheOthersAreRepaired() throws IOException {
        Journals.damage(other, 1);
        IngestConfig config = IngestConfig.builder(app).warmUp(false).build();
        try (IngestClient client = IngestClient.open(config)) {
            assertThat(cli.run("repair")).isEqualTo(Exit.FAILED);
            assertThat(client.lastSequence()).isEqualTo(6);
        }

        assertThat(cli.err())
                .contains("firn: journal app: in use by pid="
                        + ProcessHandle.current().pid());
        assertThat(cli.out()).contains("journal other: lost: 1 ");
    }

    @Test
    void uploadMarksADamagedJournalSoThatItsApplicationRepairsIt() throws IOException {
        Journals.damage(app, 2);

        assertThat(cli.run("upload")).isEqualTo(Exit.FAILED);
        assertThat(cli.err())
                .contains("firn: journal app is not uploaded any further: ")
                .contains("firn repair");
        IngestClient.open(IngestConfig.builder(app).warmUp(false).build()).close();

        assertThat(cli.run("upload")).as(cli.err()).isEqualTo(Exit.DONE);
        try (JournalReader reader = JournalReader.open(app)) {
            assertThat(reader.lastSequence()).isEqualTo(7);
        }
        assertThat(query("SELECT COUNT(*) AS N FROM LANDING.RAW_EVENTS")).isEqualTo("N\r\n7\r\n");
    }

    @Test
    void statusShowsWhatIsLostAndADamagedJournalBesideOthers() throws IOException {
        Journals.damage(app, 4);
        cli.run("repair");
        assertThat(cli.run("status")).as(cli.err()).isEqualTo(Exit.DONE);
        assertThat(cli.out())
                .containsPattern("app +\\| [0-9a-f-]+… *\\| +1 \\| +7 \\| +1 \\| +0 \\| +6 ")
                .containsPattern("free on disk: [0-9,]+ MB");
        Files.writeString(other.resolve("producer"), "nonsense");

        assertThat(cli.run("status")).isEqualTo(Exit.FAILED);
        assertThat(cli.out()).containsPattern("other +\\| damaged").contains("app ");
        assertThat(cli.err()).contains("firn: journal other: damaged journal: ");
    }

    @Test
    void oneThatCannotEvenBeOpenedStopsNoUploadOfOthers() throws IOException {
        Files.writeString(other.resolve("producer"), "nonsense");

        assertThat(cli.run("upload")).isEqualTo(Exit.FAILED);

        assertThat(cli.err()).contains("firn: journal other is not uploaded any further: ");
        assertThat(cli.out()).containsPattern("other +\\| +\\| +\\| +failed").contains("uploaded 6 rows");
    }
}
