package dev.firn.cli.input;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The mappings that come with Firn, by name. */
public final class ReadyMappings {
    private static final List<String> NAMES =
            List.of("aci-bench", "azure-llm-inference", "genai-prices", "octokit-webhooks");

    private ReadyMappings() {}

    public static List<String> names() {
        return NAMES;
    }

    /** The text of a mapping; empty if there is none of that name. */
    public static Optional<String> find(String name) {
        if (!NAMES.contains(name)) {
            return Optional.empty();
        }
        try (InputStream in = ReadyMappings.class.getResourceAsStream(name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("the mapping is not in the jar: name=" + name);
            }
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read a mapping of the jar: name=" + name, e);
        }
    }
}
