package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.journal.Journal;
import dev.firn.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptCommandTest {
    private static final Instant NOON = Instant.parse("2020-01-01T12:00:00Z");

    @TempDir
    private Path directory;

    private CliFixture cli;
    private Path copy;
    private String producer;

    @BeforeEach
    void setUp() throws IOException {
        cli = new CliFixture(directory);
        Path original = directory.resolve("original");
        Journals.append(original, NOON, 3);
        DataDirectory data = new DataDirectory(cli.data());
        data.create();
        copy = data.journal("app");
        Files.createDirectory(copy.getParent());
        Journals.copy(original, copy);
        producer = producer(copy);
    }

    private static String producer(Path journal) {
        try (JournalReader reader = JournalReader.open(journal)) {
            return reader.producerId().toString();
        }
    }

    private static long last(Path journal) {
        try (JournalReader reader = JournalReader.open(journal)) {
            return reader.lastSequence();
        }
    }

    @Test
    void asMovedTheProducerGoesOn() {
        assertThat(cli.run("adopt", "--as", "moved", "--yes", "app"))
                .as(cli.err())
                .isEqualTo(Exit.DONE);

        assertThat(cli.err()).contains("sequences 1..3").contains("must never be written again");
        assertThat(cli.out()).contains("producer: " + producer);
        Journals.append(copy, NOON, 1);
        assertThat(last(copy)).isEqualTo(4);
    }

    @Test
    void asNewTheCopiesAreMovedAsideAndAnotherProducerBegins() {
        assertThat(cli.run("adopt", "--as", "new", "--yes", "app"))
                .as(cli.err())
                .isEqualTo(Exit.DONE);

        Path aside = copy.resolve("copied-" + producer);
        assertThat(cli.err()).contains("the copies are moved into " + aside);
        assertThat(producer(copy)).isNotEqualTo(producer);
        assertThat(cli.out()).contains("producer: " + producer(copy));
        assertThat(last(aside)).isEqualTo(3);
        Journals.append(copy, NOON, 1);
        assertThat(last(copy)).isEqualTo(1);
    }

    @Test
    void itAsksAndANoIsANo() {
        assertThat(cli.interactive().input("n\n").run("adopt", "--as", "new", "app"))
                .isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("Adopt the journal as new? [y/N]").contains("nothing was done");
        assertThat(producer(copy)).isEqualTo(producer);

        assertThat(cli.input("yes\n").run("adopt", "--as", "new", "app")).isEqualTo(Exit.DONE);
        assertThat(producer(copy)).isNotEqualTo(producer);
    }

    @Test
    void whereNobodyCanBeAskedNothingIsDone() {
        assertThat(cli.run("adopt", "--as", "new", "app")).isEqualTo(Exit.USAGE);

        assertThat(cli.err()).contains("give --yes");
        assertThat(producer(copy)).isEqualTo(producer);
    }

    @Test
    void aJournalThatIsNoCopyIsLeftAlone() {
        cli.run("adopt", "--as", "moved", "--yes", "app");

        assertThat(cli.run("adopt", "--as", "new", "--yes", "app")).isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("firn: this journal is no copy");
        assertThat(producer(copy)).isEqualTo(producer);

        assertThat(cli.run("adopt", "--as", "new", "--yes", "--force", "app")).isEqualTo(Exit.DONE);
        assertThat(producer(copy)).isNotEqualTo(producer);
    }

    @Test
    void toLookWhetherItIsACopyOpensNothingForWriting() {
        cli.run("adopt", "--as", "moved", "--yes", "app");
        try (Journal held = Journal.open(copy)) {
            assertThat(cli.run("adopt", "--as", "new", "--yes", "app")).isEqualTo(Exit.FAILED);
            assertThat(cli.err()).contains("firn: this journal is no copy");
            assertThat(held.producerId()).hasToString(producer);
        }
    }

    @Test
    void wrongWordsAreRefused() {
        assertThat(cli.run("adopt", "--as", "copied", "app")).isEqualTo(Exit.USAGE);
        assertThat(cli.err()).contains("--as: must be moved or new");
        assertThat(cli.run("adopt", "--as", "new")).isEqualTo(Exit.USAGE);
        assertThat(cli.run("adopt", "app")).isEqualTo(Exit.USAGE);
        assertThat(cli.run("adopt", "--as", "new", "--yes", "nobody")).isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("there is no such journal");
    }

    @Test
    void aCopyThatIsNotAdoptedIsNotRepairedAndSaidSo() {
        assertThat(cli.run("repair", "app")).isEqualTo(Exit.FAILED);

        assertThat(cli.err()).contains("firn: journal app: ").contains("copy").contains("see firn adopt --help");
    }

    @Test
    void theCommandsOwnJournalThatWasCopiedIsSaidSo() throws IOException {
        Path own = new DataDirectory(cli.data()).journal(DataDirectory.OWN_JOURNAL);
        Journals.copy(copy, own);

        assertThat(cli.run("emit")).isEqualTo(Exit.FAILED);

        assertThat(cli.err()).startsWith("firn: journal is a copy").contains("see firn adopt --help");
    }
}
