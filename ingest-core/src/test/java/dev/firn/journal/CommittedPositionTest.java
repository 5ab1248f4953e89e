package dev.firn.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.firn.journal.DamagedJournalException.Damage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommittedPositionTest {
    @TempDir
    Path directory;

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
        assertThat(Files.readString(directory.resolve("committed")))
                .isEqualTo("sequence=9223372036854775807\nsink=snowpipe FIRN.LANDING\n");
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void badValuesAreRejected() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CommittedPosition(-1, "duckdb"));
        assertThatIllegalArgumentException().isThrownBy(() -> new CommittedPosition(1, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new CommittedPosition(1, "a\nb"));
        assertThatIllegalArgumentException().isThrownBy(() -> new CommittedPosition(1, "x".repeat(201)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sequence=1\n", "sequence=1\nsink=a", "sequence=99999999999999999999\nsink=a\n"})
    void whatIsNotAPositionIsDamage(String content) throws IOException {
        Files.writeString(directory.resolve("committed"), content);
        assertThatExceptionOfType(DamagedJournalException.class)
                .isThrownBy(() -> CommittedPosition.read(directory))
                .satisfies(e -> assertThat(e.damage()).isEqualTo(Damage.WRONG_FILE));
    }

    @Test
    void badlyLongNumberIsDamage() throws IOException {
        Files.writeString(directory.resolve("committed"), "sequence=9999999999999999999\nsink=a\n");
        assertThatExceptionOfType(DamagedJournalException.class).isThrownBy(() -> CommittedPosition.read(directory));
    }
}
