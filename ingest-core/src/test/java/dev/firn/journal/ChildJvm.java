package dev.firn.journal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM with this one's class path, for what only another process can show. */
public final class ChildJvm implements AutoCloseable {
    private static final long WAIT_SECONDS = 30;

    private final Process process;
    private final Path errors;
    private final BufferedReader output;

    private ChildJvm(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The flags of this JVM that open modules. */
    public static List<String> moduleFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--"))
                .toList();
    }

    public static ChildJvm start(Class<?> main, Object... arguments) throws IOException {
        return start(moduleFlags(), main, arguments);
    }

    public static ChildJvm start(List<String> flags, Class<?> main, Object... arguments) throws IOException {
        return start(List.of(), Path.of(System.getProperty("java.home")), flags, main, arguments);
    }

    /**
     * Starts it by another command, of another JDK.
     *
     * @param wrapper the command that runs the rest of its arguments; may be empty
     */
    public static ChildJvm start(
            List<String> wrapper, Path javaHome, List<String> flags, Class<?> main, Object... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(javaHome.resolve("bin").resolve("java").toString());
        command.addAll(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.logFile=System.err"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path errors = Files.createTempFile("child", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return new ChildJvm(builder.start(), errors);
    }

    /** Says a line to its standard input. */
    public void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** The next line it prints. */
    public String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new AssertionError(
                    "child has ended: exit=" + process.onExit().join().exitValue() + " errors=" + errors());
        }
        return line;
    }

    /** All that it has printed and will print. */
    public List<String> remainingLines() {
        return output.lines().toList();
    }

    /** What it has written to its standard error. */
    public String errors() throws IOException {
        return Files.readString(errors);
    }

    /** Waits until it ends by itself, and returns its exit code. */
    public int awaitExit() throws InterruptedException {
        awaitEnd();
        return process.exitValue();
    }

    /** SIGKILL: nothing of the child runs any more, no hook, no finally. */
    public void kill() throws InterruptedException {
        // Through the handle: the process itself would also throw away what the child has printed.
        process.toHandle().destroyForcibly();
        awaitEnd();
    }

    /** Ends its standard input, which the children here take as the sign to end, and returns its exit code. */
    public int end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        return awaitExit();
    }

    private void awaitEnd() throws InterruptedException {
        if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("child does not end");
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(errors);
    }
}
