package dev.firn.cli;

import dev.firn.event.CanonicalReader;
import dev.firn.journal.JournalReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands on streams in memory, in a data directory of their own. */
final class CliFixture {
    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();
    private byte[] input = new byte[0];
    private boolean interactive;
    private ByteArrayOutputStream out = new ByteArrayOutputStream();
    private ByteArrayOutputStream err = new ByteArrayOutputStream();

    /**
     * One record of the journal.
     *
     * @param lane      its lane
     * @param canonical its canonical form
     * @param eventId   its content ID
     */
    record Entry(String lane, String canonical, String eventId) {
        CanonicalReader fields() {
            byte[] bytes = canonical.getBytes(StandardCharsets.UTF_8);
            return new CanonicalReader().read(bytes, 0, bytes.length);
        }
    }

    CliFixture(Path directory) {
        this.directory = directory;
    }

    CliFixture input(String text) {
        return input(text.getBytes(StandardCharsets.UTF_8));
    }

    CliFixture input(byte[] bytes) {
        input = bytes;
        return this;
    }

    CliFixture interactive() {
        interactive = true;
        return this;
    }

    CliFixture environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Console console() {
        out = new ByteArrayOutputStream();
        err = new ByteArrayOutputStream();
        return new Console(
                new ByteArrayInputStream(input),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                interactive,
                100,
                environment);
    }

    /** Runs a command line with the fixture's directory. */
    int run(String... args) {
        environment.putIfAbsent("FIRN_DIR", data().toString());
        return Firn.run(console(), args);
    }

    Path data() {
        return directory.resolve("data");
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** What the command's own journal holds. */
    List<Entry> journal() {
        List<Entry> entries = new ArrayList<>();
        Path journal = new DataDirectory(data()).journal(DataDirectory.OWN_JOURNAL);
        if (!JournalReader.isJournal(journal)) {
            return entries;
        }
        try (JournalReader reader = JournalReader.open(journal)) {
            while (reader.poll(
                            found -> entries.add(new Entry(
                                    found.lane(),
                                    new String(found.canonical(), StandardCharsets.UTF_8),
                                    found.eventId())),
                            1_000)
                    > 0) {
                // Reads on.
            }
        }
        return entries;
    }
}
