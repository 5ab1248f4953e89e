package dev.firn.cli.input;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The page for whoever writes a mapping. */
final class Guide {
    private static final Pattern BLOCK = Pattern.compile("(?s)```json\n(.*?)```");

    private Guide() {}

    /** The mappings on it. */
    static List<String> blocks() {
        try {
            // Maven runs tests in the module's folder.
            String page = Files.readString(Path.of("../../docs/mappings.md"));
            return BLOCK.matcher(page)
                    .results()
                    .map(MatchResult::group)
                    .map(Guide::inner)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String inner(String block) {
        return block.substring("```json\n".length(), block.length() - "```".length());
    }
}
