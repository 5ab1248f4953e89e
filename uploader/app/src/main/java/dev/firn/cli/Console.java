package dev.firn.cli;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command talks to: results go to {@code out}; progress, logs and problems to {@code err}.
 *
 * @param in          standard input
 * @param out         standard output, UTF-8
 * @param err         standard error, UTF-8
 * @param interactive whether {@code err} is a terminal, so that a line may be rewritten
 * @param width       columns of the terminal, at least 40
 * @param environment the environment variables
 */
record Console(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean interactive,
        int width,
        Map<String, String> environment) {
    private static final int DEFAULT_WIDTH = 100;
    private static final int LEAST_WIDTH = 40;

    static Console system() {
        Map<String, String> environment = System.getenv();
        return new Console(
                System.in,
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                "1".equals(environment.get("FIRN_TERMINAL")),
                width(environment.get("COLUMNS")),
                environment);
    }

    /** Asks a person; only y and yes are a yes. */
    boolean confirmed(String question) {
        err.print(question + " [y/N] ");
        err.flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
            return answer != null && (answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes"));
        } catch (IOException e) {
            throw new CommandFailure(Causes.explain("cannot read the answer", e), e);
        }
    }

    private static int width(@Nullable String columns) {
        if (columns == null || !columns.matches("[0-9]{1,4}")) {
            return DEFAULT_WIDTH;
        }
        return Math.max(LEAST_WIDTH, Integer.parseInt(columns));
    }
}
