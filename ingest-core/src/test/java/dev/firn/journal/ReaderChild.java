package dev.firn.journal;

import java.nio.file.Path;

/** A process that reads a journal and tells how that went. */
final class ReaderChild {
    private ReaderChild() {}

    public static void main(String[] arguments) {
        try {
            System.out.println("read " + Samples.readAll(Path.of(arguments[0])).size());
        } catch (IllegalStateException e) {
            System.out.println("refused " + e.getMessage());
        }
    }
}
