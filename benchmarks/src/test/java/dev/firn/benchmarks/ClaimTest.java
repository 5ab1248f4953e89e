package dev.firn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimTest {
    private static Claim claim(String value, String sign, String tolerance) {
        return new Claim(
                "c",
                "echo",
                Pattern.compile("([0-9,.]+|≈ \\S+)"),
                value,
                "",
                Claim.Direction.of(sign),
                new BigDecimal(tolerance),
                "",
                "");
    }

    @ParameterizedTest
    @CsvSource({
        "100, >=, 0, 100, true", "100, >=, 0, 99.9, false", "100, >=, 10, 90, true", "100, >=, 10, 89.9, false",
        "100, <=, 0, 100, true", "100, <=, 10, 110, true", "100, <=, 10, 110.1, false", "100, <=, 0, 1, true",
        "100, =, 0, 100.0, true", "100, =, 0, 101, false", "100, =, 5, 95, true", "100, =, 5, 106, false",
        "0, <=, 50, 0, true", "0, <=, 50, 0.1, false", "abc, =, 0, abc, true", "abc, =, 0, 1, false"
    })
    void aFigureHoldsWithinItsTolerance(String value, String sign, String tolerance, String measured, boolean holds) {
        assertThat(claim(value, sign, tolerance).holds(measured)).isEqualTo(holds);
    }

    @Test
    void theFirstMatchIsTheFigure() {
        assertThat(claim("1", "=", "0").find("took 22,361,870 and 3")).contains("22361870");
        assertThat(claim("1", "=", "0").find("norm ≈ 10⁻⁴ B/op")).contains("0");
        assertThat(claim("1", "=", "0").find("nothing")).isEmpty();
    }

    @Test
    void aTextCannotBeNearlyTheSame() {
        assertThatThrownBy(() -> claim("abc", ">=", "0")).hasMessageContaining("can only be the same");
        assertThatThrownBy(() -> claim("abc", "=", "1")).hasMessageContaining("can only be the same");
        assertThatThrownBy(() -> claim("1", "~", "0")).hasMessageContaining("direction must be >=, <= or =");
    }

    @Test
    void rowsAreReadByTheNamesOfTheirColumns(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("claims.csv");
        Files.writeString(file, """
                claim,command,pattern,value,unit,direction,tolerance_pct,machine,measured_on
                speed,"echo ""7"" a",^(\\d) a,7,a/s,>=,10,here,2026-11-20
                """);

        assertThat(Claim.read(file)).singleElement().satisfies(claim -> {
            assertThat(claim.command()).isEqualTo("echo \"7\" a");
            assertThat(claim.stated()).isEqualTo(">= 7 a/s (10 % off)");
        });
    }

    @Test
    void theListOfClaimsCanBeRead() throws IOException {
        assertThat(Claim.read(Path.of("../docs/claims.csv")))
                .isNotEmpty()
                .extracting(Claim::name)
                .doesNotHaveDuplicates();
    }
}
