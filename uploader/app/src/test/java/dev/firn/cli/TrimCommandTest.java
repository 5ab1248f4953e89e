package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.firn.ingest.IngestConfig;
import dev.firn.journal.CommittedPosition;
import dev.firn.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrimCommandTest {
    private static final Instant HOUR_1 = Instant.parse("2020-01-01T01:00:00Z");
    private static final Instant HOUR_2 = Instant.parse("2020-01-01T02:00:00Z");
    private static final Instant HOUR_3 = Instant.parse("2020-01-01T03:00:00Z");

    private static final int MOST_MIN_FREE_MB = 1 << 20;

    @TempDir
    private Path directory;

    private CliFixture cli;
    private Path app;

    /** Three files: 1..2, 3..4, 5..6. */
    @BeforeEach
    void setUp() {
        cli = new CliFixture(directory);
        app = new DataDirectory(cli.data()).journal("app");
        Journals.append(app, HOUR_1, 2);
        Journals.append(app, HOUR_2, 2);
        Journals.append(app, HOUR_3, 2);
    }

    private void commit(long sequence) {
        new CommittedPosition(sequence, "duckdb").write(app);
    }

    private long first() {
        try (JournalReader reader = JournalReader.open(app)) {
            return reader.firstSequence();
        }
    }

    @Test
    void whatIsCommittedAndOldIsDeletedButTheNewestFile() throws IOException {
        commit(6);

        assertThat(cli.run("trim", "--retention", "7d")).as(cli.err()).isEqualTo(Exit.DONE);

        assertThat(cli.out())
                .containsPattern("app +\\| 20200101-01F.cq4 +\\| 1..2 +\\| +[0-9]+ +\\| deleted")
                .containsPattern("app +\\| 20200101-02F.cq4 +\\| 3..4 +\\| +[0-9]+ +\\| deleted")
                .containsPattern("app +\\| 20200101-03F.cq4 +\\| +\\| +\\| kept: the newest")
                .contains("deleted 2 files with ");
        assertThat(Journals.files(app)).hasSize(1);
        assertThat(first()).isEqualTo(5);
    }

    @Test
    void anEventTellsOfEachJournalThatWasTrimmed() {
        commit(6);
        String producer;
        try (JournalReader reader = JournalReader.open(app)) {
            producer = reader.producerId().toString();
        }

        cli.run("trim", "--retention", "7d");

        assertThat(cli.journal()).singleElement().satisfies(entry -> {
            assertThat(entry.lane()).isEqualTo("PIPELINE");
            assertThat(entry.fields().action()).isEqualTo("pipeline.journal_trimmed");
            assertThat(entry.fields().objectId()).isEqualTo(producer);
            assertThat(entry.canonical()).contains("\"files\":2", "\"first_sequence\":1", "\"last_sequence\":4");
        });
    }

    @Test
    void aSecondRunDeletesNothingAndTellsNothing() {
        commit(6);
        cli.run("trim", "--retention", "7d");

        assertThat(cli.run("trim", "--retention", "7d")).isEqualTo(Exit.DONE);

        assertThat(cli.out()).contains("deleted 0 files");
        assertThat(cli.journal()).hasSize(1);
    }

    @Test
    void aDryRunDeletesNothing() throws IOException {
        commit(6);

        assertThat(cli.run("trim", "--retention", "7d", "--dry-run")).isEqualTo(Exit.DONE);

        assertThat(cli.out()).contains("would be").contains("dry run: would delete 2 files with ");
        assertThat(Journals.files(app)).hasSize(3);
        assertThat(cli.journal()).isEmpty();
    }

    @Test
    void whatIsNotCommittedOrTooYoungStays() throws IOException {
        commit(3);

        assertThat(cli.run("trim", "--retention", "7d")).isEqualTo(Exit.DONE);
        assertThat(cli.out()).contains("kept: not all committed");
        assertThat(first()).isEqualTo(3);

        commit(6);
        assertThat(cli.run("trim", "--retention", "36500d")).isEqualTo(Exit.DONE);
        assertThat(cli.out()).contains("kept: too young");
        assertThat(first()).isEqualTo(3);
    }

    @Test
    void onlyNamedJournalsAreTrimmed() throws IOException {
        commit(6);
        Journals.append(new DataDirectory(cli.data()).journal("other"), HOUR_1, 1);

        assertThat(cli.run("trim", "--retention", "7d", "other")).isEqualTo(Exit.DONE);

        assertThat(cli.out()).contains("other").contains("deleted 0 files");
        assertThat(Journals.files(app)).hasSize(3);
    }

    @Test
    void aDamagedJournalKeepsItsFilesAndOthersAreTrimmed() throws IOException {
        commit(6);
        Path other = new DataDirectory(cli.data()).journal("other");
        Journals.append(other, HOUR_1, 1);
        Journals.append(other, HOUR_2, 1);
        new CommittedPosition(2, "duckdb").write(other);
        Journals.damage(app, 3);

        assertThat(cli.run("trim", "--retention", "7d")).isEqualTo(Exit.FAILED);

        assertThat(cli.err()).contains("firn: journal app: damaged").contains("firn repair app");
        assertThat(cli.out()).contains("kept: the journal is damaged");
        assertThat(first()).isEqualTo(1);
        assertThat(Journals.files(other)).hasSize(1);
    }

    @Test
    void statusOfATrimmedJournalIsShownAlsoIfItsPositionCannotBeBelieved() throws IOException {
        commit(6);
        cli.run("trim", "--retention", "7d", "app");
        Files.writeString(app.resolve("committed"), "sequence=6\nsink=duckdb\n");

        assertThat(cli.run("status")).as(cli.err()).isEqualTo(Exit.DONE);

        assertThat(cli.out()).containsPattern("app +\\| [0-9a-f-]+…? +\\| +5 +\\| +6 +\\| +0 +\\| +0 +\\| +2 ");
    }

    @Test
    void theRetentionCanBeASetting() {
        commit(6);
        assertThat(cli.run("trim")).isEqualTo(Exit.USAGE);
        assertThat(cli.err()).contains("--retention, FIRN_RETENTION or retention in firn.properties");
        assertThat(first()).isEqualTo(1);

        assertThat(cli.environment("FIRN_RETENTION", "7d").run("trim")).isEqualTo(Exit.DONE);
        assertThat(first()).isEqualTo(5);
    }

    @Test
    void onALowDiskFilesAreDeletedAllTheSameAndWhatNoEventTellsOfIsSaid() throws IOException {
        assumeTrue(
                directory.toFile().getUsableSpace() >> 20 < MOST_MIN_FREE_MB, "too much room here to call it little");
        commit(6);

        int code = cli.environment("FIRN_MIN_FREE_MB", "" + MOST_MIN_FREE_MB).run("trim", "--retention", "7d");

        assertThat(code).isEqualTo(Exit.FAILED);
        assertThat(first()).isEqualTo(5);
        assertThat(cli.out()).contains("20200101-01F.cq4").contains("deleted 2 files with ");
        assertThat(cli.err()).contains("the disk has too little room").contains(told());
        assertThat(cli.journal()).isEmpty();
    }

    @Test
    void whileTheCommandsOwnJournalIsInUseWhatNoEventTellsOfIsSaid() {
        commit(6);
        CliJournal held = CliJournal.open(
                new DataDirectory(cli.data()), "APPLICATION", Clock.systemUTC(), IngestConfig.DEFAULT_MIN_FREE_BYTES);
        try (held) {
            assertThat(cli.run("trim", "--retention", "7d")).isEqualTo(Exit.FAILED);
        }
        assertThat(cli.out()).contains("deleted 2 files with ");
        assertThat(cli.err()).contains("another writer").contains(told());
        assertThat(first()).isEqualTo(5);
    }

    private String told() {
        try (JournalReader reader = JournalReader.open(app)) {
            return "producer=" + reader.producerId() + " sequences=1..4 files=2 bytes=";
        }
    }
}
