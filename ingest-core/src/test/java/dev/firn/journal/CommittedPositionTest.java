package dev.firn.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommittedPositionTest {
    private static final String PRODUCER = "0b8f2a6e-0000-4000-8000-000000000001";

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void makeProducer() throws IOException {
        ProducerFile.write(directory, ProducerId.parse(PRODUCER));
        file = directory.resolve("committed");
    }

    @Test
    void isAbsentBeforeTheFirstCommit() {
        assertThat(CommittedPosition.read(directory)).isEmpty();
    }

    @Test
    void newOneReplacesTheOldOne() throws IOException {
        new CommittedPosition(0, "duckdb").write(directory);
        new CommittedPosition(Long.MAX_VALUE, "snowpipe FIRN.LANDING").write(directory);
        assertThat(CommittedPosition.read(directory))
                .contains(new CommittedPosition(Long.MAX_VALUE, "snowpipe FIRN.LANDING"));
        assertThat(Files.readString(file))
                .startsWith(
                        "sequence=9223372036854775807\nsink=snowpipe FIRN.LANDING\nproducer=" + PRODUCER + "\ncrc32c=");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactlyInAnyOrder(file, directory.resolve("producer"));
        }
    }

    /** Polynomial and byte order are for ever: computed by another implementation of CRC-32C. */
    @Test
    void fileHasTheChecksumOfTheLinesBeforeIt() throws IOException {
        new CommittedPosition(1, "a").write(directory);
        assertThat(Files.readString(file))
                .isEqualTo("sequence=1\nsink=a\nproducer=" + PRODUCER + "\ncrc32c=c8c1564c\n");
    }

    @Test
    void badValuesAreRejected() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CommittedPosition(-1, "duckdb"));
        assertThatIllegalArgumentException().isThrownBy(() -> new CommittedPosition(1, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new CommittedPosition(1, "a\nb"));
        assertThatIllegalArgumentException().isThrownBy(() -> new CommittedPosition(1, "x".repeat(201)));
    }

    /** The second one is what earlier versions wrote. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sequence=1\nsink=a\n",
                "sequence=1\nsink=a\nproducer=" + PRODUCER + "\n",
                "sequence=1\nsink=a\nproducer=" + PRODUCER + "\ncrc32c=00000000\n"
            })
    void whatCannotBeBelievedIsAsIfThereWereNone(String content) throws IOException {
        Files.writeString(file, content);
        assertThat(CommittedPosition.read(directory)).isEmpty();
    }

    @Test
    void eachFlippedBitIsFound() throws IOException {
        new CommittedPosition(1_234, "duckdb").write(directory);
        byte[] good = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * good.length; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            assertThat(CommittedPosition.read(directory)).as("bit %d", bit).isEmpty();
        }
        Files.write(file, good);
        assertThat(CommittedPosition.read(directory)).contains(new CommittedPosition(1_234, "duckdb"));
    }

    @Test
    void oneThatCannotBeReadKeepsNobodyFromOpeningTheJournal() throws IOException {
        Files.createDirectory(file);
        assertThat(CommittedPosition.read(directory)).isEmpty();
        try (Journal journal = Journal.open(directory)) {
            assertThat(journal.lastSequence()).isZero();
        }
        assertThat(Journal.repair(directory).isClean()).isTrue();
    }

    @Test
    void oneOfAnotherProducerIsNotBelieved() throws IOException {
        new CommittedPosition(7, "duckdb").write(directory);
        ProducerFile.create(directory);
        assertThat(CommittedPosition.read(directory)).isEmpty();
    }

    @Test
    void itIsWrittenOnlyWhereItsProducerIs(@TempDir Path empty) {
        ProducerId other = new ProducerId(new UUID(0, 1));
        CommittedPosition position = new CommittedPosition(7, "duckdb");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> position.write(directory, other))
                .withMessageEndingWith("producer=" + PRODUCER + " committed=" + other);
        assertThatIllegalArgumentException().isThrownBy(() -> position.write(empty));
        assertThat(file).doesNotExist();
        position.write(directory, ProducerId.parse(PRODUCER));
        assertThat(CommittedPosition.read(directory)).contains(position);
    }
}
