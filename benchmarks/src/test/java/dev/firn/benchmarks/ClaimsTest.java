package dev.firn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimsTest {
    @TempDir
    private Path directory = Path.of("");

    private Claims claims = new Claims(new Shell(Path.of(""), Path.of("")));

    @BeforeEach
    void setUp() {
        claims = new Claims(new Shell(directory, directory.resolve("tmp"), directory.resolve("shared")));
    }

    private static Claim claim(String command, String pattern, String value) {
        return new Claim(
                command,
                command,
                Pattern.compile(pattern, Pattern.MULTILINE),
                value,
                "",
                Claim.Direction.EQUAL,
                BigDecimal.ZERO,
                "",
                "");
    }

    private List<Claims.Outcome> judge(Claim... listed) throws Exception {
        return claims.judge(Arrays.asList(listed)).stream()
                .map(Claims.Verdict::outcome)
                .toList();
    }

    @Test
    void eachCommandRunsOnceForAllOfItsFigures() throws Exception {
        String command = "echo run >> ran; echo 1 2 3";

        assertThat(judge(claim(command, "^(1)", "1"), claim(command, " (2)", "2"), claim(command, "(3)$", "4")))
                .containsExactly(Claims.Outcome.HOLDS, Claims.Outcome.HOLDS, Claims.Outcome.DOES_NOT_HOLD);
        assertThat(directory.resolve("ran")).hasContent("run");
    }

    @Test
    void aFailureAndAMissingFigureDoNotHold() throws Exception {
        assertThat(judge(
                        claim("echo 1; exit 3", "(1)", "1"),
                        claim("false | echo 1", "(1)", "1"),
                        claim("echo", "(1)", "1")))
                .containsOnly(Claims.Outcome.DOES_NOT_HOLD);
    }

    @Test
    void whatCannotBeMeasuredHereIsSkippedAndDoesNotCount() throws Exception {
        List<Claims.Verdict> verdicts = claims.judge(List.of(
                claim("cat \"$FIRN_SHARED/data/a.csv\"", "(1)", "1"),
                claim("echo 'skipped: no network'", "(1)", "1"),
                claim("manual", "", "1"),
                claim("echo 1", "(1)", "1")));

        assertThat(verdicts)
                .extracting(Claims.Verdict::outcome)
                .containsExactly(
                        Claims.Outcome.SKIPPED, Claims.Outcome.SKIPPED, Claims.Outcome.MANUAL, Claims.Outcome.HOLDS);
        assertThat(verdicts.get(0).measured()).isEqualTo("skipped: there is no $FIRN_SHARED/data/a.csv");
        assertThat(Claims.score(verdicts)).isEqualTo("1 of 1 hold, 2 skipped, 1 to be measured by hand");
    }

    @Test
    void realDataAndATemporaryDirectoryAreGiven() throws Exception {
        Files.createDirectories(directory.resolve("shared/data"));
        Files.writeString(directory.resolve("shared/data/a.csv"), "41\n");

        assertThat(judge(
                        claim("cat \"$FIRN_SHARED/data/a.csv\"", "(41)", "41"),
                        claim(
                                "echo \"$TMP\"",
                                "^(.*)$",
                                directory.resolve("tmp").toString())))
                .containsOnly(Claims.Outcome.HOLDS);
    }
}
