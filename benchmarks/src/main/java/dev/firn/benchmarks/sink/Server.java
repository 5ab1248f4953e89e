package dev.firn.benchmarks.sink;

import dev.firn.benchmarks.sink.ServerProcess.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@link ServerProcess}, seen from here. */
final class Server implements AutoCloseable {
    private static final List<String> HEAP = List.of("-Xms1g", "-Xmx1g");
    private static final long END_WITHIN_SECONDS = 10;

    private final Process process;
    private final Writer in;
    private final BufferedReader out;
    private final Login login;
    private final int port;

    private Server(Process process, Login login) throws IOException {
        this.process = process;
        this.in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.login = login;
        this.port = Integer.parseInt(answer());
    }

    /**
     * What there is.
     *
     * @param distinct rows without their copies
     * @param rows     all rows
     * @param cpuNs    that the server took since it was started
     */
    record Count(long distinct, long rows, long cpuNs) {}

    /** @param directory for its files; must exist */
    static Server start(Path directory, Login login) throws IOException {
        List<String> arguments = List.of(directory.resolve("server").toString(), login.publicKey());
        return new Server(Jvm.of(ServerProcess.class, HEAP, arguments).start(), login);
    }

    /** What a process that connects needs in its arguments: see {@link Login#account}. */
    List<String> arguments() {
        return List.of(Integer.toString(port), login.keyFile().toString());
    }

    /** What Snowflake's library finds the object store by, and why it keeps quiet. */
    Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL", "http://127.0.0.1:" + port,
                "SS_LOG_LEVEL", "error",
                "SNOWFLAKE_DISABLE_MINICORE", "true");
    }

    Count count() throws IOException {
        String[] numbers = ask(Command.COUNT).split(" ");
        return new Count(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
    }

    void tell(Command command) throws IOException {
        ask(command);
    }

    private String ask(Command command) throws IOException {
        in.write(command + "\n");
        in.flush();
        return answer();
    }

    private String answer() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the server has ended");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        in.close();
        process.onExit()
                .completeOnTimeout(process, END_WITHIN_SECONDS, TimeUnit.SECONDS)
                .join();
        process.destroyForcibly();
    }
}
