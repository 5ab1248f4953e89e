package dev.firn.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the command in a process of its own, which a test can kill. */
final class FirnProcess {
    private FirnProcess() {}

    static Process start(Path output, String... args) throws IOException {
        return command(args)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    /** The command line, its streams still to be directed. */
    static ProcessBuilder command(String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--") || argument.startsWith("-Djava.io.tmpdir"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Firn.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }
}
