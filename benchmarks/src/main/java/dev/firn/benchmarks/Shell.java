package dev.firn.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs commands of claims, with TMP for what they write and FIRN_SHARED for the real data that they read. */
final class Shell {
    private static final Pattern DATA_FILE = Pattern.compile("\\$FIRN_SHARED(/[A-Za-z0-9._/-]+)");
    private static final int SHOWN_LINES_OF_FAILURE = 20;

    private final Path root;
    private final Path temporary;
    private final Path shared;

    /** What a command printed, on both streams together. */
    record Result(int exitCode, String output) {}

    /**
     * @param root      where commands run
     * @param temporary what TMP is
     */
    Shell(Path root, Path temporary) {
        this(
                root,
                temporary,
                root.resolve(System.getenv().getOrDefault("FIRN_SHARED", "../shared"))
                        .normalize());
    }

    Shell(Path root, Path temporary, Path shared) {
        this.root = root;
        this.temporary = temporary;
        this.shared = shared;
    }

    Result run(String command) throws IOException, InterruptedException {
        Matcher data = DATA_FILE.matcher(command);
        while (data.find()) {
            if (!Files.exists(Path.of(shared + data.group(1)))) {
                return new Result(0, "skipped: there is no $FIRN_SHARED" + data.group(1) + "\n");
            }
        }
        System.err.println("$ " + command);
        ProcessBuilder bash = new ProcessBuilder("bash", "-o", "pipefail", "-c", command)
                .directory(root.toFile())
                .redirectErrorStream(true);
        bash.environment().putAll(Map.of("TMP", temporary.toString(), "FIRN_SHARED", shared.toString()));
        Process process = bash.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        if (exitCode != 0) {
            List<String> lines = output.lines().toList();
            lines.subList(Math.max(0, lines.size() - SHOWN_LINES_OF_FAILURE), lines.size())
                    .forEach(System.err::println);
        }
        return new Result(exitCode, output);
    }
}
