package dev.firn.journal;

import java.io.IOException;
import java.nio.file.Path;

/** A process that opens a journal, tells how that went, and holds it until its standard input ends. */
final class JournalChild {
    private JournalChild() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        try (Journal journal = Journal.open(directory)) {
            Samples.append(journal, Samples.START_MICROS);
            journal.sync();
            System.out.println("open " + journal.lastSequence() + " "
                    + Samples.readAll(directory).size());
            while (System.in.read() >= 0) {
                // Until its end.
            }
        } catch (JournalLockedException e) {
            System.out.println("locked " + e.owner());
        } catch (IllegalStateException e) {
            System.out.println("refused " + e.getMessage());
        }
    }
}
