package dev.firn.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An input as it was named on the command line.
 *
 * @param name a file, or {@code -} for standard input
 */
record InputFile(String name) {
    private static final String STANDARD_INPUT = "-";

    /**
     * Finds what cannot be read before anything is written.
     *
     * @param names none for standard input
     */
    static List<InputFile> all(List<String> names) {
        List<InputFile> files = (names.isEmpty() ? List.of(STANDARD_INPUT) : names)
                .stream().map(InputFile::new).toList();
        if (files.stream().filter(InputFile::isStandardInput).count() > 1) {
            throw new CommandFailure("standard input can be read once only: - stands twice");
        }
        for (InputFile file : files) {
            if (!file.isStandardInput()) {
                file.requireReadable();
            }
        }
        return files;
    }

    private void requireReadable() {
        Path path = Path.of(name);
        String problem = !Files.exists(path)
                ? "there is no such file"
                : Files.isDirectory(path) ? "it is a directory" : Files.isReadable(path) ? "" : "it may not be read";
        if (!problem.isEmpty()) {
            throw new CommandFailure("cannot read the input: file=" + name + ": " + problem);
        }
    }

    boolean isStandardInput() {
        return name.equals(STANDARD_INPUT);
    }

    /** Whether it can be read twice. */
    boolean isRegular() {
        return !isStandardInput() && Files.isRegularFile(Path.of(name));
    }

    InputStream open(Console console) throws IOException {
        return isStandardInput() ? new LeftOpen(console.in()) : Files.newInputStream(Path.of(name));
    }

    CommandFailure unreadable(IOException e) {
        return new CommandFailure(
                Causes.explain("cannot read the input, or keep a long record of it: file=" + name, e), e);
    }

    /** Standard input belongs to the process. */
    private static final class LeftOpen extends FilterInputStream {
        LeftOpen(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // Not ours to close.
        }
    }
}
