package dev.firn.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Measures every figure again that {@code docs/claims.csv} lists, and says which still hold. */
public final class Claims {
    private static final Pattern SKIPPED = Pattern.compile("(?m)^(skipped: .*)$");

    private final Shell shell;
    private final Map<String, Shell.Result> results = new LinkedHashMap<>();

    Claims(Shell shell) {
        this.shell = shell;
    }

    /** What became of a claim. */
    enum Outcome {
        HOLDS,
        DOES_NOT_HOLD,
        SKIPPED,
        MANUAL
    }

    /**
     * One line of the result.
     *
     * @param measured what was found, or why nothing was
     */
    record Verdict(Claim claim, String measured, Outcome outcome) {}

    /**
     * Exit code 1 if a claim does not hold.
     *
     * @param args regular expressions, to measure only claims with a name in which one is found
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path root = Path.of("").toAbsolutePath();
        List<Pattern> wanted = Arrays.stream(args).map(Pattern::compile).toList();
        List<Claim> claims = Claim.read(root.resolve("docs/claims.csv")).stream()
                .filter(claim -> wanted.isEmpty()
                        || wanted.stream()
                                .anyMatch(name -> name.matcher(claim.name()).find()))
                .toList();
        try (TemporaryDirectory temporary = new TemporaryDirectory()) {
            List<Verdict> verdicts = new Claims(new Shell(root, temporary.path())).judge(claims);
            System.out.println(Machine.describe());
            System.out.println();
            System.out.print(table(verdicts));
            System.out.println();
            System.out.println(score(verdicts));
            if (claims.isEmpty() || count(verdicts, Outcome.DOES_NOT_HOLD) > 0) {
                System.exit(1);
            }
        }
    }

    List<Verdict> judge(List<Claim> claims) throws IOException, InterruptedException {
        for (Claim claim : claims) {
            if (!claim.isManual() && !results.containsKey(claim.command())) {
                results.put(claim.command(), shell.run(claim.command()));
            }
        }
        return claims.stream().map(this::judge).toList();
    }

    private Verdict judge(Claim claim) {
        Shell.Result result = results.get(claim.command());
        if (claim.isManual() || result == null) {
            return new Verdict(claim, "by hand", Outcome.MANUAL);
        }
        Matcher skipped = SKIPPED.matcher(result.output());
        if (skipped.find()) {
            return new Verdict(claim, skipped.group(1), Outcome.SKIPPED);
        }
        if (result.exitCode() != 0) {
            return new Verdict(claim, "command failed, exit code " + result.exitCode(), Outcome.DOES_NOT_HOLD);
        }
        Optional<String> measured = claim.find(result.output());
        if (measured.isEmpty()) {
            return new Verdict(claim, "not in the output", Outcome.DOES_NOT_HOLD);
        }
        return new Verdict(claim, measured.get(), claim.holds(measured.get()) ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD);
    }

    static String table(List<Verdict> verdicts) {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("claim", "stated", "measured", "verdict")));
        for (Verdict verdict : verdicts) {
            rows.add(List.of(
                    verdict.claim().name(),
                    verdict.claim().stated(),
                    verdict.measured(),
                    verdict.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
        }
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size() - 1; column++) {
                int at = column;
                int width = rows.stream()
                        .mapToInt(other -> other.get(at).length())
                        .max()
                        .orElse(0);
                table.append(row.get(column))
                        .append(" ".repeat(width - row.get(column).length() + 2));
            }
            table.append(row.get(row.size() - 1)).append('\n');
        }
        return table.toString();
    }

    /** Of the claims that were measured. */
    static String score(List<Verdict> verdicts) {
        long hold = count(verdicts, Outcome.HOLDS);
        long measured = hold + count(verdicts, Outcome.DOES_NOT_HOLD);
        return hold + " of " + measured + " hold, " + count(verdicts, Outcome.SKIPPED) + " skipped, "
                + count(verdicts, Outcome.MANUAL) + " to be measured by hand";
    }

    private static long count(List<Verdict> verdicts, Outcome outcome) {
        return verdicts.stream().filter(verdict -> verdict.outcome() == outcome).count();
    }
}
