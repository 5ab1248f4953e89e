package dev.firn.journal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A process that keeps a journal open, as its writer or as a reader, and does what it is told, line by line: {@code append HOUR COUNT} answers
 * with the last sequence, {@code read} with the first and last of those that came and their number, {@code first} with the oldest.
 */
final class DialogueChild {
    private DialogueChild() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[1]);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (arguments[0].equals("writer")) {
            try (Journal journal = Journal.open(directory)) {
                for (String line = input.readLine(); line != null; line = input.readLine()) {
                    String[] words = line.split(" ");
                    Samples.appendAll(
                            journal,
                            Integer.parseInt(words[2]),
                            Samples.START_MICROS + Long.parseLong(words[1]) * Samples.HOUR_MICROS);
                    System.out.println(journal.sync());
                }
            }
        } else {
            try (JournalReader reader = JournalReader.open(directory)) {
                for (String line = input.readLine(); line != null; line = input.readLine()) {
                    System.out.println(line.equals("first") ? "" + reader.firstSequence() : read(reader));
                }
            }
        }
    }

    private static String read(JournalReader reader) {
        List<Long> read = Samples.readAll(reader);
        return read.isEmpty() ? "nothing" : read.get(0) + ".." + read.get(read.size() - 1) + " " + read.size();
    }
}
