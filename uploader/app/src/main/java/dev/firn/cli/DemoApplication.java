package dev.firn.cli;

import dev.firn.cli.demo.ChatPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The demo's application as a process, which lives no longer than this one does. */
final class DemoApplication implements AutoCloseable {
    private static final long POLL_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final Process process;
    private final MappedByteBuffer accepted;
    private final Thread end;
    private volatile boolean killed;

    private DemoApplication(Process process, MappedByteBuffer accepted) {
        this.process = process;
        this.accepted = accepted;
        this.end = new Thread(process::destroyForcibly, "firn-demo-end");
        Runtime.getRuntime().addShutdownHook(end);
    }

    /**
     * What the application does.
     *
     * @param journal      the directory of its journal
     * @param acceptedFile outlives a kill: has the last sequence that was accepted
     * @param rate         steps a second, 0 for as fast as it can
     */
    record Task(Path journal, long seed, long events, Path acceptedFile, long rate) {
        long steps() {
            return ChatPlatform.steps(events);
        }
    }

    /** Starts it, and lets a thread of its own kill it when half of the steps are accepted. */
    static DemoApplication startToBeKilled(Task task) throws IOException {
        Files.write(task.acceptedFile, new byte[Long.BYTES]);
        // Should the kill come late, the application waits for it at three quarters.
        DemoApplication application = start(task, task.steps() * 3 / 4);
        Thread killer = new Thread(() -> application.killAt(task.steps() / 2), "firn-demo-kill");
        killer.setDaemon(true);
        killer.start();
        return application;
    }

    /** Starts it to run to its end. */
    static DemoApplication start(Task task) throws IOException {
        return start(task, -1);
    }

    private static DemoApplication start(Task task, long waitAt) throws IOException {
        try (FileChannel file = FileChannel.open(task.acceptedFile, StandardOpenOption.READ)) {
            MappedByteBuffer accepted = file.map(FileChannel.MapMode.READ_ONLY, 0, Long.BYTES);
            return new DemoApplication(launch(task, waitAt), accepted);
        }
    }

    private static Process launch(Task task, long waitAt) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(DemoEmitter.class.getName());
        command.addAll(List.of(
                task.journal.toString(),
                Long.toString(task.seed),
                Long.toString(task.events),
                task.acceptedFile.toString(),
                Long.toString(task.rate),
                Long.toString(waitAt),
                Long.toString(ProcessHandle.current().pid())));
        try {
            return new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the demo's application", e);
        }
    }

    /** The upload is too slow a loop to hit a small number of events in their middle. */
    private void killAt(long step) {
        while (process.isAlive()) {
            if (accepted() >= step) {
                killed = true;
                process.destroyForcibly();
                return;
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    long accepted() {
        return DemoEmitter.accepted(accepted);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it was killed as planned. */
    boolean isKilled() {
        return killed;
    }

    /** Waits for its end. */
    int exit() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException e) {
            // This process is ending, and the hook has nothing left to do.
        }
    }
}
